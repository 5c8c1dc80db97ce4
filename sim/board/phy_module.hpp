// SPDX-License-Identifier: Apache-2.0
// The board's PHY as a SystemC module: MII's nibbles on one side, a byte line on the other, registers behind MDIO.
//
//   txd, tx_en at tx_clk --> bytes --> LinePeer --> nibbles, a few of them waiting --> rxd, rx_dv at rx_clk
//
// 100 Mb/s and full duplex: no collision. Bytes of the line move with tx_clk; rx_clk may be fast or slow against it, as
// the clock of the far end's frames is. What the wire does to signals is not in here (sim/phy/copper).
#pragma once

#include <cstdint>
#include <deque>
#include <systemc>

#include "sim/board/phy_registers.hpp"
#include "sim/phy/line_peer.hpp"

namespace sockwire::sim {

class PhyModule final : public sc_core::sc_module {
 public:
  sc_core::sc_in<bool> rst_n{"rst_n"};
  sc_core::sc_in<bool> tx_clk{"tx_clk"};
  sc_core::sc_in<sc_dt::sc_uint<4>> txd{"txd"};
  sc_core::sc_in<bool> tx_en{"tx_en"};
  sc_core::sc_in<bool> rx_clk{"rx_clk"};
  sc_core::sc_out<sc_dt::sc_uint<4>> rxd{"rxd"};
  sc_core::sc_out<bool> rx_dv{"rx_dv"};
  sc_core::sc_out<bool> rx_er{"rx_er"};
  sc_core::sc_out<bool> crs{"crs"};
  sc_core::sc_in<bool> mdc{"mdc"};
  sc_core::sc_in<bool> mdio_driven{"mdio_driven"};  ///< by the card
  sc_core::sc_in<bool> mdio_by_card{"mdio_by_card"};
  sc_core::sc_out<bool> mdio{"mdio"};

  SC_HAS_PROCESS(PhyModule);
  /// line: outlives it.
  PhyModule(const sc_core::sc_module_name& name, LinePeer<1>& line);

  /// The cable is plugged in, as the registers say it. Frames pass in either case.
  void set_link(bool up, bool hundred = true, bool full_duplex = true);
  const PhyRegisters& registers() const { return registers_; }

 private:
  void on_tx_clock();
  void on_rx_clock();
  void exchange(const Line<1>& sent);

  LinePeer<1>& line_;
  PhyRegisters registers_;
  bool high_ = false;  // the nibble of the byte that is due
  unsigned low_ = 0;
  bool valid_ = false;
  unsigned idle_ = 0;         // byte times
  std::deque<int> received_;  // nibbles, bit 4 an error; -1 ends a frame
  bool receiving_ = false;    // the last byte from the line belonged to a frame
  bool playing_ = false;      // so did the last nibble to the card
  unsigned frames_ = 0;       // whole ones in received_
};

}  // namespace sockwire::sim
