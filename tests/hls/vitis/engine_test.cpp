// SPDX-License-Identifier: Apache-2.0
// The whole engine computed with AMD's integers (as their manual has them) is the engine, cycle for cycle.
#include <gtest/gtest.h>

#include <iostream>

#include "tests/hls/vitis/plain_engine.hpp"
#include "tests/sim/dut/lockstep.hpp"

namespace sockwire::sim {
namespace {

/// An engine behind the plain interface, as an engine like any.
template <int kBytes>
class PlainEngine final : public Engine<kBytes> {
 public:
  explicit PlainEngine(std::uint32_t boot_id) : engine_(plain::make_ap_int_engine(kBytes, boot_id)) { show(); }

  const EngineOutputs<kBytes>& outputs() const override { return outputs_; }

  void step(const EngineInputs<kBytes>& from) override {
    plain::Inputs inputs;
    inputs.now_ns = from.now_ns;
    inputs.command_valid = from.command_valid;
    inputs.command = plain_of(from.command);
    inputs.event_ready = from.event_ready;
    inputs.line_rx = plain_of(from.line_rx);
    inputs.tx_enable = from.tx_enable;
    inputs.rx_enable = from.rx_enable;
    engine_->step(inputs);
    show();
  }

 private:
  void show() {
    const plain::Outputs from = engine_->outputs();
    outputs_.command_ready = from.command_ready;
    outputs_.event_valid = from.event_valid;
    outputs_.event = beat_of<kBytes>(from.event);
    assign(outputs_.line_tx, from.line_tx);
    outputs_.idle = from.idle;
    outputs_.deadline_ns = from.deadline_ns;
  }

  std::unique_ptr<plain::Engine> engine_;
  EngineOutputs<kBytes> outputs_;
};

template <int kBytes>
void expect_alike(std::uint32_t seed) {
  constexpr std::uint64_t kBeats = 300'000;
  Lockstep<kBytes> lockstep(seed, std::make_unique<PlainEngine<kBytes>>(seed));
  const LockstepResult result = lockstep.run(kBeats);
  std::cout << "seed " << seed << ": " << result.cycles << " cycles, beats: " << result.command_beats << " commands, "
            << result.event_beats << " events, " << result.line_beats << " line\n";
  EXPECT_EQ(result.difference, "") << "seed " << seed;
  for (const card::Name& event : card::kEvents) {
    if (event.value == static_cast<unsigned>(card::Event::kCredit)) continue;
    if (event.value == static_cast<unsigned>(card::Event::kCoalesced)) continue;  // hls/link/coalescer.hpp makes those
    EXPECT_GT(result.events.count(event.value), 0u) << event.name << ", seed " << seed;
  }
  EXPECT_GT(result.line_beats, kBeats / 20) << "seed " << seed;
}

TEST(VitisEngine, ComputesTheSameWithApIntAtWidth1) { expect_alike<1>(101); }
TEST(VitisEngine, ComputesTheSameWithApIntAtWidth8) { expect_alike<8>(108); }

}  // namespace
}  // namespace sockwire::sim
