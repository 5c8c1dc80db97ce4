// SPDX-License-Identifier: Apache-2.0
// What must hold of any encoder and decoder of 8b/10b, said by a table of its own: IEEE 802.3 tables 36-1 and 36-2 with
// both columns of each sub-block written out, first bit leftmost. `Wrong` spoils one entry.
module table_8b10b #(
    parameter bit Wrong = 1'b0
) (
    input logic       clk_i,
    input logic       rst_ni,
    input logic [7:0] octet_i,
    input logic       control_i,
    input logic       before_i,
    input logic [9:0] group_i
);

  // abcdei: {negative, positive}.
  function automatic logic [11:0] six_of(input logic [4:0] x);
    case (x)
      5'd0: six_of = 12'b100111_011000;
      5'd1: six_of = 12'b011101_100010;
      5'd2: six_of = 12'b101101_010010;
      5'd3: six_of = 12'b110001_110001;
      5'd4: six_of = 12'b110101_001010;
      5'd5: six_of = 12'b101001_101001;
      5'd6: six_of = 12'b011001_011001;
      5'd7: six_of = 12'b111000_000111;
      5'd8: six_of = 12'b111001_000110;
      5'd9: six_of = 12'b100101_100101;
      5'd10: six_of = 12'b010101_010101;
      5'd11: six_of = 12'b110100_110100;
      5'd12: six_of = 12'b001101_001101;
      5'd13: six_of = 12'b101100_101100;
      5'd14: six_of = 12'b011100_011100;
      5'd15: six_of = 12'b010111_101000;
      5'd16: six_of = 12'b011011_100100;
      5'd17: six_of = 12'b100011_100011;
      5'd18: six_of = 12'b010011_010011;
      5'd19: six_of = 12'b110010_110010;
      5'd20: six_of = 12'b001011_001011;
      5'd21: six_of = 12'b101010_101010;
      5'd22: six_of = 12'b011010_011010;
      5'd23: six_of = Wrong ? 12'b111010_010101 : 12'b111010_000101;
      5'd24: six_of = 12'b110011_001100;
      5'd25: six_of = 12'b100110_100110;
      5'd26: six_of = 12'b010110_010110;
      5'd27: six_of = 12'b110110_001001;
      5'd28: six_of = 12'b001110_001110;
      5'd29: six_of = 12'b101110_010001;
      5'd30: six_of = 12'b011110_100001;
      default: six_of = 12'b101011_010100;
    endcase
  endfunction

  // fghj: {negative, positive}.
  function automatic logic [7:0] four_of(input logic [2:0] y);
    case (y)
      3'd0: four_of = 8'b1011_0100;
      3'd1: four_of = 8'b1001_1001;
      3'd2: four_of = 8'b0101_0101;
      3'd3: four_of = 8'b1100_0011;
      3'd4: four_of = 8'b1101_0010;
      3'd5: four_of = 8'b1010_1010;
      3'd6: four_of = 8'b0110_0110;
      default: four_of = 8'b1110_0001;
    endcase
  endfunction

  // Table 36-2 while the running disparity is negative; the other column is the complement of each.
  function automatic logic [9:0] special_of(input logic [7:0] octet);
    case (octet)
      8'h1C: special_of = 10'b001111_0100;
      8'h3C: special_of = 10'b001111_1001;
      8'h5C: special_of = 10'b001111_0101;
      8'h7C: special_of = 10'b001111_0011;
      8'h9C: special_of = 10'b001111_0010;
      8'hBC: special_of = 10'b001111_1010;
      8'hDC: special_of = 10'b001111_0110;
      8'hFC: special_of = 10'b001111_1000;
      8'hF7: special_of = 10'b111010_1000;
      8'hFB: special_of = 10'b110110_1000;
      8'hFD: special_of = 10'b101110_1000;
      8'hFE: special_of = 10'b011110_1000;
      default: special_of = 10'b0;
    endcase
  endfunction

  // Clause 36.2.4.4.
  function automatic logic after_six(input logic [5:0] six, input logic before);
    logic [2:0] ones;
    ones = 3'(six[0]) + 3'(six[1]) + 3'(six[2]) + 3'(six[3]) + 3'(six[4]) + 3'(six[5]);
    after_six = (ones > 3) || (six == 6'b000111) || (before && ones == 3 && six != 6'b111000);
  endfunction
  function automatic logic after_four(input logic [3:0] four, input logic before);
    logic [2:0] ones;
    ones = 3'(four[0]) + 3'(four[1]) + 3'(four[2]) + 3'(four[3]);
    after_four = (ones > 2) || (four == 4'b0011) || (before && ones == 2 && four != 4'b1100);
  endfunction
  function automatic logic after_group(input logic [9:0] group, input logic before);
    after_group = after_four(group[3:0], after_six(group[9:4], before));
  endfunction

  function automatic logic [9:0] encoded(input logic [7:0] octet, input logic control, input logic before);
    logic [11:0] sixes;
    logic [7:0]  fours;
    logic [5:0]  six;
    logic [3:0]  four;
    sixes = six_of(octet[4:0]);
    six   = before ? sixes[5:0] : sixes[11:6];
    fours = four_of(octet[7:5]);
    four  = after_six(six, before) ? fours[3:0] : fours[7:4];
    if (four == 4'b1110 && six[1:0] == 2'b11) four = 4'b0111;
    if (four == 4'b0001 && six[1:0] == 2'b00) four = 4'b1000;
    encoded = control ? special_of(octet) ^ {10{before}} : {six, four};
  endfunction

  function automatic logic legal(input logic [7:0] octet, input logic control);
    legal = !control || special_of(octet) != 10'b0;
  endfunction

  // The kernels have the first bit lowest.
  function automatic logic [9:0] turned(input logic [9:0] group);
    for (int i = 0; i < 10; i = i + 1) turned[i] = group[9-i];
  endfunction

  logic [9:0] expected, encoder_group, back_group;
  logic encoder_after, back_after, back_valid, back_control, any_after, any_valid, any_control;
  logic [7:0] back_octet, any_octet;
  assign expected = encoded(octet_i, control_i, before_i);

  test_encode_8b10b u_encode (.clk_i, .rst_ni, .octet_i, .control_i, .before_i, .group_o(encoder_group),
      .after_o(encoder_after));
  test_decode_8b10b u_back (.clk_i, .rst_ni, .group_i(turned(expected)), .before_i, .octet_o(back_octet),
      .control_o(back_control), .valid_o(back_valid), .after_o(back_after));
  test_decode_8b10b u_any (.clk_i, .rst_ni, .group_i(turned(group_i)), .before_i, .octet_o(any_octet),
      .control_o(any_control), .valid_o(any_valid), .after_o(any_after));

  logic ran_q = 1'b0;
  logic before_q, control_q;
  logic [7:0] octet_q;
  logic [9:0] expected_q, group_q;
  always_ff @(posedge clk_i) begin
    ran_q <= rst_ni;
    before_q <= before_i;
    control_q <= control_i;
    octet_q <= octet_i;
    expected_q <= expected;
    group_q <= group_i;
  end

  always_comb begin
    if (ran_q && rst_ni && legal(octet_q, control_q)) begin
      assert (encoder_group == turned(expected_q));
      assert (encoder_after == after_group(expected_q, before_q));
      assert (back_valid && back_octet == octet_q && back_control == control_q);
    end
    if (ran_q && rst_ni) begin
      assert (any_after == after_group(group_q, before_q));
      if (any_valid) begin
        assert (legal(any_octet, any_control));
        assert (encoded(any_octet, any_control, before_q) == group_q);
      end
    end
  end
endmodule
