// SPDX-License-Identifier: Apache-2.0
// The engine's byte line, at 115 to 125 MHz, to and from a wire of 12.5 MB/s or less with clocks of its own. The line
// moves only when its enable is 1, and stands still otherwise.
//
//            clk_i, 120 MHz               |  wire_tx_clk_i
//   line_tx --- a byte, if there is room -> async_fifo -> wire_tx_*: taken when wire_tx_pop_i
//   line_rx <-- enable, a byte --------- async_fifo <- wire_rx_*: a byte, or the end of a frame
//                                         |  wire_rx_clk_i
//
// Idle crosses too, so that the MAC's gap is a gap of the wire. The engine's side is faster than the wire: what is to be
// sent runs dry only before the first byte has crossed, and what has come never finds the FIFO full.
//
// Timing: domains meet in the two async_fifo, whose headers give the constraints.
module line_crossing (
    input  logic       clk_i,
    input  logic       rst_ni,
    // The engine's transmit line. It may change in the cycle after line_tx_enable_o.
    output logic       line_tx_enable_o,
    input  logic [7:0] line_tx_data_i,
    input  logic       line_tx_valid_i,
    input  logic       line_tx_error_i,
    // The engine's receive line. Idle is enabled too, so that the MAC can finish a frame.
    output logic       line_rx_enable_o,
    output logic [7:0] line_rx_data_o,
    output logic       line_rx_valid_o,
    output logic       line_rx_error_o,
    output logic       line_rx_dribble_o,

    input  logic       wire_tx_clk_i,
    input  logic       wire_tx_rst_ni,
    output logic       wire_tx_has_o,
    output logic [4:0] wire_tx_count_o,
    output logic [7:0] wire_tx_data_o,
    output logic       wire_tx_valid_o,
    output logic       wire_tx_error_o,
    input  logic       wire_tx_pop_i,

    input logic       wire_rx_clk_i,
    input logic       wire_rx_rst_ni,
    input logic       wire_rx_push_i,
    input logic [7:0] wire_rx_data_i,
    input logic       wire_rx_valid_i,
    input logic       wire_rx_error_i,
    input logic       wire_rx_dribble_i
);

  // ---- transmit: a byte in nine cycles, faster than the wire, until the FIFO is full --------------------------------

  localparam logic [3:0] PaceLast = 4'd8;
  localparam logic [3:0] PaceSample = 4'd4;

  logic [3:0] pace_q;
  logic tx_moves_q;  // the line was told to move in this turn
  logic tx_push;
  logic tx_room;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      pace_q <= '0;
      line_tx_enable_o <= 1'b0;
      tx_moves_q <= 1'b0;
    end else begin
      pace_q <= (pace_q == PaceLast) ? '0 : pace_q + 1'b1;
      line_tx_enable_o <= pace_q == PaceLast && tx_room;
      if (pace_q == PaceLast) tx_moves_q <= tx_room;
    end
  end

  // The room that was there when the line was told to move is there still: one byte is on its way at a time.
  assign tx_push = pace_q == PaceSample && tx_moves_q;

  async_fifo #(
      .Width(10),
      .DepthLog2(4)
  ) u_tx_cdc (
      .s_clk_i  (clk_i),
      .s_rst_ni (rst_ni),
      .s_valid_i(tx_push),
      .s_ready_o(tx_room),
      .s_data_i ({line_tx_error_i, line_tx_valid_i, line_tx_data_i}),
      .m_clk_i  (wire_tx_clk_i),
      .m_rst_ni (wire_tx_rst_ni),
      .m_valid_o(wire_tx_has_o),
      .m_ready_i(wire_tx_pop_i),
      .m_data_o ({wire_tx_error_o, wire_tx_valid_o, wire_tx_data_o}),
      .m_count_o(wire_tx_count_o)
  );

  // ---- receive ------------------------------------------------------------------------------------------------------

  logic rx_room;
  logic rx_has;
  logic [10:0] rx_out;
  logic [4:0] rx_count;

  async_fifo #(
      .Width(11),
      .DepthLog2(4)
  ) u_rx_cdc (
      .s_clk_i  (wire_rx_clk_i),
      .s_rst_ni (wire_rx_rst_ni),
      .s_valid_i(wire_rx_push_i),
      .s_ready_o(rx_room),
      .s_data_i ({wire_rx_dribble_i, wire_rx_error_i, wire_rx_valid_i, wire_rx_data_i}),
      .m_clk_i  (clk_i),
      .m_rst_ni (rst_ni),
      .m_valid_o(rx_has),
      .m_ready_i(1'b1),
      .m_data_o (rx_out),
      .m_count_o(rx_count)
  );

  // A byte a cycle leaves a FIFO that gets one in nine: it is never full.
  logic unused;
  assign unused = ^{rx_room, rx_count};

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      line_rx_enable_o  <= 1'b1;
      line_rx_data_o    <= '0;
      line_rx_valid_o   <= 1'b0;
      line_rx_error_o   <= 1'b0;
      line_rx_dribble_o <= 1'b0;
    end else if (rx_has) begin
      line_rx_enable_o <= 1'b1;
      {line_rx_dribble_o, line_rx_error_o, line_rx_valid_o, line_rx_data_o} <= rx_out;
    end else begin
      line_rx_enable_o  <= !line_rx_valid_o;
      line_rx_dribble_o <= 1'b0;
    end
  end

endmodule
