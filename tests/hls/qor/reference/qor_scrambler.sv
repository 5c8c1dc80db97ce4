// SPDX-License-Identifier: Apache-2.0
// scrambler.hpp by hand: each scrambled bit from the payload's and the bits 39 and 58 before it.
module qor_scrambler #(
    parameter int unsigned ScrambledDepth = 2
) (
    input  logic        clk_i,
    input  logic        rst_ni,
    input  logic [65:0] s_plain_data_i,
    input  logic        s_plain_valid_i,
    output logic        s_plain_ready_o,
    output logic [65:0] m_scrambled_data_o,
    output logic        m_scrambled_valid_o,
    input  logic        m_scrambled_ready_i
);

  logic room;
  logic [63:0] plain;
  logic [57:0] history_q;  // the last scrambled bits, the latest in bit 57
  logic [38:0] early;  // the scrambled bits that depend on these alone
  logic [24:0] late;

  assign plain = s_plain_data_i[65:2];
  assign s_plain_ready_o = s_plain_valid_i && room;

  assign early = plain[38:0] ^ history_q[57:19] ^ history_q[38:0];
  assign late = plain[63:39] ^ early[24:0] ^ {early[5:0], history_q[57:39]};

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) history_q <= '1;
    else if (s_plain_ready_o) history_q <= {late, early[38:6]};
  end

  stream_fifo #(
      .Width(66),
      .Depth(ScrambledDepth)
  ) u_scrambled (
      .clk_i,
      .rst_ni,
      .s_valid_i(s_plain_valid_i),
      .s_ready_o(room),
      .s_data_i({late, early, s_plain_data_i[1:0]}),
      .m_valid_o(m_scrambled_valid_o),
      .m_ready_i(m_scrambled_ready_i),
      .m_data_o(m_scrambled_data_o)
  );

endmodule
