// SPDX-License-Identifier: Apache-2.0
#include "sim/board/arty_board.hpp"

#include "hls/link/link_frame.hpp"

namespace sockwire::sim {

namespace {

using sc_core::sc_time;

constexpr double kMiiPeriodFs = 40e6;

sc_time period(double ideal_fs, double ppm) { return sc_time(ideal_fs / (1 + ppm * 1e-6), sc_core::SC_FS); }

}  // namespace

// The phases are of no meaning, but that no two clocks begin together.
ArtyBoard::ArtyBoard(const sc_core::sc_module_name& name, LinePeer<1>& line, const BoardClocks& clocks)
    : sc_module(name),
      clk_("clk", period(1e15 / (kLinkCardClockMhz * 1e6), clocks.board_ppm), 0.5, sc_time(1e6, sc_core::SC_FS), true),
      mii_tx_clk_("mii_tx_clk", period(kMiiPeriodFs, clocks.board_ppm), 0.5, sc_time(7.1e6, sc_core::SC_FS), true),
      mii_rx_clk_("mii_rx_clk", period(kMiiPeriodFs, clocks.peer_ppm), 0.5, sc_time(13.7e6, sc_core::SC_FS), true),
      phy_("phy", line) {
  card_.clk(clk_);
  card_.mii_tx_clk(mii_tx_clk_);
  card_.mii_rx_clk(mii_rx_clk_);
  card_.rst_n(rst_n_);
  card_.uart_rx(uart_to_card_);
  card_.uart_tx(uart_from_card_);
  card_.mii_txd(txd_);
  card_.mii_tx_en(tx_en_);
  card_.mii_rxd(rxd_);
  card_.mii_rx_dv(rx_dv_);
  card_.mii_rx_er(rx_er_);
  card_.mii_crs(crs_);
  card_.mii_col(col_);
  card_.phy_rst_n(phy_rst_n_);
  card_.mdc(mdc_);
  card_.mdio_in(mdio_);
  card_.mdio_out(mdio_by_card_);
  card_.mdio_drives(mdio_driven_);
  card_.leds(leds_);
  phy_.rst_n(phy_rst_n_);
  phy_.tx_clk(mii_tx_clk_);
  phy_.txd(txd_);
  phy_.tx_en(tx_en_);
  phy_.rx_clk(mii_rx_clk_);
  phy_.rxd(rxd_);
  phy_.rx_dv(rx_dv_);
  phy_.rx_er(rx_er_);
  phy_.crs(crs_);
  phy_.mdc(mdc_);
  phy_.mdio_driven(mdio_driven_);
  phy_.mdio_by_card(mdio_by_card_);
  phy_.mdio(mdio_);
  uart_.to_card(uart_to_card_);
  uart_.from_card(uart_from_card_);
}

}  // namespace sockwire::sim
