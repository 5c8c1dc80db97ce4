// SPDX-License-Identifier: Apache-2.0
// The register before seven zero bytes (IEEE 802.3 clause 3.2.9), a bit at a time: what was divided is multiplied again.
// Bit 0 of the register is x^31; the bit that left it was one if the lowest power, x^0, has been added to.
module crc32_back #(
    parameter bit Wrong = 0
) (
    input  logic        clk_i,
    input  logic        rst_ni,
    input  logic [31:0] crc_i,
    output logic [31:0] earlier_o
);

  localparam logic [31:0] Taps = 32'b0000_0100_1100_0001_0001_1101_1011_0111;

  logic [31:0] register;
  logic quotient;

  always_comb begin
    register = crc_i;
    for (int i = 0; i < (Wrong ? 55 : 56); i = i + 1) begin
      quotient = register[31];
      for (int power = 0; power < 32; power = power + 1)
        if (Taps[power]) register[31-power] = register[31-power] ^ quotient;
      register = {register[30:0], quotient};
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) earlier_o <= 32'd0;
    else earlier_o <= register;
  end

endmodule
