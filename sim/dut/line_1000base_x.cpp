// SPDX-License-Identifier: Apache-2.0
#include "hls/line/line_1000base_x.hpp"

#include "Vline_1000base_x.h"
#include "line_1000base_x_latency.hpp"
#include "sim/dut/native_line_port.hpp"
#include "sim/dut/verilated_line_port.hpp"

namespace sockwire::sim {

template <>
std::unique_ptr<LinePort<Code1000BaseX>> make_native_line_port<Code1000BaseX>() {
  return native_line_port<Code1000BaseX, Line1000BaseXParts, Line1000baseXLatency>([](auto& parts, auto& w) {
    line_1000base_x(parts, w.mac_tx, w.tx_enable, w.line_rx, w.short_timers, w.line_tx, w.mac_rx, w.rx_enable, w.status,
                    w.counters);
  });
}

template <>
std::unique_ptr<LinePort<Code1000BaseX>> make_verilated_line_port<Code1000BaseX>() {
  return std::make_unique<VerilatedLinePort<Code1000BaseX, Vline_1000base_x>>();
}

}  // namespace sockwire::sim
