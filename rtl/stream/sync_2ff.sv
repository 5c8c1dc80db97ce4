// SPDX-License-Identifier: Apache-2.0
// Two-flop synchroniser, for single bits and Gray codes. The input must come straight from a register.
//
// Timing constraint: the path into `meta_q` crosses clock domains. For a Gray code,
//   set_max_delay -datapath_only -from <source register> -to <meta_q> <period of the faster clock>
// so that no two of its bits arrive more than one change apart; for a single bit set_false_path will do. Both flops are
// ASYNC_REG, which keeps them side by side.
module sync_2ff #(
    parameter int unsigned Width = 1,
    parameter logic [Width-1:0] ResetValue = '0
) (
    input  logic             clk_i,
    input  logic             rst_ni,
    input  logic [Width-1:0] d_i,
    output logic [Width-1:0] q_o
);

  (* ASYNC_REG = "TRUE" *) logic [Width-1:0] meta_q;
  (* ASYNC_REG = "TRUE" *) logic [Width-1:0] sync_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      meta_q <= ResetValue;
      sync_q <= ResetValue;
    end else begin
      meta_q <= d_i;
      sync_q <= meta_q;
    end
  end

  assign q_o = sync_q;

endmodule
