// SPDX-License-Identifier: Apache-2.0
#include "hls/base/dataflow.hpp"
#include "hls/base/process.hpp"
#include "hls/line/line_100base_tx_rx.hpp"
#include "hls/line/line_100base_tx_tx.hpp"
#include "line_100base_tx_rx_latency.hpp"
#include "line_100base_tx_tx_latency.hpp"
#include "sim/dut/line_port.hpp"

namespace sockwire::sim {

namespace {

class NativePort final : public LinePort<Code100BaseTx> {
 public:
  const Outputs& outputs() const override { return outputs_; }

  void step(const Inputs& inputs) override {
    mac_tx_.drive(inputs.mac_tx);
    line_rx_.drive(inputs.line_rx);
    tx_.step(line_100base_tx_tx, mac_tx_, tx_enable_, line_tx_, tx_busy_);
    rx_.step(line_100base_tx_rx, line_rx_, mac_rx_, rx_enable_, status_, counters_);
    tick(mac_tx_, tx_enable_, line_tx_, tx_busy_, line_rx_, mac_rx_, rx_enable_, status_, counters_);
    outputs_.tx_enable = tx_enable_.value();
    outputs_.line_tx = line_tx_.value();
    outputs_.mac_rx = mac_rx_.value();
    outputs_.rx_enable = rx_enable_.value();
    outputs_.status = status_.value();
    outputs_.counted = counters_.read();
  }

 private:
  Process<Line100BaseTxTxState> tx_{kLine100baseTxTxLatency};
  Process<Line100BaseTxRxState> rx_{kLine100baseTxRxLatency};
  wire<Line<1>> mac_tx_;
  wire<bool> tx_enable_;
  wire<LineLevel> line_tx_;
  wire<bool> tx_busy_;
  wire<RecoveredLevels> line_rx_;
  wire<Line<1>> mac_rx_;
  wire<bool> rx_enable_;
  wire<LineStatus> status_;
  pulse<kLineCounters> counters_;
  Outputs outputs_;
};

}  // namespace

template <>
std::unique_ptr<LinePort<Code100BaseTx>> make_native_line_port<Code100BaseTx>() {
  return std::make_unique<NativePort>();
}

}  // namespace sockwire::sim
