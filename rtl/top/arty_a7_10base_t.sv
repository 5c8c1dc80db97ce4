// SPDX-License-Identifier: Apache-2.0
// The Digilent Arty A7, 35T and 100T alike, without its PHY: 10BASE-T straight from the pins of Pmod JB. Clocks, resets
// and pins around uart_10base_t_card. Ports are named as in Digilent's master constraints, the Pmod's for what they are;
// constraints/arty_a7_10base_t.xdc says where they are, constraints/arty.md what has to be between them and a cable.
//
//   CLK100MHZ --> MMCM, 1200 MHz --> / 10: 120 MHz, the card's clock
//                                `-> / 15: 80 MHz, the line's
//
// A reset (the board's red button, or the MMCM without lock) begins in both domains at once and ends in each on its own
// clock. The PHY is held in its reset.
module arty_a7_10base_t (
    input  logic       CLK100MHZ,
    input  logic       ck_rst,
    // Named from the FT2232H's side.
    input  logic       uart_txd_in,
    output logic       uart_rxd_out,
    output logic [3:0] led,
    output logic       eth_rstn,
    // The transmit pair. Both low: zero.
    output logic       td_p,
    output logic       td_n,
    // High while the receive pair is above the positive threshold, or below the negative one.
    input  logic       rd_above,
    input  logic       rd_below
);

  // ---- clocks -------------------------------------------------------------------------------------------------------

  logic mmcm_feedback;
  logic mmcm_card;
  logic mmcm_line;
  logic locked;
  logic clk;
  logic clk_line;

  MMCME2_BASE #(
      .CLKIN1_PERIOD   (10.0),
      .CLKFBOUT_MULT_F (12.0),
      .CLKOUT0_DIVIDE_F(10.0),
      .CLKOUT1_DIVIDE  (15)
  ) u_mmcm (
      .CLKIN1  (CLK100MHZ),
      .CLKFBIN (mmcm_feedback),
      .RST     (1'b0),
      .PWRDWN  (1'b0),
      .CLKFBOUT(mmcm_feedback),
      .CLKOUT0 (mmcm_card),
      .CLKOUT1 (mmcm_line),
      .LOCKED  (locked)
  );

  BUFG u_clk (
      .I(mmcm_card),
      .O(clk)
  );
  BUFG u_clk_line (
      .I(mmcm_line),
      .O(clk_line)
  );

  // ---- resets -------------------------------------------------------------------------------------------------------

  logic run;
  logic rst_n;
  logic rst_line_n;

  assign run = ck_rst && locked;
  assign eth_rstn = 1'b0;

  sync_2ff u_rst (
      .clk_i (clk),
      .rst_ni(run),
      .d_i   (1'b1),
      .q_o   (rst_n)
  );
  sync_2ff u_rst_line (
      .clk_i (clk_line),
      .rst_ni(run),
      .d_i   (1'b1),
      .q_o   (rst_line_n)
  );

  // ---- the card -----------------------------------------------------------------------------------------------------

  uart_10base_t_card u_card (
      .clk_i         (clk),
      .rst_ni        (rst_n),
      .uart_rx_i     (uart_txd_in),
      .uart_tx_o     (uart_rxd_out),
      .clk_line_i    (clk_line),
      .rst_line_ni   (rst_line_n),
      .td_o          ({td_n, td_p}),
      .rd_i          ({rd_below, rd_above}),
      .short_timers_i(1'b0),
      .leds_o        (led)
  );

endmodule
