// SPDX-License-Identifier: Apache-2.0
// The key stream of 100BASE-TX: a register of eleven bits, LDD(n) = LDD(n-11) + LDD(n-9), added to the plain text.
module stream_cipher #(
    parameter bit Wrong = 0
) (
    input  logic        clk_i,
    input  logic        rst_ni,
    input  logic [15:0] plain_i,
    output logic [15:0] coded_o
);

  logic [10:0] ldd_q;  // [0] is the latest
  logic [10:0] ldd_d;
  logic [15:0] coded_d;

  always_comb begin
    ldd_d = ldd_q;
    for (int i = 0; i < 16; i = i + 1) begin
      ldd_d = {ldd_d[9:0], ldd_d[Wrong ? 9 : 10] ^ ldd_d[8]};
      coded_d[i] = plain_i[i] ^ ldd_d[0];
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      ldd_q <= 11'h7ff;
      coded_o <= 16'd0;
    end else begin
      ldd_q <= ldd_d;
      coded_o <= coded_d;
    end
  end

endmodule
