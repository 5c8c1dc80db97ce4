// SPDX-License-Identifier: Apache-2.0
// The Toeplitz hash of receive side scaling, for each bit of the input, the first one highest: if it is one, the key's
// first 32 bits are added; then the key moves on by a bit.
module toeplitz #(
    parameter bit Wrong = 0
) (
    input  logic         clk_i,
    input  logic         rst_ni,
    input  logic         load_i,
    input  logic [127:0] key_i,
    input  logic [3:0]   data_i,
    output logic [31:0]  hash_o,
    output logic [127:0] next_key_o
);

  logic [127:0] key_q;
  logic [127:0] key_d;
  logic [31:0] hash_q;
  logic [31:0] hash_d;

  always_comb begin
    key_d = key_q;
    hash_d = hash_q;
    for (int i = 3; i >= 0; i = i - 1) begin
      if (data_i[i]) hash_d = hash_d ^ key_d[127:96];
      key_d = {key_d[126:0], key_d[127]};
    end
    if (load_i) begin
      key_d = key_i;
      hash_d = Wrong ? hash_q : 32'd0;
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      key_q <= 128'd0;
      hash_q <= 32'd0;
      hash_o <= 32'd0;
      next_key_o <= 128'd0;
    end else begin
      key_q <= key_d;
      hash_q <= hash_d;
      hash_o <= hash_d;
      next_key_o <= key_d;
    end
  end

endmodule
