// SPDX-License-Identifier: Apache-2.0
// A stream from one clock domain to another: a dual-ported LUTRAM with a Gray-coded pointer sent each way.
//
// Timing constraints: both pointers cross through sync_2ff (see there: set_max_delay -datapath_only, one period of the
// faster clock). The RAM's read path is stable before the write pointer that reveals it arrives, two m_clk_i edges later;
// it needs the same set_max_delay from the s_clk_i domain. Both resets must be asserted together, and each released on
// its own clock; nothing may be pushed before both are released.
module async_fifo #(
    parameter int unsigned Width = 8,
    parameter int unsigned DepthLog2 = 4
) (
    input  logic             s_clk_i,
    input  logic             s_rst_ni,
    input  logic             s_valid_i,
    output logic             s_ready_o,
    input  logic [Width-1:0] s_data_i,

    input  logic             m_clk_i,
    input  logic             m_rst_ni,
    output logic             m_valid_o,
    input  logic             m_ready_i,
    output logic [Width-1:0] m_data_o,
    // What can be read, as far as this side knows: at most what is there.
    output logic [DepthLog2:0] m_count_o
);

  localparam int unsigned PtrWidth = DepthLog2 + 1;

  logic [Width-1:0] ram_q[2**DepthLog2];

  logic [PtrWidth-1:0] wr_bin_q;
  logic [PtrWidth-1:0] wr_bin_d;
  logic [PtrWidth-1:0] wr_gray_q;
  logic [PtrWidth-1:0] wr_gray_m;
  logic [PtrWidth-1:0] rd_bin_q;
  logic [PtrWidth-1:0] rd_bin_d;
  logic [PtrWidth-1:0] rd_gray_q;
  logic [PtrWidth-1:0] rd_gray_s;
  logic [PtrWidth-1:0] wr_bin_m;
  logic push;
  logic pop;

  // Full: the same place, one lap ahead: the upper two bits of the Gray codes differ, the others agree.
  assign s_ready_o = wr_gray_q != (rd_gray_s ^ (PtrWidth'(3) << (PtrWidth - 2)));
  assign push = s_valid_i && s_ready_o;
  assign wr_bin_d = wr_bin_q + PtrWidth'(push);

  always_ff @(posedge s_clk_i or negedge s_rst_ni) begin
    if (!s_rst_ni) begin
      wr_bin_q  <= '0;
      wr_gray_q <= '0;
    end else begin
      wr_bin_q  <= wr_bin_d;
      wr_gray_q <= wr_bin_d ^ (wr_bin_d >> 1);
    end
  end

  always_ff @(posedge s_clk_i) begin
    if (push) ram_q[wr_bin_q[DepthLog2-1:0]] <= s_data_i;
  end

  sync_2ff #(
      .Width(PtrWidth)
  ) u_rd_to_s (
      .clk_i (s_clk_i),
      .rst_ni(s_rst_ni),
      .d_i   (rd_gray_q),
      .q_o   (rd_gray_s)
  );

  sync_2ff #(
      .Width(PtrWidth)
  ) u_wr_to_m (
      .clk_i (m_clk_i),
      .rst_ni(m_rst_ni),
      .d_i   (wr_gray_q),
      .q_o   (wr_gray_m)
  );

  // Gray to binary: bit i is the parity of bits i and above.
  always_comb begin
    for (int unsigned i = 0; i < PtrWidth; i++) wr_bin_m[i] = ^(wr_gray_m >> i);
  end

  assign m_count_o = wr_bin_m - rd_bin_q;
  assign m_valid_o = wr_gray_m != rd_gray_q;
  assign pop = m_ready_i && m_valid_o;
  assign rd_bin_d = rd_bin_q + PtrWidth'(pop);
  assign m_data_o = ram_q[rd_bin_q[DepthLog2-1:0]];

  always_ff @(posedge m_clk_i or negedge m_rst_ni) begin
    if (!m_rst_ni) begin
      rd_bin_q  <= '0;
      rd_gray_q <= '0;
    end else begin
      rd_bin_q  <= rd_bin_d;
      rd_gray_q <= rd_bin_d ^ (rd_bin_d >> 1);
    end
  end

endmodule
