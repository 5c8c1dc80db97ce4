// SPDX-License-Identifier: Apache-2.0
// crc32_byte.hpp by hand: one XOR network with a row for each bit of the register. The register holds the complement, as
// the field wants it, so a frame begins with zeros.
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
  logic [31:0] fcs_q;
  logic [31:0] fcs_d;
  logic [31:0] crc;
  logic [7:0] x;

  assign last = s_data_data_i[9];
  assign s_data_ready_o = s_data_valid_i && (room || !last);

  assign crc = ~fcs_q;
  assign x = s_data_data_i[7:0] ^ crc[7:0];

  always_comb begin
    logic [31:0] d;
    d = {8'd0, crc[31:8]};
    d[0] = d[0] ^ x[2];
    d[1] = d[1] ^ x[0] ^ x[3];
    d[2] = d[2] ^ x[0] ^ x[1] ^ x[4];
    d[3] = d[3] ^ x[1] ^ x[2] ^ x[5];
    d[4] = d[4] ^ x[0] ^ x[2] ^ x[3] ^ x[6];
    d[5] = d[5] ^ x[1] ^ x[3] ^ x[4] ^ x[7];
    d[6] = d[6] ^ x[4] ^ x[5];
    d[7] = d[7] ^ x[0] ^ x[5] ^ x[6];
    d[8] = d[8] ^ x[1] ^ x[6] ^ x[7];
    d[9] = d[9] ^ x[7];
    d[10] = d[10] ^ x[2];
    d[11] = d[11] ^ x[3];
    d[12] = d[12] ^ x[0] ^ x[4];
    d[13] = d[13] ^ x[0] ^ x[1] ^ x[5];
    d[14] = d[14] ^ x[1] ^ x[2] ^ x[6];
    d[15] = d[15] ^ x[2] ^ x[3] ^ x[7];
    d[16] = d[16] ^ x[0] ^ x[2] ^ x[3] ^ x[4];
    d[17] = d[17] ^ x[0] ^ x[1] ^ x[3] ^ x[4] ^ x[5];
    d[18] = d[18] ^ x[0] ^ x[1] ^ x[2] ^ x[4] ^ x[5] ^ x[6];
    d[19] = d[19] ^ x[1] ^ x[2] ^ x[3] ^ x[5] ^ x[6] ^ x[7];
    d[20] = d[20] ^ x[3] ^ x[4] ^ x[6] ^ x[7];
    d[21] = d[21] ^ x[2] ^ x[4] ^ x[5] ^ x[7];
    d[22] = d[22] ^ x[2] ^ x[3] ^ x[5] ^ x[6];
    d[23] = d[23] ^ x[3] ^ x[4] ^ x[6] ^ x[7];
    d[24] = x[0] ^ x[2] ^ x[4] ^ x[5] ^ x[7];
    d[25] = x[0] ^ x[1] ^ x[2] ^ x[3] ^ x[5] ^ x[6];
    d[26] = x[0] ^ x[1] ^ x[2] ^ x[3] ^ x[4] ^ x[6] ^ x[7];
    d[27] = x[1] ^ x[3] ^ x[4] ^ x[5] ^ x[7];
    d[28] = x[0] ^ x[4] ^ x[5] ^ x[6];
    d[29] = x[0] ^ x[1] ^ x[5] ^ x[6] ^ x[7];
    d[30] = x[0] ^ x[1] ^ x[6] ^ x[7];
    d[31] = x[1] ^ x[7];
    fcs_d = ~d;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) fcs_q <= '0;
    else if (s_data_ready_o) fcs_q <= last ? '0 : fcs_d;
  end

  stream_fifo #(
      .Width(32),
      .Depth(FcsDepth)
  ) u_fcs (
      .clk_i,
      .rst_ni,
      .s_valid_i(s_data_valid_i && last),
      .s_ready_o(room),
      .s_data_i(fcs_d),
      .m_valid_o(m_fcs_valid_o),
      .m_ready_i(m_fcs_ready_i),
      .m_data_o(m_fcs_data_o)
  );

endmodule
