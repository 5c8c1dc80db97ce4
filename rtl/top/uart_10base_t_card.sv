// SPDX-License-Identifier: Apache-2.0
// A card whose host is on a UART and which codes 10BASE-T itself, without a PHY: wiring, without anything of a board or
// an FPGA family.
//
//   UART <-> uart_card <-> line_crossing <-> line_10base_t -> td_o: a twisted pair's driver
//               ^                                 |       <- rd_i: two comparators on the other pair
//               `-- link, 10 Mb/s, full duplex ---'
//
// Clocks: clk_i is 120 MHz, clk_line_i 80 MHz: eight levels a bit out, and as many samples in. They meet in
// line_crossing and sync_2ff.
module uart_10base_t_card (
    input logic clk_i,
    input logic rst_ni,

    input  logic uart_rx_i,
    output logic uart_tx_o,

    input logic clk_line_i,
    input logic rst_line_ni,

    // As LineLevel in hls/line/line_code.hpp: bit 0 positive, bit 1 negative, neither: zero. rd_i belongs to no clock.
    output logic [1:0] td_o,
    input  logic [1:0] rd_i,

    // 0 but in simulations: link pulses in microseconds instead of milliseconds.
    input logic short_timers_i,

    // Link, activity, error, heartbeat.
    output logic [3:0] leds_o
);

  // ---- line's clock -------------------------------------------------------------------------------------------------

  logic [1:0] rd;
  logic tx_has;
  logic [4:0] tx_count;
  logic [7:0] tx_data;
  logic tx_valid;
  logic tx_error;
  logic tx_enable;
  logic rx_enable;
  logic [10:0] rx;
  logic [3:0] status;  // signal, locked, link, inverted
  logic [4:0] counters;
  logic line_idle;

  sync_2ff #(
      .Width(2)
  ) u_rd (
      .clk_i (clk_line_i),
      .rst_ni(rst_line_ni),
      .d_i   (rd_i),
      .q_o   (rd)
  );

  // Where the code has no byte to take there is none: before the first has crossed.
  line_10base_t u_line (
      .clk_i         (clk_line_i),
      .rst_ni        (rst_line_ni),
      .mac_tx_i      ({1'b0, tx_error, tx_has && tx_valid, tx_data}),
      .tx_enable_o   (tx_enable),
      .line_rx_i     (rd),
      .short_timers_i(short_timers_i),
      .line_tx_o     (td_o),
      .mac_rx_o      (rx),
      .rx_enable_o   (rx_enable),
      .status_o      (status),
      .counters_o    (counters),
      .idle_o        (line_idle)
  );

  // ---- between the clocks -------------------------------------------------------------------------------------------

  logic line_tx_enable;
  logic [10:0] line_tx;
  logic line_rx_enable;
  logic [10:0] line_rx;
  logic link;

  line_crossing u_crossing (
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
      .wire_tx_clk_i    (clk_line_i),
      .wire_tx_rst_ni   (rst_line_ni),
      .wire_tx_has_o    (tx_has),
      .wire_tx_count_o  (tx_count),
      .wire_tx_data_o   (tx_data),
      .wire_tx_valid_o  (tx_valid),
      .wire_tx_error_o  (tx_error),
      .wire_tx_pop_i    (tx_enable),
      .wire_rx_clk_i    (clk_line_i),
      .wire_rx_rst_ni   (rst_line_ni),
      .wire_rx_push_i   (rx_enable),
      .wire_rx_data_i   (rx[7:0]),
      .wire_rx_valid_i  (rx[8]),
      .wire_rx_error_i  (rx[9]),
      .wire_rx_dribble_i(rx[10])
  );

  sync_2ff u_link (
      .clk_i (clk_i),
      .rst_ni(rst_ni),
      .d_i   (status[2]),
      .q_o   (link)
  );

  // ---- card and lamps -----------------------------------------------------------------------------------------------

  logic card_error;

  uart_card u_card (
      .clk_i           (clk_i),
      .rst_ni          (rst_ni),
      .uart_rx_i       (uart_rx_i),
      .uart_tx_o       (uart_tx_o),
      .phy_i           ({1'b1, 1'b0, link, 1'b1}),
      .line_tx_enable_i(line_tx_enable),
      .line_tx_o       (line_tx),
      .line_rx_enable_i(line_rx_enable),
      .line_rx_i       (line_rx),
      .error_o         (card_error)
  );

  status_leds u_status_leds (
      .clk_i     (clk_i),
      .rst_ni    (rst_ni),
      .link_i    (link),
      .activity_i(line_rx[8] || line_tx[8]),
      .error_i   (card_error || line_rx[9] || line_rx[10]),
      .leds_o    (leds_o)
  );

  logic unused;
  assign unused = ^{line_tx[10], tx_count, status[3], status[1:0], counters, line_idle};

endmodule
