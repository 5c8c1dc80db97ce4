// SPDX-License-Identifier: Apache-2.0
// The FIFO of a stream that a pipelined kernel asks for room in its first stage and writes Reserve stages later:
// s_room_o says at the start of a cycle whether there is a place beyond those for what is on its way. As many more
// places make up for the way: what was refused room and is asked for it again when the reader has taken a value arrives
// Reserve cycles later, which the reader takes from the places up to there. Cycle for cycle stream<T>(Depth) of
// hls/base/stream.hpp with that latency.
//
//     places    |<------ Depth ------>|<-- Reserve -->|<-- Reserve -->|
//     s_room_o  1 while fewer are taken               0
//     s_ready_o 1 while fewer are taken                               0
module stream_reserve_fifo #(
    parameter int unsigned Width = 8,
    parameter int unsigned Depth = 2,
    parameter int unsigned Reserve = 1
) (
    input  logic             clk_i,
    input  logic             rst_ni,
    input  logic             s_valid_i,
    output logic             s_ready_o,
    output logic             s_room_o,
    input  logic [Width-1:0] s_data_i,
    output logic             m_valid_o,
    input  logic             m_ready_i,
    output logic [Width-1:0] m_data_o
);

  localparam int unsigned CountWidth = $clog2(Depth + 2 * Reserve + 1);

  logic push;
  logic pop;
  logic [CountWidth-1:0] count_q;
  logic [CountWidth-1:0] count_d;

  assign push = s_valid_i && s_ready_o;
  assign pop = m_ready_i && m_valid_o;

  always_comb begin
    count_d = count_q;
    if (push && !pop) count_d = count_q + 1'b1;
    if (pop && !push) count_d = count_q - 1'b1;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      count_q  <= '0;
      s_room_o <= 1'b1;
    end else if (push || pop) begin
      count_q  <= count_d;
      s_room_o <= count_d < CountWidth'(Depth + Reserve);
    end
  end

  stream_fifo #(
      .Width(Width),
      .Depth(Depth + 2 * Reserve)
  ) u_fifo (
      .clk_i    (clk_i),
      .rst_ni   (rst_ni),
      .s_valid_i(s_valid_i),
      .s_ready_o(s_ready_o),
      .s_data_i (s_data_i),
      .m_valid_o(m_valid_o),
      .m_ready_i(m_ready_i),
      .m_data_o (m_data_o)
  );

endmodule
