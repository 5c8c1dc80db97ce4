// SPDX-License-Identifier: Apache-2.0
// The Digilent Arty A7, 35T and 100T alike: clocks, resets and pins around uart_mii_card. Ports are named as in Digilent's
// master constraints; constraints/arty_a7_*.xdc say where they are.
//
//   CLK100MHZ --> MMCM, 1200 MHz --> / 10: 120 MHz, the card's only clock, of which 12 Mbaud is 10 a bit
//                                `-> / 48: 25 MHz, the PHY's crystal
//   eth_tx_clk (from those 25 MHz), eth_rx_clk (the peer's): 25 MHz each, clock domains of their own
//
// A reset (the board's red button, or the MMCM without lock) begins in all three domains at once and ends in each on its
// own clock. The PHY's reset is longer: mdio makes it.
module arty_a7 (
    input  logic       CLK100MHZ,
    input  logic       ck_rst,
    // Named from the FT2232H's side.
    input  logic       uart_txd_in,
    output logic       uart_rxd_out,
    output logic [3:0] led,
    output logic       eth_ref_clk,
    output logic       eth_rstn,
    output logic       eth_mdc,
    inout  wire        eth_mdio,
    input  logic       eth_tx_clk,
    output logic [3:0] eth_txd,
    output logic       eth_tx_en,
    input  logic       eth_rx_clk,
    input  logic [3:0] eth_rxd,
    input  logic       eth_rx_dv,
    input  logic       eth_rxerr,
    input  logic       eth_crs,
    input  logic       eth_col
);

  // ---- clocks -------------------------------------------------------------------------------------------------------

  logic mmcm_feedback;
  logic mmcm_card;
  logic mmcm_phy;
  logic locked;
  logic clk;
  logic clk_phy;
  logic clk_mii_tx;
  logic clk_mii_rx;

  MMCME2_BASE #(
      .CLKIN1_PERIOD   (10.0),
      .CLKFBOUT_MULT_F (12.0),
      .CLKOUT0_DIVIDE_F(10.0),
      .CLKOUT1_DIVIDE  (48)
  ) u_mmcm (
      .CLKIN1  (CLK100MHZ),
      .CLKFBIN (mmcm_feedback),
      .RST     (1'b0),
      .PWRDWN  (1'b0),
      .CLKFBOUT(mmcm_feedback),
      .CLKOUT0 (mmcm_card),
      .CLKOUT1 (mmcm_phy),
      .LOCKED  (locked)
  );

  BUFG u_clk (
      .I(mmcm_card),
      .O(clk)
  );
  BUFG u_clk_phy (
      .I(mmcm_phy),
      .O(clk_phy)
  );
  BUFG u_clk_mii_tx (
      .I(eth_tx_clk),
      .O(clk_mii_tx)
  );
  BUFG u_clk_mii_rx (
      .I(eth_rx_clk),
      .O(clk_mii_rx)
  );

  // A clock leaves through an output register: the same delay whatever the routing.
  ODDR #(
      .DDR_CLK_EDGE("SAME_EDGE")
  ) u_ref_clk (
      .C (clk_phy),
      .CE(1'b1),
      .D1(1'b1),
      .D2(1'b0),
      .R (1'b0),
      .S (1'b0),
      .Q (eth_ref_clk)
  );

  // ---- resets -------------------------------------------------------------------------------------------------------

  logic run;
  logic rst_n;
  logic rst_mii_tx_n;
  logic rst_mii_rx_n;

  assign run = ck_rst && locked;

  sync_2ff u_rst (
      .clk_i (clk),
      .rst_ni(run),
      .d_i   (1'b1),
      .q_o   (rst_n)
  );
  sync_2ff u_rst_mii_tx (
      .clk_i (clk_mii_tx),
      .rst_ni(run),
      .d_i   (1'b1),
      .q_o   (rst_mii_tx_n)
  );
  sync_2ff u_rst_mii_rx (
      .clk_i (clk_mii_rx),
      .rst_ni(run),
      .d_i   (1'b1),
      .q_o   (rst_mii_rx_n)
  );

  // ---- the card -----------------------------------------------------------------------------------------------------

  logic mdio_in;
  logic mdio_out;
  logic mdio_drives;
  logic tx_er;

  IOBUF u_mdio (
      .IO(eth_mdio),
      .O (mdio_in),
      .I (mdio_out),
      .T (!mdio_drives)
  );

  uart_mii_card u_card (
      .clk_i        (clk),
      .rst_ni       (rst_n),
      .uart_rx_i    (uart_txd_in),
      .uart_tx_o    (uart_rxd_out),
      .mii_tx_clk_i (clk_mii_tx),
      .mii_tx_rst_ni(rst_mii_tx_n),
      .mii_txd_o    (eth_txd),
      .mii_tx_en_o  (eth_tx_en),
      .mii_tx_er_o  (tx_er),
      .mii_rx_clk_i (clk_mii_rx),
      .mii_rx_rst_ni(rst_mii_rx_n),
      .mii_rxd_i    (eth_rxd),
      .mii_rx_dv_i  (eth_rx_dv),
      .mii_rx_er_i  (eth_rxerr),
      .mii_crs_i    (eth_crs),
      .mii_col_i    (eth_col),
      .phy_rst_no   (eth_rstn),
      .mdc_o        (eth_mdc),
      .mdio_i       (mdio_in),
      .mdio_o       (mdio_out),
      .mdio_drives_o(mdio_drives),
      .leds_o       (led)
  );

  // The DP83848J has no TX_ER: a frame that the card spoils has a wrong FCS besides.
  logic unused;
  assign unused = tx_er;

endmodule
