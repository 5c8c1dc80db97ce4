// SPDX-License-Identifier: Apache-2.0
// What must hold of 4B/5B, said by a table of its own, bit by bit of the code-group: for each bit of IEEE 802.3 table
// 24-1, the nibbles that have it. `Wrong` spoils one entry.
module table_4b5b #(
    parameter bit Wrong = 1'b0
) (
    input logic       clk_i,
    input logic       rst_ni,
    input logic [3:0] nibble_i,
    input logic [4:0] group_i
);

  //                                    FEDC_BA98_7654_3210
  localparam logic [15:0] Bit4 = 16'b1111_1111_0000_1101;
  localparam logic [15:0] Bit3 = 16'b1111_0000_1111_0011;
  localparam logic [15:0] Bit2 = 16'b1100_1100_1100_1101;
  localparam logic [15:0] Bit1 = {15'b0011_1111_1111_000, ~Wrong};
  localparam logic [15:0] Bit0 = 16'b1010_1010_1010_1010;

  function automatic logic [4:0] group_of(input logic [3:0] nibble);
    group_of = {Bit4[nibble], Bit3[nibble], Bit2[nibble], Bit1[nibble], Bit0[nibble]};
  endfunction

  logic [3:0] nibble_q, decoded;
  logic [4:0] group_q, encoded;
  logic data;
  logic ran_q = 1'b0;

  test_encode_4b5b u_encode (.clk_i, .rst_ni, .nibble_i, .group_o(encoded));
  test_decode_4b5b u_decode (.clk_i, .rst_ni, .group_i, .nibble_o(decoded), .data_o(data));

  always_ff @(posedge clk_i) begin
    nibble_q <= nibble_i;
    group_q  <= group_i;
    ran_q    <= rst_ni;
  end

  logic [15:0] is_group;
  for (genvar i = 0; i < 16; i++) begin : gen_group
    assign is_group[i] = group_of(4'(i)) == group_q;
  end

  always_comb begin
    if (ran_q && rst_ni) begin
      assert (encoded == group_of(nibble_q));
      assert (data == |is_group);
      assert (!data || group_of(decoded) == group_q);
    end
  end

endmodule
