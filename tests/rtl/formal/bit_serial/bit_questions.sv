// SPDX-License-Identifier: Apache-2.0
// Gray code and counts, one bit after the other.
module bit_questions #(
    parameter bit Wrong = 0
) (
    input  logic        clk_i,
    input  logic        rst_ni,
    input  logic [15:0] word_i,
    output logic [15:0] gray_o,
    output logic [15:0] binary_o,
    output logic        parity_o,
    output logic [4:0]  ones_o,
    output logic [4:0]  leading_zeros_o,
    output logic [4:0]  trailing_zeros_o,
    output logic [15:0] reversed_o
);

  logic [15:0] gray;
  logic [15:0] binary;
  logic parity;
  logic [4:0] ones;
  logic [4:0] leading;
  logic [4:0] trailing;
  logic [15:0] reversed;
  logic seen;

  always_comb begin
    parity = 1'b0;
    ones = 5'd0;
    trailing = 5'd0;
    seen = 1'b0;
    for (int i = 0; i < 16; i = i + 1) begin
      gray[i] = word_i[i] ^ ((i == 15) ? 1'b0 : word_i[(i+1)%16]);
      parity = parity ^ word_i[i];
      if (word_i[i]) ones = ones + 5'd1;
      seen = seen | word_i[i];
      if (!seen) trailing = trailing + 5'd1;
      reversed[15-i] = word_i[i];
    end
    leading = 5'd0;
    seen = Wrong;
    for (int i = 15; i >= 0; i = i - 1) begin
      binary[i] = word_i[i] ^ ((i == 15) ? 1'b0 : binary[(i+1)%16]);
      seen = seen | word_i[i];
      if (!seen) leading = leading + 5'd1;
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      gray_o <= 16'd0;
      binary_o <= 16'd0;
      parity_o <= 1'b0;
      ones_o <= 5'd0;
      leading_zeros_o <= 5'd0;
      trailing_zeros_o <= 5'd0;
      reversed_o <= 16'd0;
    end else begin
      gray_o <= gray;
      binary_o <= binary;
      parity_o <= parity;
      ones_o <= ones;
      leading_zeros_o <= leading;
      trailing_zeros_o <= trailing;
      reversed_o <= reversed;
    end
  end

endmodule
