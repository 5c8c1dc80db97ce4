// SPDX-License-Identifier: Apache-2.0
// IEEE 802.3 clause 36.2.4: the codes of table 36-1 for a negative running disparity. For a positive one the complement
// is sent if the code has more ones than zeros, or is that of D7, D/x.3 or a K28; the disparity is counted bit by bit.
module encoder_8b10b #(
    parameter bit Wrong = 0
) (
    input  logic       clk_i,
    input  logic       rst_ni,
    input  logic [7:0] data_i,
    input  logic       control_i,
    output logic [9:0] code_o,
    output logic       positive_o
);

  logic positive_q;
  logic positive_d;
  logic [9:0] code_d;
  logic [5:0] six;
  logic [3:0] four;
  logic complement;
  logic seven;
  logic signed [3:0] balance;

  always_comb begin
    // abcdei
    case (data_i[4:0])
      5'd0: six = 6'o47;
      5'd1: six = 6'o35;
      5'd2: six = 6'o55;
      5'd3: six = 6'o61;
      5'd4: six = 6'o65;
      5'd5: six = 6'o51;
      5'd6: six = 6'o31;
      5'd7: six = 6'o70;
      5'd8: six = 6'o71;
      5'd9: six = 6'o45;
      5'd10: six = 6'o25;
      5'd11: six = 6'o64;
      5'd12: six = 6'o15;
      5'd13: six = 6'o54;
      5'd14: six = 6'o34;
      5'd15: six = 6'o27;
      5'd16: six = 6'o33;
      5'd17: six = 6'o43;
      5'd18: six = 6'o23;
      5'd19: six = 6'o62;
      5'd20: six = 6'o13;
      5'd21: six = 6'o52;
      5'd22: six = 6'o32;
      5'd23: six = 6'o72;
      5'd24: six = 6'o63;
      5'd25: six = 6'o46;
      5'd26: six = 6'o26;
      5'd27: six = 6'o66;
      5'd28: six = 6'o16;
      5'd29: six = 6'o56;
      5'd30: six = 6'o36;
      default: six = 6'o53;
    endcase
    if (control_i) six = 6'o17;
    balance = 4'sd0;
    for (int i = 0; i < 6; i = i + 1) balance = six[i] ? balance + 4'sd1 : balance - 4'sd1;
    complement = (balance != 4'sd0) || (six == 6'o70);
    if (complement && positive_q) six = ~six;
    positive_d = positive_q;
    if (balance != 4'sd0) positive_d = !positive_q;
    // fghj
    case (data_i[7:5])
      3'd0: four = 4'b1011;
      3'd1: four = 4'b1001;
      3'd2: four = 4'b0101;
      3'd3: four = 4'b1100;
      3'd4: four = 4'b1101;
      3'd5: four = 4'b1010;
      3'd6: four = 4'b0110;
      default: four = 4'b1110;
    endcase
    // Five equal bits in a row are avoided: the last two of abcdei, then three of fghj.
    seven = (data_i[7:5] == 3'd7) && (control_i || (positive_d ? (six[1:0] == 2'b00) : (six[1:0] == 2'b11)));
    if (seven) four = 4'b0111;
    balance = 4'sd0;
    for (int i = 0; i < 4; i = i + 1) balance = four[i] ? balance + 4'sd1 : balance - 4'sd1;
    complement = (balance != 4'sd0) || (data_i[7:5] == 3'd3);
    if (control_i && !complement) begin
      if (!positive_d) four = ~four;
    end else if (complement && positive_d) begin
      four = ~four;
    end
    if (balance != 4'sd0 && !(Wrong && data_i[7:5] == 3'd4)) positive_d = !positive_d;
    code_d = {six, four};
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      positive_q <= 1'b0;
      code_o <= 10'd0;
      positive_o <= 1'b0;
    end else begin
      positive_q <= positive_d;
      code_o <= code_d;
      positive_o <= positive_d;
    end
  end

endmodule
