// SPDX-License-Identifier: Apache-2.0
// encoder_8b10b.hpp by hand. Each bit of the six-bit code is a function of the five bits and of one signal that says
// whether the code is to be complemented; D28 and K28 differ in it and in bit i. D.x.A7 looks at the disparity before
// the six-bit code, since the codes that ask for it are balanced.
module qor_encoder_8b10b #(
    parameter int unsigned CodeDepth = 2
) (
    input  logic       clk_i,
    input  logic       rst_ni,
    input  logic [8:0] s_character_data_i,
    input  logic       s_character_valid_i,
    output logic       s_character_ready_o,
    output logic [9:0] m_code_data_o,
    output logic       m_code_valid_o,
    input  logic       m_code_ready_i
);

  logic control;
  logic [4:0] low;
  logic [2:0] high;
  logic room;
  logic positive_q;  // running disparity
  logic positive;    // after the six-bit code
  logic k28;
  logic unbalanced;
  logic flip;
  logic alternate;  // D.x.A7 in place of D.x.P7
  logic [5:0] six;
  logic [3:0] four;

  assign {control, high, low} = s_character_data_i;
  assign s_character_ready_o = s_character_valid_i && room;

  // abcdei while the disparity is negative.
  function automatic logic [5:0] six_of(input logic [4:0] five);
    case (five)
      5'd0: six_of = 6'b100111;
      5'd1: six_of = 6'b011101;
      5'd2: six_of = 6'b101101;
      5'd3: six_of = 6'b110001;
      5'd4: six_of = 6'b110101;
      5'd5: six_of = 6'b101001;
      5'd6: six_of = 6'b011001;
      5'd7: six_of = 6'b111000;
      5'd8: six_of = 6'b111001;
      5'd9: six_of = 6'b100101;
      5'd10: six_of = 6'b010101;
      5'd11: six_of = 6'b110100;
      5'd12: six_of = 6'b001101;
      5'd13: six_of = 6'b101100;
      5'd14: six_of = 6'b011100;
      5'd15: six_of = 6'b010111;
      5'd16: six_of = 6'b011011;
      5'd17: six_of = 6'b100011;
      5'd18: six_of = 6'b010011;
      5'd19: six_of = 6'b110010;
      5'd20: six_of = 6'b001011;
      5'd21: six_of = 6'b101010;
      5'd22: six_of = 6'b011010;
      5'd23: six_of = 6'b111010;
      5'd24: six_of = 6'b110011;
      5'd25: six_of = 6'b100110;
      5'd26: six_of = 6'b010110;
      5'd27: six_of = 6'b110110;
      5'd28: six_of = 6'b001110;
      5'd29: six_of = 6'b101110;
      5'd30: six_of = 6'b011110;
      5'd31: six_of = 6'b101011;
    endcase
  endfunction

  always_comb begin
    case (low)
      5'd0, 5'd1, 5'd2, 5'd4, 5'd8, 5'd15, 5'd16, 5'd23, 5'd24, 5'd27, 5'd29, 5'd30, 5'd31: unbalanced = 1'b1;
      default: unbalanced = k28;
    endcase
  end
  assign k28 = control && low == 5'd28;
  assign flip = positive_q && (unbalanced || low == 5'd7);
  assign six = (six_of(low) | {5'd0, k28}) ^ {6{flip}};
  assign positive = positive_q ^ unbalanced;

  assign alternate = positive_q ? (low == 5'd11 || low == 5'd13 || low == 5'd14)
                                : (low == 5'd17 || low == 5'd18 || low == 5'd20);
  always_comb begin
    case ({control, high})  // fghj while the disparity is negative
      4'd0, 4'd8: four = positive ? 4'b0100 : 4'b1011;
      4'd1: four = 4'b1001;
      4'd2: four = 4'b0101;
      4'd3, 4'd11: four = positive ? 4'b0011 : 4'b1100;
      4'd4, 4'd12: four = positive ? 4'b0010 : 4'b1101;
      4'd5: four = 4'b1010;
      4'd6: four = 4'b0110;
      4'd9: four = positive ? 4'b1001 : 4'b0110;
      4'd10: four = positive ? 4'b0101 : 4'b1010;
      4'd13: four = positive ? 4'b1010 : 4'b0101;
      4'd14: four = positive ? 4'b0110 : 4'b1001;
      default: four = (control || alternate ? 4'b0111 : 4'b1110) ^ {4{positive}};
    endcase
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) positive_q <= 1'b0;
    else if (s_character_ready_o) positive_q <= positive ^ (high == 3'd0 || high == 3'd4 || high == 3'd7);
  end

  stream_fifo #(
      .Width(10),
      .Depth(CodeDepth)
  ) u_code (
      .clk_i,
      .rst_ni,
      .s_valid_i(s_character_valid_i),
      .s_ready_o(room),
      .s_data_i({six, four}),
      .m_valid_o(m_code_valid_o),
      .m_ready_i(m_code_ready_i),
      .m_data_o(m_code_data_o)
  );

endmodule
