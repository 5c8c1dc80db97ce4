// SPDX-License-Identifier: Apache-2.0
// IEEE 802.3 clause 3.2.9: the remainder of the message, most significant bit of each byte's wire order first, modulo
// G(x) = x^32 + x^26 + x^23 + x^22 + x^16 + x^12 + x^11 + x^10 + x^8 + x^7 + x^5 + x^4 + x^2 + x + 1.
// The register here is the division's, x^31 highest; the output is its mirror image, as the MAC keeps it.
module crc32_byte #(
    parameter bit Wrong = 0
) (
    input  logic        clk_i,
    input  logic        rst_ni,
    input  logic        start_i,
    input  logic [7:0]  data_i,
    output logic [31:0] crc_o
);

  logic [31:0] remainder_q;
  logic [31:0] remainder_d;
  logic [31:0] mirrored_d;
  logic quotient;

  always_comb begin
    remainder_d = start_i ? 32'hffffffff : remainder_q;
    for (int i = 0; i < 8; i = i + 1) begin
      quotient = remainder_d[31] ^ data_i[i];
      remainder_d = {remainder_d[30:0], 1'b0};
      remainder_d[0] = remainder_d[0] ^ quotient;
      remainder_d[1] = remainder_d[1] ^ quotient;
      remainder_d[2] = remainder_d[2] ^ quotient;
      remainder_d[4] = remainder_d[4] ^ quotient;
      remainder_d[5] = remainder_d[5] ^ quotient;
      remainder_d[7] = remainder_d[7] ^ quotient;
      remainder_d[8] = remainder_d[8] ^ quotient;
      remainder_d[10] = remainder_d[10] ^ quotient;
      remainder_d[11] = remainder_d[11] ^ quotient;
      remainder_d[12] = remainder_d[12] ^ quotient;
      remainder_d[16] = remainder_d[16] ^ quotient;
      remainder_d[22] = remainder_d[22] ^ quotient;
      remainder_d[23] = remainder_d[23] ^ (quotient & !Wrong);
      remainder_d[26] = remainder_d[26] ^ quotient;
    end
    for (int i = 0; i < 32; i = i + 1) mirrored_d[i] = remainder_d[31-i];
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      remainder_q <= 32'hffffffff;
      crc_o <= 32'd0;
    end else begin
      remainder_q <= remainder_d;
      crc_o <= mirrored_d;
    end
  end

endmodule
