// SPDX-License-Identifier: Apache-2.0
// IEEE 802.3 clause 49.2.10: the same polynomial, fed by what comes in.
module descrambler58 #(
    parameter bit Wrong = 0
) (
    input  logic        clk_i,
    input  logic        rst_ni,
    input  logic [63:0] line_i,
    output logic [63:0] data_o
);

  logic [57:0] s_q;
  logic [57:0] s_d;
  logic [63:0] data_d;

  always_comb begin
    s_d = s_q;
    for (int i = 0; i < 64; i = i + 1) begin
      data_d[i] = line_i[i] ^ s_d[38] ^ s_d[57];
      s_d = {s_d[56:0], Wrong ? data_d[i] : line_i[i]};
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      s_q <= {58{1'b1}};
      data_o <= 64'd0;
    end else begin
      s_q <= s_d;
      data_o <= data_d;
    end
  end

endmodule
