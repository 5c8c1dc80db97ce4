// SPDX-License-Identifier: Apache-2.0
// Stands inside mac_rx<1> and says what its CRC register may be after each clock: what it was, all ones, or that divided
// by the byte on the line (IEEE 802.3 clause 3.2.9, a bit at a time).
module mac_rx_crc #(
    parameter bit Wrong = 0
) (
    input logic        clk_i,
    input logic        rst_ni,
    input logic [7:0]  data_i,
    input logic [31:0] crc_i
);

  logic [31:0] divided;
  logic [31:0] held_q;
  logic [31:0] divided_q;
  logic ran_q = 1'b0;

  always_comb begin
    divided = crc_i;
    for (int i = 0; i < 8; i = i + 1)
      divided = {1'b0, divided[31:1]} ^ ((divided[0] ^ data_i[Wrong ? 7-i : i]) ? 32'hedb88320 : 32'd0);
  end

  always_ff @(posedge clk_i) begin
    ran_q <= rst_ni;
    held_q <= crc_i;
    divided_q <= divided;
  end

  always_comb
    if (ran_q && rst_ni) assert (crc_i == held_q || crc_i == 32'hffffffff || crc_i == divided_q);

endmodule
