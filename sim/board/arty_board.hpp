// SPDX-License-Identifier: Apache-2.0
// The Arty A7 as a SystemC platform: the card's RTL, its PHY, the chip's wires, and clocks that really drift.
//
//   FT2232H's model <-> UartPins <--2 wires--> CardModule (120 MHz) <--MII, MDIO--> PhyModule <-> LinePeer
//                                                    clk: the board's crystal; mii_tx_clk: from it, in some phase
//                                                    mii_rx_clk: the far end's crystal
//
// What constraints and MMCM are for is not in here: rtl/top/arty_a7.sv is wiring around the same module.
//
// SystemC elaborates once in a process, and its time goes on: one board a process, made before time moves. Call
// sc_set_time_resolution(1, SC_FS) before anything else.
#pragma once

#include "sim/board/board_on_uart.hpp"
#include "sim/board/card_module.hpp"
#include "sim/board/phy_module.hpp"
#include "sim/board/uart_pins.hpp"

namespace sockwire::sim {

class ArtyBoard final : public sc_core::sc_module {
 public:
  /// line: outlives it.
  ArtyBoard(const sc_core::sc_module_name& name, LinePeer<1>& line, const BoardClocks& clocks = {});

  UartPins& uart() { return uart_; }
  PhyModule& phy() { return phy_; }
  const CardModule& card() const { return card_; }
  /// The red button, or the cable that feeds the board: nothing moves while it is held. Call it between two calls of
  /// sc_start().
  void hold_reset(bool held) { rst_n_.write(!held); }
  /// Link, activity, error, heartbeat, from bit 0.
  unsigned leds() const { return static_cast<unsigned>(leds_.read().value()); }

 private:
  sc_core::sc_clock clk_;
  sc_core::sc_clock mii_tx_clk_;
  sc_core::sc_clock mii_rx_clk_;
  sc_core::sc_signal<bool> rst_n_{"rst_n"};
  sc_core::sc_signal<bool> uart_to_card_{"uart_to_card", true};
  sc_core::sc_signal<bool> uart_from_card_{"uart_from_card", true};
  sc_core::sc_signal<sc_dt::sc_uint<4>> txd_{"txd"};
  sc_core::sc_signal<bool> tx_en_{"tx_en"};
  sc_core::sc_signal<sc_dt::sc_uint<4>> rxd_{"rxd"};
  sc_core::sc_signal<bool> rx_dv_{"rx_dv"};
  sc_core::sc_signal<bool> rx_er_{"rx_er"};
  sc_core::sc_signal<bool> crs_{"crs"};
  sc_core::sc_signal<bool> col_{"col"};
  sc_core::sc_signal<bool> phy_rst_n_{"phy_rst_n"};
  sc_core::sc_signal<bool> mdc_{"mdc"};
  sc_core::sc_signal<bool> mdio_{"mdio", true};
  sc_core::sc_signal<bool> mdio_by_card_{"mdio_by_card"};
  sc_core::sc_signal<bool> mdio_driven_{"mdio_driven"};
  sc_core::sc_signal<sc_dt::sc_uint<4>> leds_{"leds"};
  CardModule card_{"card"};
  PhyModule phy_;
  UartPins uart_{"uart"};
};

using BoardOnUart = BoardOn<ArtyBoard>;

}  // namespace sockwire::sim
