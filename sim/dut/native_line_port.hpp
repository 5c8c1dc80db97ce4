// SPDX-License-Identifier: Apache-2.0
// The wires that the kernels of a line port, run natively, have in common. A code's native port is these and its design
// (hls/line/line_CODE.hpp):
//
//   template <>
//   std::unique_ptr<LinePort<CodeX>> make_native_line_port<CodeX>() {
//     return native_line_port<CodeX, LineXParts, LineXLatency>([](auto& parts, auto& w) {
//       line_x(parts, w.mac_tx, w.tx_enable, w.line_rx, w.line_tx, w.mac_rx, w.rx_enable, w.status, w.counters);
//     });
//   }
#pragma once

#include "hls/base/dataflow.hpp"
#include "sim/dut/line_port.hpp"

namespace sockwire::sim {

template <typename Code>
struct LineWires {
  wire<Line<Code::kBytes>> mac_tx;
  wire<bool> tx_enable;
  wire<typename Code::RxSymbol> line_rx;
  wire<typename Code::TxSymbol> line_tx;
  wire<Line<Code::kBytes>> mac_rx;
  wire<bool> rx_enable;
  wire<LineStatus> status;
  pulse<kLineCounters> counters;
  wire<bool> short_timers;  ///< see LinePort::shorten_timers(); for the codes that have such timers
};

/// Parts: of the dataflow function, with nets() as EngineParts has it. Latency: what hlsc wrote beside its module. Run:
/// calls the function.
template <typename Code, typename Parts, typename Latency, typename Run>
class NativeLinePort final : public LinePort<Code> {
 public:
  explicit NativeLinePort(Run run) : run_(run) { Latency::apply(parts_); }

  const typename LinePort<Code>::Outputs& outputs() const override { return outputs_; }

  void step(const typename LinePort<Code>::Inputs& inputs) override {
    wires_.mac_tx.drive(inputs.mac_tx);
    wires_.line_rx.drive(inputs.line_rx);
    run_(parts_, wires_);
    tick(wires_.mac_tx, wires_.tx_enable, wires_.line_rx, wires_.line_tx, wires_.mac_rx, wires_.rx_enable,
         wires_.status, wires_.counters, wires_.short_timers);
    parts_.nets([](auto&... nets) { tick(nets...); });
    outputs_.tx_enable = wires_.tx_enable.value();
    outputs_.line_tx = wires_.line_tx.value();
    outputs_.mac_rx = wires_.mac_rx.value();
    outputs_.rx_enable = wires_.rx_enable.value();
    outputs_.status = wires_.status.value();
    outputs_.counted = wires_.counters.read();
  }

  void shorten_timers() override { wires_.short_timers.drive(true); }

 private:
  Run run_;
  Parts parts_;
  LineWires<Code> wires_;
  typename LinePort<Code>::Outputs outputs_;
};

template <typename Code, typename Parts, typename Latency, typename Run>
std::unique_ptr<LinePort<Code>> native_line_port(Run run) {
  return std::make_unique<NativeLinePort<Code, Parts, Latency, Run>>(run);
}

}  // namespace sockwire::sim
