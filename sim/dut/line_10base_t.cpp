// SPDX-License-Identifier: Apache-2.0
#include "hls/line/line_10base_t.hpp"

#include "Vline_10base_t.h"
#include "line_10base_t_latency.hpp"
#include "sim/dut/native_line_port.hpp"
#include "sim/dut/verilated_line_port.hpp"

namespace sockwire::sim {

template <>
std::unique_ptr<LinePort<Code10BaseT>> make_native_line_port<Code10BaseT>() {
  return native_line_port<Code10BaseT, Line10BaseTParts, Line10baseTLatency>([](auto& parts, auto& w) {
    line_10base_t(parts, w.mac_tx, w.tx_enable, w.line_rx, w.short_timers, w.line_tx, w.mac_rx, w.rx_enable, w.status,
                  w.counters);
  });
}

template <>
std::unique_ptr<LinePort<Code10BaseT>> make_verilated_line_port<Code10BaseT>() {
  return std::make_unique<VerilatedLinePort<Code10BaseT, Vline_10base_t>>();
}

}  // namespace sockwire::sim
