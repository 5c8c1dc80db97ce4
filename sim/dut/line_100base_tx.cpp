// SPDX-License-Identifier: Apache-2.0
#include "hls/line/line_100base_tx.hpp"

#include "Vline_100base_tx.h"
#include "line_100base_tx_latency.hpp"
#include "sim/dut/native_line_port.hpp"
#include "sim/dut/verilated_line_port.hpp"

namespace sockwire::sim {

template <>
std::unique_ptr<LinePort<Code100BaseTx>> make_native_line_port<Code100BaseTx>() {
  return native_line_port<Code100BaseTx, Line100BaseTxParts, Line100baseTxLatency>([](auto& parts, auto& w) {
    line_100base_tx(parts, w.mac_tx, w.tx_enable, w.line_rx, w.line_tx, w.mac_rx, w.rx_enable, w.status, w.counters,
                    w.short_timers);
  });
}

template <>
std::unique_ptr<LinePort<Code100BaseTx>> make_verilated_line_port<Code100BaseTx>() {
  return std::make_unique<VerilatedLinePort<Code100BaseTx, Vline_100base_tx>>();
}

}  // namespace sockwire::sim
