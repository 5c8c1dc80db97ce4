// SPDX-License-Identifier: Apache-2.0
// A stream's FIFO. Cycle for cycle what stream<T>(Depth) of hls/base/stream.hpp is: s_ready_o is a register that says
// that there was room at the start of the cycle, whatever is popped in it; a value pushed in one cycle can be popped in
// the next; so no ready input reaches a ready or valid output in the same cycle.
//
// What holds the values, on 7-series:
// - Depth 1: one register, which sustains a value every second cycle: a third of a slice, where values are rare.
// - Depth 2, the slice that an output of a kernel has unless told otherwise: two registers. From 3 on a bit of LUTRAM is cheaper than a
//   register and its share of the multiplexer to read it.
// - LUTRAM, read asynchronously: 192 bits in four LUTs (RAM64M), so 8,192 bits and their multiplexers are about 200 LUTs.
// - Block RAM, if each block is filled with more bits than that: the smallest Artix-7 has 208 LUTs for each RAMB18.
module stream_fifo #(
    parameter int unsigned Width = 8,
    parameter int unsigned Depth = 2,
    parameter int unsigned Style = 0  // 0: by size, as above; 1: LUTRAM; 2: block RAM, of Depth 3 at least
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

  // A RAMB18 is so wide at a depth.
  localparam int unsigned BlockWidth = Depth <= 514 ? 36 : Depth <= 1026 ? 18 : Depth <= 2050 ? 9 :
      Depth <= 4098 ? 4 : Depth <= 8194 ? 2 : 1;
  localparam int unsigned Blocks = (Width + BlockWidth - 1) / BlockWidth;
  localparam bit IsSlice = Depth == 2 && Style == 0;
  localparam bit IsBlock = Style == 2 || (Style == 0 && Width * Depth > 8192 * Blocks);

  logic push;
  logic pop;
  logic valid_q;
  logic ready_q;

  assign push = s_valid_i && ready_q;
  assign pop = m_ready_i && valid_q;
  assign s_ready_o = ready_q;
  assign m_valid_o = valid_q;

  if (Depth == 1) begin : gen_register
    logic [Width-1:0] data_q;

    assign ready_q = !valid_q;

    always_ff @(posedge clk_i or negedge rst_ni) begin
      if (!rst_ni) valid_q <= 1'b0;
      else if (push || pop) valid_q <= push;  // one of them at a time
    end

    always_ff @(posedge clk_i) begin
      if (push) data_q <= s_data_i;
    end

    assign m_data_o = data_q;
  end else if (IsSlice) begin : gen_slice
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
  end else if (!IsBlock) begin : gen_lutram
    localparam int unsigned PtrWidth = $clog2(Depth);
    localparam int unsigned CountWidth = $clog2(Depth + 1);
    localparam logic [PtrWidth-1:0] Last = PtrWidth'(Depth - 1);

    (* ram_style = "distributed" *) logic [Width-1:0] ram_q[Depth];
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

