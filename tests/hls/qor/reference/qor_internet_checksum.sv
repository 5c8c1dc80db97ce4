// SPDX-License-Identifier: Apache-2.0
// internet_checksum.hpp by hand. The words of a beat are added one after the other, and the carry out of each addition
// is the carry into the next; the last carry is brought round by the only increment. What is kept is the complement, as
// the field wants it, so nothing is inverted on the way out.
module qor_internet_checksum #(
    parameter int unsigned ChecksumDepth = 2
) (
    input  logic        clk_i,
    input  logic        rst_ni,
    input  logic [72:0] s_data_data_i,
    input  logic        s_data_valid_i,
    output logic        s_data_ready_o,
    output logic [15:0] m_checksum_data_o,
    output logic        m_checksum_valid_o,
    input  logic        m_checksum_ready_i
);

  logic [63:0] data;
  logic [7:0] keep;
  logic last;
  logic room;
  logic first_q;  // the next beat begins a frame
  logic [15:0] sum_nq;  // complement of the frame's sum so far

  logic [15:0] word_0, word_1, word_2, word_3, word_4;
  logic [16:0] sum_1, sum_2, sum_3, sum_4;  // {carry out, sum}
  logic [15:0] sum_nd;

  function automatic logic [15:0] masked(input logic [15:0] bytes, input logic [1:0] kept);
    masked = {bytes[7:0] & {8{kept[0]}}, bytes[15:8] & {8{kept[1]}}};
  endfunction

  // The carry comes in below the least significant bit.
  function automatic logic [16:0] added(input logic [16:0] sum, input logic [15:0] word);
    logic [17:0] wide;
    wide = {1'b0, sum[15:0], sum[16]} + {1'b0, word, sum[16]};
    added = wide[17:1];
  endfunction

  assign {last, keep, data} = s_data_data_i;
  assign s_data_ready_o = s_data_valid_i && (room || !last);

  assign word_0 = masked(data[15:0], {keep[1], 1'b1});
  assign word_1 = masked(data[31:16], keep[3:2]);
  assign word_2 = masked(data[47:32], keep[5:4]);
  assign word_3 = masked(data[63:48], keep[7:6]);
  assign word_4 = ~sum_nq & {16{!first_q}};

  assign sum_1 = {1'b0, word_0} + {1'b0, word_1};
  assign sum_2 = added(sum_1, word_2);
  assign sum_3 = added(sum_2, word_3);
  assign sum_4 = added(sum_3, word_4);
  assign sum_nd = ~sum_4[15:0] - 16'(sum_4[16]);

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) first_q <= 1'b1;
    else if (s_data_ready_o) first_q <= last;
  end

  always_ff @(posedge clk_i) begin
    if (s_data_ready_o) sum_nq <= sum_nd;
  end

  stream_fifo #(
      .Width(16),
      .Depth(ChecksumDepth)
  ) u_checksum (
      .clk_i,
      .rst_ni,
      .s_valid_i(s_data_valid_i && last),
      .s_ready_o(room),
      .s_data_i(sum_nd),
      .m_valid_o(m_checksum_valid_o),
      .m_ready_i(m_checksum_ready_i),
      .m_data_o(m_checksum_data_o)
  );

endmodule
