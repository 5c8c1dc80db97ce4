// SPDX-License-Identifier: Apache-2.0
// The words of a beat, the first byte of each its high half, added up by a serial adder that keeps its carries.
module word_sum #(
    parameter bit Wrong = 0
) (
    input  logic        clk_i,
    input  logic        rst_ni,
    input  logic [63:0] data_i,
    input  logic [7:0]  keep_i,
    output logic [17:0] sum_o
);

  logic [17:0] sum;
  logic [15:0] word;
  logic carry;
  logic propagate;

  always_comb begin
    sum = 18'd0;
    for (int i = 0; i < 4; i = i + 1) begin
      word[15:8] = keep_i[2*i] ? data_i[16*i+:8] : 8'd0;
      word[7:0] = keep_i[2*i+1] ? data_i[16*i+8+:8] : 8'd0;
      carry = 1'b0;
      for (int bit_number = 0; bit_number < 18; bit_number = bit_number + 1) begin
        propagate = sum[bit_number] ^ ((bit_number < 16) & word[bit_number%16]);
        sum[bit_number] = propagate ^ carry;
        carry = propagate ? carry : ((bit_number < 16) & word[bit_number%16]) & !(Wrong & (bit_number == 15));
      end
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) sum_o <= 18'd0;
    else sum_o <= sum;
  end

endmodule