`ifdef FORMAL
    // What holds in every state that can be reached, so that induction looks at no others.
    localparam int unsigned Distance = PtrWidth + 2;
    always_comb begin
      assert (count_q <= CountWidth'(Depth));
      assert (valid_q == (count_q != '0));
      assert (ready_q == (count_q != CountWidth'(Depth)));
      assert (wr_ptr_q <= Last && rd_ptr_q <= Last);
      assert (Distance'(rd_ptr_q) + Distance'(count_q) == Distance'(wr_ptr_q) ||
              Distance'(rd_ptr_q) + Distance'(count_q) == Distance'(wr_ptr_q) + Distance'(Depth));
    end
`endif
  end else begin : gen_block
    // A block's output comes two cycles after its address, with the register behind it. So the oldest two values wait in
    // registers; what does not fit there is stored, and each pop fetches the oldest stored value:
    //
    //   s_data_i --+--------------------------------------+-> next_q --> head_q --> m_data_o
    //              +-> ram_q (stored) --> out_q (fetched) +
    //
    // While something is stored, two values are in head_q, next_q and out_q together, of them one in head_q.
    localparam int unsigned RamDepth = Depth - 2;
    localparam int unsigned PtrWidth = RamDepth == 1 ? 1 : $clog2(RamDepth);
    localparam int unsigned CountWidth = $clog2(RamDepth + 1);
    localparam logic [PtrWidth-1:0] Last = PtrWidth'(RamDepth - 1);

    (* ram_style = "block" *) logic [Width-1:0] ram_q[RamDepth];
    logic [PtrWidth-1:0] wr_ptr_q;
    logic [PtrWidth-1:0] rd_ptr_q;
    logic [CountWidth-1:0] stored_q;
    logic [CountWidth-1:0] stored_d;
    logic some_stored_q;
    logic [Width-1:0] out_q;
    logic fetched_q;
    logic [Width-1:0] head_q;
    logic [Width-1:0] next_q;
    logic next_valid_q;
    logic store;
    logic fetch;
    logic pass;

    always_comb begin
      store = push && (some_stored_q || (!pop && (next_valid_q || fetched_q)));
      pass = push && !store;
      fetch = pop && some_stored_q;
      stored_d = stored_q;
      if (store && !fetch) stored_d = stored_q + 1'b1;
      if (fetch && !store) stored_d = stored_q - 1'b1;
    end

    always_ff @(posedge clk_i or negedge rst_ni) begin
      if (!rst_ni) begin
        wr_ptr_q <= '0;
        rd_ptr_q <= '0;
        stored_q <= '0;
        some_stored_q <= 1'b0;
        fetched_q <= 1'b0;
        valid_q <= 1'b0;
        next_valid_q <= 1'b0;
        ready_q <= 1'b1;
      end else begin
        if (store) wr_ptr_q <= (wr_ptr_q == Last) ? '0 : wr_ptr_q + 1'b1;
        if (fetch) rd_ptr_q <= (rd_ptr_q == Last) ? '0 : rd_ptr_q + 1'b1;
        stored_q <= stored_d;
        some_stored_q <= stored_d != '0;
        fetched_q <= fetch;
        valid_q <= (valid_q && !pop) || next_valid_q || fetched_q || pass;
        next_valid_q <= pop ? pass && (next_valid_q || fetched_q)
                            : next_valid_q || (valid_q && (fetched_q || pass));
        ready_q <= stored_d != CountWidth'(RamDepth);
      end
    end

    always_ff @(posedge clk_i) begin
      if (store) ram_q[wr_ptr_q] <= s_data_i;
      if (fetch) out_q <= ram_q[rd_ptr_q];
      if (pop || !valid_q) head_q <= next_valid_q ? next_q : fetched_q ? out_q : s_data_i;
      if (pop || !next_valid_q) next_q <= (fetched_q && !pop) ? out_q : s_data_i;
    end

    assign m_data_o = head_q;

`ifdef FORMAL
    localparam int unsigned Distance = PtrWidth + 2;
    always_comb begin
      assert (stored_q <= CountWidth'(RamDepth));
      assert (some_stored_q == (stored_q != '0));
      assert (ready_q == (stored_q != CountWidth'(RamDepth)));
      assert (valid_q || !(next_valid_q || fetched_q || some_stored_q));
      assert (!(next_valid_q && fetched_q));
      assert (!some_stored_q || next_valid_q || fetched_q);
      assert (wr_ptr_q <= Last && rd_ptr_q <= Last);
      assert (Distance'(rd_ptr_q) + Distance'(stored_q) == Distance'(wr_ptr_q) ||
              Distance'(rd_ptr_q) + Distance'(stored_q) == Distance'(wr_ptr_q) + Distance'(RamDepth));
      // The ports of the block never meet.
      assert (!(store && fetch) || wr_ptr_q != rd_ptr_q);
    end
`endif
  end

endmodule
