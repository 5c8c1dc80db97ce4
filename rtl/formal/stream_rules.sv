// SPDX-License-Identifier: Apache-2.0
// What whoever writes a stream promises (AMBA AXI-Stream, 2.2.1): once data is offered it stays offered, and stays as it
// is, until it is taken. For proofs: tests/rtl/formal instantiates it at each output of each generated module.
//
//   clk_i     _/1\_/2\_/3\_/4\_
//   valid_i   ____/~~~~~~~~~\__
//   ready_i   ____________/~\__    offered in 2, waits in 3: valid_i must still be 1 then, data_i the same
module stream_rules #(
    parameter int unsigned Width = 8
) (
    input logic             clk_i,
    input logic             rst_ni,
    input logic             valid_i,
    input logic             ready_i,
    input logic [Width-1:0] data_i
);

  logic waits_q = 1'b0;
  logic [Width-1:0] data_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) waits_q <= 1'b0;
    else waits_q <= valid_i && !ready_i;
  end

  always_ff @(posedge clk_i) data_q <= data_i;

  always_comb begin
    if (waits_q && rst_ni) begin
      assert (valid_i);
      assert (data_i == data_q);
    end
  end

endmodule
