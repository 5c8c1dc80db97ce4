// SPDX-License-Identifier: Apache-2.0
// The native engine, compiled with AMD's integers, behind the plain interface.
#include "tests/hls/vitis/plain_engine.hpp"

namespace sockwire::sim {
namespace {

template <int kBytes>
class ApIntEngine final : public plain::Engine {
 public:
  explicit ApIntEngine(std::uint32_t boot_id) : engine_(make_native_engine<kBytes>(boot_id)) {}

  plain::Outputs outputs() const override {
    const EngineOutputs<kBytes>& from = engine_->outputs();
    plain::Outputs out;
    out.command_ready = from.command_ready;
    out.event_valid = from.event_valid;
    out.event = plain_of(from.event);
    out.line_tx = plain_of(from.line_tx);
    out.idle = from.idle;
    out.deadline_ns = from.deadline_ns;
    return out;
  }

  void step(const plain::Inputs& from) override {
    EngineInputs<kBytes> inputs;
    inputs.now_ns = from.now_ns;
    inputs.command_valid = from.command_valid;
    inputs.command = beat_of<kBytes>(from.command);
    inputs.event_ready = from.event_ready;
    assign(inputs.line_rx, from.line_rx);
    inputs.tx_enable = from.tx_enable;
    inputs.rx_enable = from.rx_enable;
    engine_->step(inputs);
  }

 private:
  std::unique_ptr<sim::Engine<kBytes>> engine_;
};

}  // namespace
}  // namespace sockwire::sim

std::unique_ptr<plain::Engine> plain::make_ap_int_engine(int width, std::uint32_t boot_id) {
  if (width == 1) return std::make_unique<sockwire::sim::ApIntEngine<1>>(boot_id);
  return std::make_unique<sockwire::sim::ApIntEngine<8>>(boot_id);
}
