// SPDX-License-Identifier: Apache-2.0
// The harness notices what it is there to notice: ports that are wrong in one place each.
#include "tests/hls/line/line_harness.hpp"

#include <gtest/gtest.h>

namespace sockwire::test {
namespace {

using Code = sim::Code1000BaseX;

/// A port, but for what `spoil` does to its outputs in each clock.
template <typename Spoil>
class SpoiltPort final : public Port<Code> {
 public:
  SpoiltPort(std::unique_ptr<Port<Code>> port, Spoil spoil) : port_(std::move(port)), spoil_(spoil) {}

  const Outputs& outputs() const override { return outputs_; }
  void step(const Inputs& inputs) override {
    port_->step(inputs);
    outputs_ = port_->outputs();
    spoil_(outputs_, clock_++);
  }
  void shorten_timers() override { port_->shorten_timers(); }

 private:
  std::unique_ptr<Port<Code>> port_;
  Spoil spoil_;
  Outputs outputs_;
  std::uint64_t clock_ = 0;
};

template <typename Spoil>
std::unique_ptr<Port<Code>> spoilt(Spoil spoil) {
  return std::make_unique<SpoiltPort<Spoil>>(sim::make_native_line_port<Code>(), spoil);
}

/// Where lockstep finds that a port differs which does so in clock 5000.
template <typename Spoil>
std::string difference(Spoil spoil) {
  const auto once = [spoil](Port<Code>::Outputs& outputs, std::uint64_t clock) {
    if (clock == 4999) spoil(outputs);
  };
  return Lockstep<Code>(1, sim::make_native_line_port<Code>(), spoilt(once)).run(10'000).difference;
}

TEST(LineHarness, LockstepNoticesEveryOutput) {
  using Outputs = Port<Code>::Outputs;
  EXPECT_EQ(difference([](Outputs&) {}), "");
  EXPECT_EQ(difference([](Outputs& o) { o.tx_enable = !o.tx_enable; }), "tx_enable differs in clock 5000");
  EXPECT_EQ(difference([](Outputs& o) { o.line_tx ^= 1; }), "line_tx differs in clock 5000");
  EXPECT_EQ(difference([](Outputs& o) { o.mac_rx.data ^= 0x80; }), "mac_rx differs in clock 5000");
  EXPECT_EQ(difference([](Outputs& o) { o.rx_enable = !o.rx_enable; }), "rx_enable differs in clock 5000");
  EXPECT_EQ(difference([](Outputs& o) { o.status.signal = !o.status.signal; }), "status differs in clock 5000");
  EXPECT_EQ(difference([](Outputs& o) { o.counted ^= 16; }), "counters differs in clock 5000");
}

// A receiver that puts other data into frames, with an FCS that fits: the exhaustive test has to call it undetected.
TEST(LineHarness, SymbolErrorsNoticesFramesThatNobodySent) {
  std::mt19937 random(2);
  SymbolErrors<Code> errors(1, [&random] {
    auto spoil = [other = with_fcs(random_frame(random, 60)), data = false, at = std::size_t{0}](
                     Port<Code>::Outputs& outputs, std::uint64_t) mutable {
      if (!outputs.mac_rx.valid) data = false;
      const bool sfd = !data && outputs.mac_rx.valid && outputs.mac_rx.data == 0xD5;
      if (data && at < other.size()) outputs.mac_rx.data = other[at++];
      if (sfd) at = 0;
      data = data || sfd;
    };
    return spoilt(spoil);
  });
  const SymbolErrorResult result = errors.run(199);
  EXPECT_EQ(result.failure, "");
  EXPECT_GT(result.tried, 100u);
  EXPECT_GT(result.undetected, result.tried);  // the good frames between are others, too
  EXPECT_GE(result.not_recovered, result.tried);
}

TEST(LineHarness, JoinMovesSymbolsByBits) {
  for (int alignment = 0; alignment < 10; ++alignment) {
    Join<CodeGroup, CodeGroup> join;
    join.carry(0b1111111111, alignment);
    EXPECT_EQ(join.carry(0, alignment), (1u << alignment) - 1) << alignment;
  }
  for (int alignment = 0; alignment < 66; ++alignment) {
    Join<Block66, Block66> join;
    Block66 ones;
    ones.sync = 3;
    ones.data = ~std::uint64_t{0};
    join.carry(ones, alignment);
    const Block66 seen = join.carry(Block66{}, alignment);
    int count = 0;
    for (int bit = 0; bit < 66; ++bit) {
      const bool one = bit < 2 ? seen.sync[bit] : seen.data[bit - 2];
      EXPECT_EQ(one, bit < alignment) << alignment;
      count += one;
    }
    EXPECT_EQ(count, alignment);
  }
}

}  // namespace
}  // namespace sockwire::test
