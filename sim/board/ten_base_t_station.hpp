// SPDX-License-Identifier: Apache-2.0
// Who is at the other end of a card's two pairs, as a SystemC module: 10BASE-T's kernels on one side, run natively with
// a clock of their own, a byte line on the other.
//
//   rd --> receiver --> bytes, a few of them waiting --> LinePeer --> transmitter --> td
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <systemc>

#include "sim/dut/line_port.hpp"
#include "sim/phy/line_peer.hpp"

namespace sockwire::sim {

class TenBaseTStation final : public sc_core::sc_module {
 public:
  sc_core::sc_in<bool> clk{"clk"};  ///< 80 MHz
  sc_core::sc_in<sc_dt::sc_uint<2>> rd{"rd"};
  sc_core::sc_out<sc_dt::sc_uint<2>> td{"td"};

  SC_HAS_PROCESS(TenBaseTStation);
  /// line: outlives it. Its link pulses come in microseconds.
  TenBaseTStation(const sc_core::sc_module_name& name, LinePeer<1>& line);

  const LineStatus& status() const { return port_->outputs().status; }

 private:
  void on_clock();
  void hear(const Line<1>& byte);
  Line<1> next_heard();
  Line<1> exchange();

  LinePeer<1>& line_;
  std::unique_ptr<LinePort<Code10BaseT>> port_;
  std::deque<int> heard_;   // bytes, bit 8 an error; -1 ends a frame
  bool hearing_ = false;    // the last byte from the pair belonged to a frame
  bool playing_ = false;    // so did the last byte to the line
  unsigned frames_ = 0;     // whole ones in heard_
  bool answering_ = false;  // the last byte from the line belonged to a frame
  unsigned idle_ = 0;       // byte times
};

}  // namespace sockwire::sim
