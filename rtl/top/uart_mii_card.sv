// SPDX-License-Identifier: Apache-2.0
// A card whose host is on a UART and whose PHY is on MII: wiring, without anything of a board or an FPGA family.
//
//   UART <-> uart_card <-> mii_adapter <-> MII
//               ^-- what the PHY says -- mdio <-> PHY
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

  logic mdio;
  logic crs;
  logic col;

  sync_2ff #(
      .Width(3)
  ) u_pins (
      .clk_i (clk_i),
      .rst_ni(rst_ni),
      .d_i   ({mii_col_i, mii_crs_i, mdio_i}),
      .q_o   ({col, crs, mdio})
  );

  // ---- card and wire ------------------------------------------------------------------------------------------------

  logic [3:0] phy_status;  // present, link, 100 Mb/s, full duplex
  logic line_tx_enable;
  logic [10:0] line_tx;
  logic line_rx_enable;
  logic [10:0] line_rx;
  logic card_error;

  uart_card u_card (
      .clk_i           (clk_i),
      .rst_ni          (rst_ni),
      .uart_rx_i       (uart_rx_i),
      .uart_tx_o       (uart_tx_o),
      .phy_i           (phy_status),
      .line_tx_enable_i(line_tx_enable),
      .line_tx_o       (line_tx),
      .line_rx_enable_i(line_rx_enable),
      .line_rx_i       (line_rx),
      .error_o         (card_error)
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
      .error_i   (card_error || line_rx[9] || line_rx[10] || col),
      .leds_o    (leds_o)
  );

  logic unused;
  assign unused = line_tx[10];

endmodule
