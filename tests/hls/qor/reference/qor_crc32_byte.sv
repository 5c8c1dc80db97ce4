// SPDX-License-Identifier: Apache-2.0
// crc32_byte.hpp by hand: the shift register of the text books, eight steps at once.
module qor_crc32_byte #(
    parameter int unsigned FcsDepth = 2
) (
    input  logic        clk_i,
    input  logic        rst_ni,
    input  logic [9:0]  s_data_data_i,
    input  logic        s_data_valid_i,
    output logic        s_data_ready_o,
    output logic [31:0] m_fcs_data_o,
    output logic        m_fcs_valid_o,
    input  logic        m_fcs_ready_i
);

  logic last;
  logic room;
  logic [31:0] crc_q;
  logic [31:0] crc_d;

  assign last = s_data_data_i[9];
  assign s_data_ready_o = s_data_valid_i && (room || !last);

  always_comb begin
    crc_d = crc_q ^ {24'd0, s_data_data_i[7:0]};
    for (int i = 0; i < 8; i = i + 1) crc_d = {1'b0, crc_d[31:1]} ^ (crc_d[0] ? 32'hEDB88320 : 32'd0);
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) crc_q <= '1;
    else if (s_data_ready_o) crc_q <= last ? '1 : crc_d;
  end

  stream_fifo #(
      .Width(32),
      .Depth(FcsDepth)
  ) u_fcs (
      .clk_i,
      .rst_ni,
      .s_valid_i(s_data_valid_i && last),
      .s_ready_o(room),
      .s_data_i(~crc_d),
      .m_valid_o(m_fcs_valid_o),
      .m_ready_i(m_fcs_ready_i),
      .m_data_o(m_fcs_data_o)
  );

endmodule
