// SPDX-License-Identifier: Apache-2.0
// The Arty A7 without its PHY as a SystemC platform: the RTL that codes 10BASE-T itself, two pairs of copper as
// waveforms, and a station at their far end; each end's clocks are its own.
//
//   FT2232H's model <-> UartPins <--2 wires--> TenBaseTCardModule --td--> Copper10BaseTModule --> TenBaseTStation
//                                               120 and 80 MHz    <--rd-- Copper10BaseTModule <--      80 MHz
//
// What the pins' resistors, transformers and comparators are for is the copper's model (sim/phy/copper).
#pragma once

#include "sim/board/arty_board.hpp"
#include "sim/board/ten_base_t_card_module.hpp"
#include "sim/board/ten_base_t_station.hpp"
#include "sim/phy/systemc/medium_module.hpp"

namespace sockwire::sim {

class TenBaseTBoard final : public sc_core::sc_module {
 public:
  /// line: outlives it. copper: of each pair.
  TenBaseTBoard(const sc_core::sc_module_name& name, LinePeer<1>& line, const BoardClocks& clocks,
                const CopperSettings& copper, std::uint64_t seed);

  UartPins& uart() { return uart_; }
  const TenBaseTStation& station() const { return station_; }
  /// Between two calls of sc_start(), as the next ones.
  void hold_reset(bool held) { rst_n_.write(!held); }
  /// Both pairs.
  void plug(bool in) { plugged_.write(in); }
  /// Link, activity, error, heartbeat, from bit 0.
  unsigned leds() const { return static_cast<unsigned>(leds_.read().value()); }

 private:
  sc_core::sc_clock clk_;
  sc_core::sc_clock clk_line_;
  sc_core::sc_clock clk_station_;
  sc_core::sc_signal<bool> rst_n_{"rst_n"};
  sc_core::sc_signal<bool> plugged_{"plugged", true};
  sc_core::sc_signal<bool> uart_to_card_{"uart_to_card", true};
  sc_core::sc_signal<bool> uart_from_card_{"uart_from_card", true};
  sc_core::sc_signal<sc_dt::sc_uint<2>> card_td_{"card_td"};
  sc_core::sc_signal<sc_dt::sc_uint<2>> card_rd_{"card_rd"};
  sc_core::sc_signal<sc_dt::sc_uint<2>> station_td_{"station_td"};
  sc_core::sc_signal<sc_dt::sc_uint<2>> station_rd_{"station_rd"};
  sc_core::sc_signal<sc_dt::sc_uint<4>> leds_{"leds"};
  TenBaseTCardModule card_{"card"};
  TenBaseTStation station_;
  Copper10BaseTModule out_;
  Copper10BaseTModule in_;
  UartPins uart_{"uart"};
};

}  // namespace sockwire::sim
