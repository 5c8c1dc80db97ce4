// SPDX-License-Identifier: Apache-2.0
// A serial adder, subtractor and comparator; a word that moves by one place at a time.
module word_questions #(
    parameter bit Wrong = 0
) (
    input  logic        clk_i,
    input  logic        rst_ni,
    input  logic [23:0] a_i,
    input  logic [23:0] b_i,
    output logic [24:0] sum_o,
    output logic [23:0] difference_o,
    output logic        below_o,
    output logic        signed_below_o,
    output logic [23:0] rotated_o,
    output logic [23:0] shifted_o
);

  logic [24:0] sum;
  logic [23:0] difference;
  logic [23:0] rotated;
  logic [23:0] shifted;
  logic carry;
  logic borrow;
  logic below;

  always_comb begin
    carry = 1'b0;
    borrow = 1'b0;
    below = 1'b0;
    rotated = a_i;
    shifted = a_i;
    for (int i = 0; i < 24; i = i + 1) begin
      sum[i] = a_i[i] ^ b_i[i] ^ carry;
      carry = (a_i[i] & b_i[i]) | (carry & (a_i[i] ^ b_i[i]));
      difference[i] = a_i[i] ^ b_i[i] ^ borrow;
      borrow = (!a_i[i] & b_i[i]) | (borrow & !(a_i[i] ^ b_i[i]));
      if (a_i[i] != b_i[i]) below = b_i[i];  // the highest difference decides
    end
    sum[24] = carry;
    for (int i = 0; i < 31; i = i + 1) begin
      if (i < b_i[4:0]) shifted = {Wrong ? 1'b0 : shifted[23], shifted[23:1]};
      if (i < b_i[4:0] && b_i[4:0] < 24) rotated = {rotated[22:0], rotated[23]};
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      sum_o <= 25'd0;
      difference_o <= 24'd0;
      below_o <= 1'b0;
      signed_below_o <= 1'b0;
      rotated_o <= 24'd0;
      shifted_o <= 24'd0;
    end else begin
      sum_o <= sum;
      difference_o <= difference;
      below_o <= below;
      signed_below_o <= (a_i[23] != b_i[23]) ? a_i[23] : below;
      rotated_o <= rotated;
      shifted_o <= shifted;
    end
  end

endmodule
