// SPDX-License-Identifier: Apache-2.0
// A 100 Mb/s PHY's MII (IEEE 802.3 clause 22: nibbles at 25 MHz, low nibble first) to the engine's byte line, which moves
// as line_crossing says.
//
//   clk_i, 120 MHz        |  mii_tx_clk_i, 25 MHz (2.5 MHz at 10 Mb/s)
//   line_tx --- line_crossing -> two nibbles -> mii_txd, mii_tx_en, mii_tx_er
//   line_rx <-- line_crossing <- pairs of nibbles, found by the SFD <- mii_rxd, ...
//                         |  mii_rx_clk_i, 25 MHz (recovered from the peer)
//
// Timing: mii_rx* are sampled by one register, mii_tx* are driven by registers (clause 22.3: 10 ns of setup and hold at
// the PHY's reference point).
module mii_adapter (
    input  logic       clk_i,
    input  logic       rst_ni,
    output logic       line_tx_enable_o,
    input  logic [7:0] line_tx_data_i,
    input  logic       line_tx_valid_i,
    input  logic       line_tx_error_i,
    output logic       line_rx_enable_o,
    output logic [7:0] line_rx_data_o,
    output logic       line_rx_valid_o,
    output logic       line_rx_error_o,
    output logic       line_rx_dribble_o,

    input  logic       mii_tx_clk_i,
    input  logic       mii_tx_rst_ni,
    output logic [3:0] mii_txd_o,
    output logic       mii_tx_en_o,
    output logic       mii_tx_er_o,

    input logic       mii_rx_clk_i,
    input logic       mii_rx_rst_ni,
    input logic [3:0] mii_rxd_i,
    input logic       mii_rx_dv_i,
    input logic       mii_rx_er_i
);

  // ---- transmit, MII clock: two nibbles a byte ----------------------------------------------------------------------

  localparam logic [4:0] TxStart = 5'd4;

  logic [7:0] tx_data;
  logic tx_valid;
  logic tx_error;
  logic tx_has;
  logic [4:0] tx_count;
  logic tx_run_q;
  logic tx_high_q;
  logic [3:0] tx_next_q;
  logic tx_pop;

  assign tx_pop = tx_run_q && !tx_high_q;

  always_ff @(posedge mii_tx_clk_i or negedge mii_tx_rst_ni) begin
    if (!mii_tx_rst_ni) begin
      tx_run_q    <= 1'b0;
      tx_high_q   <= 1'b0;
      tx_next_q   <= '0;
      mii_txd_o   <= '0;
      mii_tx_en_o <= 1'b0;
      mii_tx_er_o <= 1'b0;
    end else if (!tx_run_q) begin
      tx_run_q    <= tx_count >= TxStart;
      mii_tx_en_o <= 1'b0;
      mii_tx_er_o <= 1'b0;
    end else if (tx_high_q) begin
      tx_high_q <= 1'b0;
      mii_txd_o <= tx_next_q;
    end else if (tx_has) begin
      tx_high_q   <= 1'b1;
      tx_next_q   <= tx_data[7:4];
      mii_txd_o   <= tx_data[3:0];
      mii_tx_en_o <= tx_valid;
      mii_tx_er_o <= tx_error;
    end else begin
      // Ran dry, which a clock of 113 MHz or more prevents: spoil the frame, if one is under way, and fill up again.
      tx_run_q    <= 1'b0;
      mii_tx_er_o <= mii_tx_en_o;
    end
  end

  // ---- receive, MII clock: pairs of nibbles -------------------------------------------------------------------------

  logic [3:0] rxd_q;
  logic rx_dv_q;
  logic rx_er_q;
  logic rx_frame_q;  // in a frame: since the first nibble of its preamble
  logic rx_data_q;  // the SFD has gone by
  logic rx_odd_q;  // rx_low_q holds the low nibble of a byte
  logic [3:0] rx_low_q;
  logic rx_low_er_q;
  logic rx_sfd;
  logic rx_push;
  logic [10:0] rx_entry;

  // The SFD's second nibble ends a byte wherever the preamble began (clause 22.2.3.2: a PHY may drop preamble nibbles).
  assign rx_sfd = rx_frame_q && !rx_data_q && rx_dv_q && rxd_q == 4'hD && rx_low_q == 4'h5;

  always_comb begin
    rx_push = 1'b0;
    rx_entry = {1'b0, rx_er_q || rx_low_er_q, 1'b1, rxd_q, rx_low_q};
    if (rx_dv_q) begin
      rx_push = rx_odd_q || rx_sfd;
    end else if (rx_frame_q) begin
      rx_push  = 1'b1;
      rx_entry = {rx_odd_q, 1'b0, 1'b0, 8'h00};
    end
  end

  always_ff @(posedge mii_rx_clk_i or negedge mii_rx_rst_ni) begin
    if (!mii_rx_rst_ni) begin
      rxd_q <= '0;
      rx_dv_q <= 1'b0;
      rx_er_q <= 1'b0;
      rx_frame_q <= 1'b0;
      rx_data_q <= 1'b0;
      rx_odd_q <= 1'b0;
      rx_low_q <= '0;
      rx_low_er_q <= 1'b0;
    end else begin
      rxd_q <= mii_rxd_i;
      rx_dv_q <= mii_rx_dv_i;
      rx_er_q <= mii_rx_er_i;
      rx_frame_q <= rx_dv_q;
      rx_data_q <= rx_dv_q && (rx_data_q || rx_sfd);
      rx_odd_q <= rx_dv_q && !rx_odd_q && !rx_sfd;
      rx_low_q <= rxd_q;
      rx_low_er_q <= rx_dv_q && rx_er_q && !rx_odd_q && !rx_sfd;
    end
  end

  // ---- between the clocks -------------------------------------------------------------------------------------------

  line_crossing u_crossing (
      .clk_i            (clk_i),
      .rst_ni           (rst_ni),
      .line_tx_enable_o (line_tx_enable_o),
      .line_tx_data_i   (line_tx_data_i),
      .line_tx_valid_i  (line_tx_valid_i),
      .line_tx_error_i  (line_tx_error_i),
      .line_rx_enable_o (line_rx_enable_o),
      .line_rx_data_o   (line_rx_data_o),
      .line_rx_valid_o  (line_rx_valid_o),
      .line_rx_error_o  (line_rx_error_o),
      .line_rx_dribble_o(line_rx_dribble_o),
      .wire_tx_clk_i    (mii_tx_clk_i),
      .wire_tx_rst_ni   (mii_tx_rst_ni),
      .wire_tx_has_o    (tx_has),
      .wire_tx_count_o  (tx_count),
      .wire_tx_data_o   (tx_data),
      .wire_tx_valid_o  (tx_valid),
      .wire_tx_error_o  (tx_error),
      .wire_tx_pop_i    (tx_pop),
      .wire_rx_clk_i    (mii_rx_clk_i),
      .wire_rx_rst_ni   (mii_rx_rst_ni),
      .wire_rx_push_i   (rx_push),
      .wire_rx_data_i   (rx_entry[7:0]),
      .wire_rx_valid_i  (rx_entry[8]),
      .wire_rx_error_i  (rx_entry[9]),
      .wire_rx_dribble_i(rx_entry[10])
  );

endmodule
