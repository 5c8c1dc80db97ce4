// SPDX-License-Identifier: Apache-2.0
#include "hls/top/engine.hpp"
#include "sim/dut/engine.hpp"

namespace sockwire::sim {

namespace {

template <int kBytes>
class NativeEngine final : public Engine<kBytes> {
 public:
  explicit NativeEngine(std::uint32_t boot_id) {
    core_.boot_id.drive(boot_id);
    show();
  }

  const EngineOutputs<kBytes>& outputs() const override { return outputs_; }

  void step(const EngineInputs<kBytes>& inputs) override {
    core_.now_ns.drive(inputs.now_ns);
    core_.line_rx.drive(inputs.line_rx);
    core_.tx_enable.drive(inputs.tx_enable);
    core_.rx_enable.drive(inputs.rx_enable);
    if (inputs.command_valid && outputs_.command_ready) core_.commands.push(inputs.command);
    if (inputs.event_ready && outputs_.event_valid) core_.events.pop();
    core_.step();
    show();
  }

 private:
  void show() {
    outputs_.command_ready = !core_.commands.full();
    outputs_.event_valid = !core_.events.empty();
    if (outputs_.event_valid) outputs_.event = core_.events.front();
    outputs_.line_tx = core_.line_tx.read();
    outputs_.idle = core_.idle();
    const Deadline deadline = core_.deadline.read();
    outputs_.deadline_ns = deadline.valid ? static_cast<std::uint64_t>(deadline.time_ns) : ~0ULL;
  }

  NativeEngineCore<kBytes> core_;
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
