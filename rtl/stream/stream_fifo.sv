// SPDX-License-Identifier: Apache-2.0
// A stream's FIFO. Cycle for cycle what stream<T>(Depth) of hls/base/stream.hpp is: s_ready_o is a register that says
// that there was room at the start of the cycle, whatever is popped in it; a value pushed in one cycle can be popped in
// the next; so no ready input reaches a ready or valid output in the same cycle.
//
// Depth 2, the slice that every output of a kernel has, is two registers; deeper ones are LUTRAM read asynchronously.
module stream_fifo #(
    parameter int unsigned Width = 8,
    parameter int unsigned Depth = 2
) (
    input  logic             clk_i,
    input  logic             rst_ni,
    input  logic             s_valid_i,
    output logic             s_ready_o,
    input  logic [Width-1:0] s_data_i,
    output logic             m_valid_o,
    input  logic             m_ready_i,
    output logic [Width-1:0] m_data_o
);

  logic push;
  logic pop;
  logic valid_q;
  logic ready_q;

  assign push = s_valid_i && ready_q;
  assign pop = m_ready_i && valid_q;
  assign s_ready_o = ready_q;
  assign m_valid_o = valid_q;

  if (Depth == 2) begin : gen_slice
    logic [Width-1:0] head_q;
    logic [Width-1:0] tail_q;

    always_ff @(posedge clk_i or negedge rst_ni) begin
      if (!rst_ni) begin
        valid_q <= 1'b0;
        ready_q <= 1'b1;
      end else if (push || pop) begin  // Held: 0 (valid 0, ready 1), 1 (1, 1) or 2 (1, 0).
        valid_q <= push || !ready_q;
        ready_q <= pop || !valid_q;
      end
    end

    always_ff @(posedge clk_i) begin
      if (push || pop) begin
        if (pop || !valid_q) head_q <= ready_q ? s_data_i : tail_q;
        if (ready_q) tail_q <= s_data_i;
      end
    end

    assign m_data_o = head_q;
  end else begin : gen_ram
    localparam int unsigned PtrWidth = $clog2(Depth);
    localparam int unsigned CountWidth = $clog2(Depth + 1);
    localparam logic [PtrWidth-1:0] Last = PtrWidth'(Depth - 1);

    logic [Width-1:0] ram_q[Depth];
    logic [PtrWidth-1:0] wr_ptr_q;
    logic [PtrWidth-1:0] rd_ptr_q;
    logic [CountWidth-1:0] count_q;
    logic [CountWidth-1:0] count_d;

    always_comb begin
      count_d = count_q;
      if (push && !pop) count_d = count_q + 1'b1;
      if (pop && !push) count_d = count_q - 1'b1;
    end

    always_ff @(posedge clk_i or negedge rst_ni) begin
      if (!rst_ni) begin
        wr_ptr_q <= '0;
        rd_ptr_q <= '0;
        count_q  <= '0;
        valid_q  <= 1'b0;
        ready_q  <= 1'b1;
      end else begin
        if (push) wr_ptr_q <= (wr_ptr_q == Last) ? '0 : wr_ptr_q + 1'b1;
        if (pop) rd_ptr_q <= (rd_ptr_q == Last) ? '0 : rd_ptr_q + 1'b1;
        count_q <= count_d;
        valid_q <= count_d != '0;
        ready_q <= count_d != CountWidth'(Depth);
      end
    end

    always_ff @(posedge clk_i) begin
      if (push) ram_q[wr_ptr_q] <= s_data_i;
    end

    assign m_data_o = ram_q[rd_ptr_q];
  end

endmodule
