// SPDX-License-Identifier: Apache-2.0
// IEEE 802.3 clause 3.2.9 for 64 bits: a linear feedback shift register, a bit at a time, as it stands in the MAC: bit 0
// of the register is x^31 of the remainder and meets the next bit on the wire.
module crc32_beat8 #(
    parameter bit Wrong = 0
) (
    input  logic        clk_i,
    input  logic        rst_ni,
    input  logic [31:0] crc_i,
    input  logic [63:0] data_i,
    output logic [31:0] next_o
);

  // Where the quotient's bit goes, by power of x: 26 23 22 16 12 11 10 8 7 5 4 2 1 0.
  localparam logic [31:0] Taps = 32'b0000_0100_1100_0001_0001_1101_1011_0111;

  logic [31:0] remainder;
  logic quotient;

  always_comb begin
    remainder = crc_i;
    for (int i = 0; i < 64; i = i + 1) begin
      quotient = remainder[0] ^ data_i[i];
      remainder = {1'b0, remainder[31:1]};
      for (int power = 0; power < 32; power = power + 1)
        if (Taps[power] && !(Wrong && power == 16)) remainder[31-power] = remainder[31-power] ^ quotient;
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) next_o <= 32'd0;
    else next_o <= remainder;
  end

endmodule
