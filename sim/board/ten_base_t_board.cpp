// SPDX-License-Identifier: Apache-2.0
#include "sim/board/ten_base_t_board.hpp"

#include "hls/link/link_frame.hpp"

namespace sockwire::sim {

namespace {

using sc_core::sc_time;

constexpr double kLinePeriodFs = 12.5e6;

sc_time period(double ideal_fs, double ppm) { return sc_time(ideal_fs / (1 + ppm * 1e-6), sc_core::SC_FS); }

}  // namespace

// The phases are of no meaning, but that no two clocks begin together.
TenBaseTBoard::TenBaseTBoard(const sc_core::sc_module_name& name, LinePeer<1>& line, const BoardClocks& clocks,
                             const CopperSettings& copper, std::uint64_t seed)
    : sc_module(name),
      clk_("clk", period(1e15 / (kLinkCardClockMhz * 1e6), clocks.board_ppm), 0.5, sc_time(1e6, sc_core::SC_FS), true),
      clk_line_("clk_line", period(kLinePeriodFs, clocks.board_ppm), 0.5, sc_time(2.3e6, sc_core::SC_FS), true),
      clk_station_("clk_station", period(kLinePeriodFs, clocks.peer_ppm), 0.5, sc_time(5.9e6, sc_core::SC_FS), true),
      station_("station", line),
      out_("out", copper, seed),
      in_("in", copper, seed + 1) {
  card_.clk(clk_);
  card_.clk_line(clk_line_);
  card_.rst_n(rst_n_);
  card_.uart_rx(uart_to_card_);
  card_.uart_tx(uart_from_card_);
  card_.td(card_td_);
  card_.rd(card_rd_);
  card_.leds(leds_);
  out_.tx_clock(clk_line_);
  out_.tx_symbol(card_td_);
  out_.rx_clock(clk_station_);
  out_.rx_symbol(station_rd_);
  out_.plugged(plugged_);
  station_.clk(clk_station_);
  station_.rd(station_rd_);
  station_.td(station_td_);
  in_.tx_clock(clk_station_);
  in_.tx_symbol(station_td_);
  in_.rx_clock(clk_line_);
  in_.rx_symbol(card_rd_);
  in_.plugged(plugged_);
  uart_.to_card(uart_to_card_);
  uart_.from_card(uart_from_card_);
}

}  // namespace sockwire::sim
