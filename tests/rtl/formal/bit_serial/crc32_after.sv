// SPDX-License-Identifier: Apache-2.0
// The remainder of a frame that ends with its FCS is the same for all frames: that of the complement which the FCS is
// (IEEE 802.3 clause 3.2.9), 32 ones divided. Zero bytes follow it.
module crc32_after #(
    parameter bit Wrong = 0
) (
    input  logic        clk_i,
    input  logic        rst_ni,
    input  logic [2:0]  zero_bytes_i,
    output logic [31:0] residue_o
);

  localparam logic [31:0] Taps = 32'b0000_0100_1100_0001_0001_1101_1011_0111;

  logic [31:0] remainder;
  logic quotient;

  always_comb begin
    remainder = 32'd0;
    quotient = 1'b0;
    for (int i = 0; i < 32 + 56; i = i + 1) begin
      if (i < 32 || i - 32 < 8 * zero_bytes_i + (Wrong ? 1 : 0)) begin
        quotient = remainder[0] ^ (i < 32);
        remainder = {1'b0, remainder[31:1]};
        for (int power = 0; power < 32; power = power + 1)
          if (Taps[power]) remainder[31-power] = remainder[31-power] ^ quotient;
      end
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) residue_o <= 32'd0;
    else residue_o <= remainder;
  end

endmodule
