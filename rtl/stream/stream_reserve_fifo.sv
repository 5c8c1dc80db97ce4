// SPDX-License-Identifier: Apache-2.0
// The FIFO of a stream that a pipelined kernel asks for room in its first stage and writes Reserve stages later:
// s_room_o says at the start of a cycle that Depth is not reached yet, and there are Reserve places beyond it for what
// is on its way. Cycle for cycle stream<T>(Depth) of hls/base/stream.hpp with that latency.
//
//     places   |<-------- Depth -------->|<-- Reserve -->|
//     s_room_o  1 while fewer are taken   0
//     s_ready_o 1 while fewer are taken                   0
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

  localparam int unsigned Places = Depth + Reserve;
  localparam int unsigned PtrWidth = $clog2(Places);
  localparam int unsigned CountWidth = $clog2(Places + 1);
  localparam logic [PtrWidth-1:0] Last = PtrWidth'(Places - 1);

  logic push;
  logic pop;
  logic [Width-1:0] ram_q[Places];
  logic [PtrWidth-1:0] wr_ptr_q;
  logic [PtrWidth-1:0] rd_ptr_q;
  logic [CountWidth-1:0] count_q;
  logic [CountWidth-1:0] count_d;

  assign push = s_valid_i && s_ready_o;
  assign pop = m_ready_i && m_valid_o;
  assign m_data_o = ram_q[rd_ptr_q];

  always_comb begin
    count_d = count_q;
    if (push && !pop) count_d = count_q + 1'b1;
    if (pop && !push) count_d = count_q - 1'b1;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      wr_ptr_q <= '0;
      rd_ptr_q <= '0;
      count_q <= '0;
      m_valid_o <= 1'b0;
      s_ready_o <= 1'b1;
      s_room_o <= 1'b1;
    end else if (push || pop) begin
      if (push) wr_ptr_q <= (wr_ptr_q == Last) ? '0 : wr_ptr_q + 1'b1;
      if (pop) rd_ptr_q <= (rd_ptr_q == Last) ? '0 : rd_ptr_q + 1'b1;
      count_q <= count_d;
      m_valid_o <= count_d != '0;
      s_ready_o <= count_d != CountWidth'(Places);
      s_room_o <= count_d < CountWidth'(Depth);
    end
  end

  always_ff @(posedge clk_i) begin
    if (push) ram_q[wr_ptr_q] <= s_data_i;
  end

endmodule
