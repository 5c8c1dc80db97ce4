// SPDX-License-Identifier: Apache-2.0
// A card whose host is on a UART and whose PHY is on MII: wiring, without anything of a board or an FPGA family.
//
//   uart_rx_i -> uart -> uart_link -- commands --> engine_w1 <-> mii_adapter <-> MII
//   uart_tx_o <- uart <- uart_link <-- events ----'
//                            ^-- what the PHY says -- mdio <-> PHY
//
// Clocks: clk_i is 120 MHz; the others are the PHY's. Domains meet in mii_adapter and in sync_2ff.
module uart_mii_card (
    input logic clk_i,
    input logic rst_ni,

    input  logic uart_rx_i,
    output logic uart_tx_o,

    input  logic       mii_tx_clk_i,
    input  logic       mii_tx_rst_ni,
    output logic [3:0] mii_txd_o,
    output logic       mii_tx_en_o,
    output logic       mii_tx_er_o,
    input  logic       mii_rx_clk_i,
    input  logic       mii_rx_rst_ni,
    input  logic [3:0] mii_rxd_i,
    input  logic       mii_rx_dv_i,
    input  logic       mii_rx_er_i,
    // Neither belongs to a clock (IEEE 802.3 clause 22.2.2.11 and .12).
    input  logic       mii_crs_i,
    input  logic       mii_col_i,

    output logic phy_rst_no,
    output logic mdc_o,
    input  logic mdio_i,
    output logic mdio_o,
    output logic mdio_drives_o,

    // Link, activity, error, heartbeat.
    output logic [3:0] leds_o
);

  // ---- what comes without a clock -----------------------------------------------------------------------------------

  logic uart_rx;
  logic mdio;
  logic crs;
  logic col;

  sync_2ff #(
      .Width(4),
      .ResetValue(4'b0001)
  ) u_pins (
      .clk_i (clk_i),
      .rst_ni(rst_ni),
      .d_i   ({mii_col_i, mii_crs_i, mdio_i, uart_rx_i}),
      .q_o   ({col, crs, mdio, uart_rx})
  );

  // ---- host ---------------------------------------------------------------------------------------------------------

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
  logic [3:0] phy_status;  // present, link, 100 Mb/s, full duplex

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
      .phy_i             (phy_status),
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

  // ---- engine and wire ----------------------------------------------------------------------------------------------

  logic line_tx_enable;
  logic [10:0] line_tx;
  logic line_rx_enable;
  logic [10:0] line_rx;
  logic [64:0] engine_deadline;
  logic engine_idle;

  engine_w1 u_engine (
      .clk_i             (clk_i),
      .rst_ni            (rst_ni),
      .s_commands_data_i (commands_data),
      .s_commands_valid_i(commands_valid),
      .s_commands_ready_o(commands_ready),
      .now_ns_i          (now_ns),
      .boot_id_i         (boot_id),
      .tx_enable_i       (line_tx_enable),
      .rx_enable_i       (line_rx_enable),
      .line_rx_i         (line_rx),
      .line_tx_o         (line_tx),
      .m_events_data_o   (events_data),
      .m_events_valid_o  (events_valid),
      .m_events_ready_i  (events_ready),
      .deadline_o        (engine_deadline),
      .idle_o            (engine_idle)
  );

  mii_adapter u_mii (
      .clk_i            (clk_i),
      .rst_ni           (rst_ni),
      .line_tx_enable_o (line_tx_enable),
      .line_tx_data_i   (line_tx[7:0]),
      .line_tx_valid_i  (line_tx[8]),
      .line_tx_error_i  (line_tx[9]),
      .line_rx_enable_o (line_rx_enable),
      .line_rx_data_o   (line_rx[7:0]),
      .line_rx_valid_o  (line_rx[8]),
      .line_rx_error_o  (line_rx[9]),
      .line_rx_dribble_o(line_rx[10]),
      .mii_tx_clk_i     (mii_tx_clk_i),
      .mii_tx_rst_ni    (mii_tx_rst_ni),
      .mii_txd_o        (mii_txd_o),
      .mii_tx_en_o      (mii_tx_en_o),
      .mii_tx_er_o      (mii_tx_er_o),
      .mii_rx_clk_i     (mii_rx_clk_i),
      .mii_rx_rst_ni    (mii_rx_rst_ni),
      .mii_rxd_i        (mii_rxd_i),
      .mii_rx_dv_i      (mii_rx_dv_i),
      .mii_rx_er_i      (mii_rx_er_i)
  );

  // ---- PHY and lamps ------------------------------------------------------------------------------------------------

  mdio u_mdio (
      .clk_i     (clk_i),
      .rst_ni    (rst_ni),
      .pin_i     (mdio),
      .mdc_o     (mdc_o),
      .mdio_bit_o(mdio_o),
      .drives_o  (mdio_drives_o),
      .running_o (phy_rst_no),
      .status_o  (phy_status)
  );

  // Error: a spoilt frame on either side, or one that was shed; or a collision, which a full duplex link does not have
  // and a half duplex one this card does not repair.
  status_leds u_status_leds (
      .clk_i     (clk_i),
      .rst_ni    (rst_ni),
      .link_i    (phy_status[1]),
      .activity_i(crs || line_tx[8]),
      .error_i   (link_counters[1] || (|receive_counters[2:1]) || line_rx[9] || line_rx[10] || col),
      .leds_o    (leds_o)
  );

  logic unused;
  assign unused = ^{
    link_counters[3:2], link_counters[0], receive_counters[0], line_tx[10],
    uart_idle, link_idle, engine_idle, link_deadline, engine_deadline  // for simulators
  };

endmodule
