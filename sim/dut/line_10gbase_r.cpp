// SPDX-License-Identifier: Apache-2.0
#include "hls/line/line_10gbase_r.hpp"

#include "Vline_10gbase_r.h"
#include "line_10gbase_r_latency.hpp"
#include "sim/dut/native_line_port.hpp"
#include "sim/dut/verilated_line_port.hpp"

namespace sockwire::sim {

template <>
std::unique_ptr<LinePort<Code10GBaseR>> make_native_line_port<Code10GBaseR>() {
  return native_line_port<Code10GBaseR, Line10GBaseRParts, Line10gbaseRLatency>([](auto& parts, auto& w) {
    line_10gbase_r(parts, w.mac_tx, w.tx_enable, w.line_rx, w.line_tx, w.mac_rx, w.rx_enable, w.status, w.counters);
  });
}

template <>
std::unique_ptr<LinePort<Code10GBaseR>> make_verilated_line_port<Code10GBaseR>() {
  return std::make_unique<VerilatedLinePort<Code10GBaseR, Vline_10gbase_r>>();
}

}  // namespace sockwire::sim
