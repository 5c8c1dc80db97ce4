// SPDX-License-Identifier: Apache-2.0
// IEEE 802.3 clause 49.2.6: G(x) = 1 + x^39 + x^58, self-synchronising. Bit 0 of the word is sent first; S57 holds the
// bit that was sent 58 bits ago.
module scrambler58 #(
    parameter bit Wrong = 0
) (
    input  logic        clk_i,
    input  logic        rst_ni,
    input  logic [63:0] data_i,
    output logic [63:0] line_o
);

  logic [57:0] s_q;
  logic [57:0] s_d;
  logic [63:0] line_d;

  always_comb begin
    s_d = s_q;
    for (int i = 0; i < 64; i = i + 1) begin
      line_d[i] = data_i[i] ^ s_d[Wrong ? 37 : 38] ^ s_d[57];
      s_d = {s_d[56:0], line_d[i]};
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      s_q <= {58{1'b1}};
      line_o <= 64'd0;
    end else begin
      s_q <= s_d;
      line_o <= line_d;
    end
  end

endmodule
