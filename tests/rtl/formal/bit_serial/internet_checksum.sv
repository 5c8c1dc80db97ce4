// SPDX-License-Identifier: Apache-2.0
// RFC 1071: the 16-bit one's complement of the one's complement sum of the words, the first byte of a word its high half.
// Each one's complement sum is taken bit by bit, and its carry goes around.
module internet_checksum #(
    parameter bit Wrong = 0
) (
    input  logic        clk_i,
    input  logic        rst_ni,
    input  logic [24:0] sum_i,
    input  logic [7:0]  data_i,
    input  logic        odd_i,
    output logic [15:0] checksum_o
);

  function automatic logic [15:0] ones_sum(input logic [15:0] a, input logic [15:0] b);
    logic carry;
    logic [15:0] sum;
    carry = 1'b0;
    for (int i = 0; i < 16; i = i + 1) begin
      sum[i] = a[i] ^ b[i] ^ carry;
      carry = (a[i] & b[i]) | (a[i] & carry) | (b[i] & carry);
    end
    if (Wrong) carry = 1'b0;
    for (int i = 0; i < 16; i = i + 1) begin
      ones_sum[i] = sum[i] ^ carry;
      carry = sum[i] & carry;
    end
  endfunction

  logic [15:0] carried;
  logic [15:0] word;

  assign carried = ones_sum(sum_i[15:0], {7'd0, sum_i[24:16]});
  assign word = odd_i ? {8'd0, data_i} : {data_i, 8'd0};

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) checksum_o <= 16'd0;
    else checksum_o <= ~ones_sum(carried, word);
  end

endmodule
