// SPDX-License-Identifier: Apache-2.0
// Stands inside checksum_insert<1> and says what a frame's folded sum must be when its last part has been added: folded
// again it is the one's complement sum (RFC 1071) of what was summed before and that part. One addition is made of
// sums of 16 bits whose carries go around, a bit at a time.
module checksum_insert_sum #(
    parameter bit Wrong = 0
) (
    input logic        clk_i,
    input logic        rst_ni,
    input logic        last_i,
    input logic [25:0] sum_i,
    input logic [17:0] part_i,
    input logic [16:0] folded_i
);

  function automatic logic [15:0] ones_sum(input logic [15:0] a, input logic [15:0] b);
    logic carry;
    logic [15:0] sum;
    carry = 1'b0;
    for (int i = 0; i < 16; i = i + 1) begin
      sum[i] = a[i] ^ b[i] ^ carry;
      carry = (a[i] & b[i]) | (a[i] & carry) | (b[i] & carry);
    end
    for (int i = 0; i < 16; i = i + 1) begin
      ones_sum[i] = sum[i] ^ carry;
      carry = sum[i] & carry;
    end
  endfunction

  logic [15:0] expected_q;
  logic last_q;
  logic ran_q = 1'b0;

  always_ff @(posedge clk_i) begin
    ran_q <= rst_ni;
    // A frame has so few words that the sum never fills its 26 bits.
    last_q <= last_i && (!sum_i[25] || Wrong);
    expected_q <= ones_sum(ones_sum(sum_i[15:0], {6'd0, sum_i[25:16]}), ones_sum(part_i[15:0], {14'd0, part_i[17:16]}));
  end

  always_comb
    if (ran_q && rst_ni && last_q) assert (ones_sum(folded_i[15:0], {15'd0, folded_i[16]}) == expected_q);

endmodule
