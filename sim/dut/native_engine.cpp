// SPDX-License-Identifier: Apache-2.0
#include "engine_w1_latency.hpp"
#include "engine_w8_latency.hpp"
#include "hls/top/engine.hpp"
#include "sim/dut/engine.hpp"

namespace sockwire::sim {

namespace {

/// When what the RTL's kernels write leaves them.
template <int kBytes>
struct LatencyOf;
template <>
struct LatencyOf<1> : EngineW1Latency {};
template <>
struct LatencyOf<8> : EngineW8Latency {};

template <int kBytes>
class NativeEngine final : public Engine<kBytes> {
 public:
  explicit NativeEngine(std::uint32_t boot_id) {
    LatencyOf<kBytes>::apply(parts_);
    boot_id_.drive(boot_id);
    show();
  }

  const EngineOutputs<kBytes>& outputs() const override { return outputs_; }

  void step(const EngineInputs<kBytes>& inputs) override {
    now_ns_.drive(inputs.now_ns);
    line_rx_.drive(inputs.line_rx);
    tx_enable_.drive(inputs.tx_enable);
    rx_enable_.drive(inputs.rx_enable);
    if (inputs.command_valid && outputs_.command_ready) commands_.push(inputs.command);
    if (inputs.event_ready && outputs_.event_valid) events_.pop();
    engine<kBytes>(parts_, commands_, now_ns_, boot_id_, tx_enable_, rx_enable_, line_rx_, line_tx_, events_,
                   deadline_);
    tick(commands_, now_ns_, boot_id_, tx_enable_, rx_enable_, line_rx_, line_tx_, events_, deadline_);
    parts_.nets([](auto&... nets) { tick(nets...); });
    show();
  }

 private:
  void show() {
    outputs_.command_ready = !commands_.full();
    outputs_.event_valid = !events_.empty();
    if (outputs_.event_valid) outputs_.event = events_.front();
    outputs_.line_tx = line_tx_.value();
    const bool active = commands_.under_way() || events_.under_way() ||
                        parts_.nets([](const auto&... nets) { return (nets.under_way() || ...); });
    quiet_cycles_ = active ? 0 : quiet_cycles_ + 1;
    outputs_.idle = quiet_cycles_ >= LatencyOf<kBytes>::kStages;
    const Deadline& deadline = deadline_.value();
    outputs_.deadline_ns = deadline.valid ? static_cast<std::uint64_t>(deadline.time_ns) : ~0ULL;
  }

  EngineParts<kBytes> parts_;
  stream<Beat<kBytes>> commands_;
  wire<ap_uint<64>> now_ns_;
  wire<ap_uint<32>> boot_id_;
  wire<bool> tx_enable_;
  wire<bool> rx_enable_;
  wire<Line<kBytes>> line_rx_;
  wire<Line<kBytes>> line_tx_;
  stream<Beat<kBytes>> events_;
  wire<Deadline> deadline_;
  int quiet_cycles_ = LatencyOf<kBytes>::kStages;
  EngineOutputs<kBytes> outputs_;
};

}  // namespace

template <int kBytes>
std::unique_ptr<Engine<kBytes>> make_native_engine(std::uint32_t boot_id) {
  return std::make_unique<NativeEngine<kBytes>>(boot_id);
}

template std::unique_ptr<Engine<1>> make_native_engine<1>(std::uint32_t boot_id);
template std::unique_ptr<Engine<8>> make_native_engine<8>(std::uint32_t boot_id);

}  // namespace sockwire::sim
