// SPDX-License-Identifier: Apache-2.0
// frame_arbiter.hpp by hand: who is next is one function of six bits, who waits and who was served.
module qor_frame_arbiter #(
    parameter int unsigned OutDepth = 2
) (
    input  logic       clk_i,
    input  logic       rst_ni,
    input  logic [9:0] s_a_data_i,
    input  logic       s_a_valid_i,
    output logic       s_a_ready_o,
    input  logic [9:0] s_b_data_i,
    input  logic       s_b_valid_i,
    output logic       s_b_ready_o,
    input  logic [9:0] s_c_data_i,
    input  logic       s_c_valid_i,
    output logic       s_c_ready_o,
    input  logic [9:0] s_d_data_i,
    input  logic       s_d_valid_i,
    output logic       s_d_ready_o,
    output logic [9:0] m_out_data_o,
    output logic       m_out_valid_o,
    input  logic       m_out_ready_i
);

  logic room;
  logic [3:0] waits;
  logic [1:0] served_q;
  logic inside_q;  // the frame of the one that was served is not over
  logic [1:0] next;
  logic [1:0] chosen;
  logic any;
  logic fire;
  logic [9:0] beat;

  assign waits = {s_d_valid_i, s_c_valid_i, s_b_valid_i, s_a_valid_i};

  always_comb begin
    case (served_q)
      2'd0: next = waits[1] ? 2'd1 : waits[2] ? 2'd2 : waits[3] ? 2'd3 : 2'd0;
      2'd1: next = waits[2] ? 2'd2 : waits[3] ? 2'd3 : waits[0] ? 2'd0 : 2'd1;
      2'd2: next = waits[3] ? 2'd3 : waits[0] ? 2'd0 : waits[1] ? 2'd1 : 2'd2;
      2'd3: next = waits[0] ? 2'd0 : waits[1] ? 2'd1 : waits[2] ? 2'd2 : 2'd3;
    endcase
  end
  assign chosen = inside_q ? served_q : next;
  assign any = inside_q ? waits[served_q] : waits != '0;
  assign fire = any && room;

  assign s_a_ready_o = fire && chosen == 2'd0;
  assign s_b_ready_o = fire && chosen == 2'd1;
  assign s_c_ready_o = fire && chosen == 2'd2;
  assign s_d_ready_o = fire && chosen == 2'd3;

  always_comb begin
    case (chosen)
      2'd0: beat = s_a_data_i;
      2'd1: beat = s_b_data_i;
      2'd2: beat = s_c_data_i;
      2'd3: beat = s_d_data_i;
    endcase
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      served_q <= '0;
      inside_q <= 1'b0;
    end else if (fire) begin
      served_q <= chosen;
      inside_q <= !beat[9];
    end
  end

  stream_fifo #(
      .Width(10),
      .Depth(OutDepth)
  ) u_out (
      .clk_i,
      .rst_ni,
      .s_valid_i(any),
      .s_ready_o(room),
      .s_data_i(beat),
      .m_valid_o(m_out_valid_o),
      .m_ready_i(m_out_ready_i),
      .m_data_o(m_out_data_o)
  );

endmodule
