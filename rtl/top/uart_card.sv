// SPDX-License-Identifier: Apache-2.0
// A card whose host is on a UART, up to the engine's line: wiring.
//
//   uart_rx_i -> uart -> uart_link -- commands --> engine_w1 <-> line_*
//   uart_tx_o <- uart <- uart_link <-- events ----'
//                            ^-- phy_i, for the host
//
// Everything is in clk_i's domain, 120 MHz, but for the UART's pin.
module uart_card (
    input logic clk_i,
    input logic rst_ni,

    input  logic uart_rx_i,
    output logic uart_tx_o,

    // present, link, 100 Mb/s, full duplex (hls/link/phy_status.hpp)
    input logic [3:0] phy_i,

    // As hls/top/ports.hpp packs it.
    input  logic        line_tx_enable_i,
    output logic [10:0] line_tx_o,
    input  logic        line_rx_enable_i,
    input  logic [10:0] line_rx_i,

    // For a clock: a frame of the link came spoilt, or one of the line's was shed.
    output logic error_o
);

  // ---- host ---------------------------------------------------------------------------------------------------------

  logic uart_rx;

  sync_2ff #(
      .ResetValue(1'b1)
  ) u_pin (
      .clk_i (clk_i),
      .rst_ni(rst_ni),
      .d_i   (uart_rx_i),
      .q_o   (uart_rx)
  );

  logic [63:0] now_ns;
  logic [31:0] boot_id;
  logic [7:0] divisor;
  logic [8:0] uart_rx_data;
  logic uart_rx_valid;
  logic uart_rx_ready;
  logic [7:0] uart_tx_data;
  logic uart_tx_valid;
  logic uart_tx_ready;
  logic uart_tx_low;
  logic uart_tx_busy;
  logic [9:0] commands_data;
  logic commands_valid;
  logic commands_ready;
  logic [9:0] events_data;
  logic events_valid;
  logic events_ready;
  logic [3:0] link_counters;
  logic [2:0] receive_counters;
  logic [20:0] link_deadline;
  logic uart_idle;
  logic link_idle;
  logic [64:0] engine_deadline;
  logic engine_idle;

  card_time u_card_time (
      .clk_i   (clk_i),
      .rst_ni  (rst_ni),
      .now_ns_o(now_ns)
  );

  boot_id u_boot_id (
      .clk_i    (clk_i),
      .rst_ni   (rst_ni),
      .command_i(commands_valid),
      .id_o     (boot_id)
  );

  uart u_uart (
      .clk_i            (clk_i),
      .rst_ni           (rst_ni),
      .rxd_i            (uart_rx),
      .s_line_tx_data_i (uart_tx_data),
      .s_line_tx_valid_i(uart_tx_valid),
      .s_line_tx_ready_o(uart_tx_ready),
      .divisor_i        (divisor),
      .m_line_rx_data_o (uart_rx_data),
      .m_line_rx_valid_o(uart_rx_valid),
      .m_line_rx_ready_i(uart_rx_ready),
      .txd_low_o        (uart_tx_low),
      .line_busy_o      (uart_tx_busy),
      .idle_o           (uart_idle)
  );

  assign uart_tx_o = !uart_tx_low;

  uart_link u_uart_link (
      .clk_i             (clk_i),
      .rst_ni            (rst_ni),
      .s_line_rx_data_i  (uart_rx_data),
      .s_line_rx_valid_i (uart_rx_valid),
      .s_line_rx_ready_o (uart_rx_ready),
      .line_busy_i       (uart_tx_busy),
      .s_events_data_i   (events_data),
      .s_events_valid_i  (events_valid),
      .s_events_ready_o  (events_ready),
      .ticks_i           (now_ns[35:16]),
      .phy_i             (phy_i),
      .m_commands_data_o (commands_data),
      .m_commands_valid_o(commands_valid),
      .m_commands_ready_i(commands_ready),
      .m_line_tx_data_o  (uart_tx_data),
      .m_line_tx_valid_o (uart_tx_valid),
      .m_line_tx_ready_i (uart_tx_ready),
      .divisor_o         (divisor),
      .counters_o        (link_counters),
      .receive_counters_o(receive_counters),
      .deadline_o        (link_deadline),
      .idle_o            (link_idle)
  );

  // ---- engine -------------------------------------------------------------------------------------------------------

  engine_w1 u_engine (
      .clk_i             (clk_i),
      .rst_ni            (rst_ni),
      .s_commands_data_i (commands_data),
      .s_commands_valid_i(commands_valid),
      .s_commands_ready_o(commands_ready),
      .now_ns_i          (now_ns),
      .boot_id_i         (boot_id),
      .tx_enable_i       (line_tx_enable_i),
      .rx_enable_i       (line_rx_enable_i),
      .line_rx_i         (line_rx_i),
      .line_tx_o         (line_tx_o),
      .m_events_data_o   (events_data),
      .m_events_valid_o  (events_valid),
      .m_events_ready_i  (events_ready),
      .deadline_o        (engine_deadline),
      .idle_o            (engine_idle)
  );

  assign error_o = link_counters[1] || (|receive_counters[2:1]);

  logic unused;
  assign unused = ^{
    link_counters[3:2], link_counters[0], receive_counters[0],
    uart_idle, link_idle, engine_idle, link_deadline, engine_deadline  // for simulators
  };

endmodule
