// SPDX-License-Identifier: Apache-2.0
// The serial codes over a link that errs: whatever it does to the bits, no frame comes out as good that went in
// otherwise, the counters say that something happened, and in the end the link is back.
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>

#include "sim/phy/serial_link.hpp"
#include "tests/hls/line/line_harness.hpp"

namespace sockwire::test {
namespace {

constexpr std::uint64_t kSeed = 1910;

/// Two ports with a link each way; frames go from the one to the other.
template <typename Code>
class Path {
 public:
  explicit Path(const sim::SerialSettings& settings) : forth_(settings, kSeed), back_({}, kSeed + 1), random_(kSeed) {
    near_->shorten_timers();
    far_->shorten_timers();
  }

  /// Clocks with frames of random lengths on their way, if `busy`.
  void run(std::uint64_t clocks, bool busy = true) {
    for (std::uint64_t i = 0; i < clocks; ++i) {
      if (busy && source_.empty()) {
        sent_.push_back(random_frame(random_, 60 + random_() % 200));
        source_.frame(with_fcs(sent_.back()), 12 + static_cast<int>(random_() % 20));
      }
      step();
    }
  }
  /// True if the far end had its link within so many clocks.
  bool link_within(std::uint64_t clocks) {
    for (std::uint64_t i = 0; i < clocks && !far_->outputs().status.link; ++i) run(1, false);
    return far_->outputs().status.link;
  }
  void plug(bool plugged) { forth_.plug(plugged); }

  const LineStatus& status() const { return far_->outputs().status; }
  std::uint64_t count(LineCounter counter) const { return counted_[static_cast<int>(counter)]; }
  sim::SerialCounters link() const { return forth_.counters(); }

  std::uint64_t good = 0;     ///< frames
  std::uint64_t foreign = 0;  ///< delivered as good, but never sent
  std::uint64_t sent() const { return sent_count_ + sent_.size(); }

 private:
  void step() {
    const std::int64_t now_fs = clock_++ * 1000 * static_cast<std::int64_t>(Code::kClockPs);
    typename Port<Code>::Inputs near_inputs;
    typename Port<Code>::Inputs far_inputs;
    forth_.drive(now_fs, near_->outputs().line_tx);
    back_.drive(now_fs, far_->outputs().line_tx);
    near_inputs.mac_tx = source_.drive(near_->outputs().tx_enable);
    near_inputs.line_rx = back_.observe(now_fs);
    far_inputs.line_rx = forth_.observe(now_fs);
    const auto& outputs = far_->outputs();
    for (int i = 0; i < kLineCounters; ++i) counted_[i] += outputs.counted[i];
    mac_.enable.drive(outputs.rx_enable);
    mac_.step(outputs.mac_rx);
    near_->step(near_inputs);
    far_->step(far_inputs);
    judge();
  }

  /// Frames are lost, but never out of order.
  void judge() {
    for (const Bytes& bytes : mac_.good) {
      const auto at = std::find(sent_.begin(), sent_.end(), bytes);
      if (at == sent_.end()) {
        ++foreign;
        continue;
      }
      ++good;
      sent_count_ += static_cast<std::uint64_t>(at - sent_.begin()) + 1;
      sent_.erase(sent_.begin(), at + 1);
    }
    mac_.good.clear();
  }

  std::unique_ptr<Port<Code>> near_ = sim::make_native_line_port<Code>();
  std::unique_ptr<Port<Code>> far_ = sim::make_native_line_port<Code>();
  sim::SerialLink<Code> forth_;
  sim::SerialLink<Code> back_;
  std::mt19937 random_;
  FrameSource<Code::kBytes> source_;
  RxBench<Code::kBytes> mac_;
  std::deque<Bytes> sent_;
  std::uint64_t sent_count_ = 0;
  std::uint64_t counted_[kLineCounters] = {};
  std::int64_t clock_ = 0;
};

/// Clocks after which any link is up, with shortened timers.
constexpr std::uint64_t kLinkClocks = 20'000;

template <typename Code>
class SerialLine : public testing::Test {};
using Codes = testing::Types<sim::Code1000BaseX, sim::Code10GBaseR>;
TYPED_TEST_SUITE(SerialLine, Codes);

TYPED_TEST(SerialLine, EveryFrameArrivesOverAGoodLinkOfAnyLength) {
  for (const double length_m : {1.0, 550.0, 10'000.0}) {
    sim::SerialSettings settings;
    settings.length_m = length_m;
    Path<TypeParam> path(settings);
    ASSERT_TRUE(path.link_within(kLinkClocks));
    path.run(10'000, false);
    path.run(20'000);
    path.run(10'000, false);
    EXPECT_EQ(path.good, path.sent());
    EXPECT_EQ(path.foreign, 0u);
    for (const LineCounter counter : {LineCounter::kFrameCut, LineCounter::kFalseCarrier, LineCounter::kLinkLost}) {
      EXPECT_EQ(path.count(counter), 0u);
    }
  }
}

TYPED_TEST(SerialLine, BitErrorsCostFramesAndNothingElse) {
  sim::SerialSettings settings;
  settings.bit_error_rate = 2e-5;
  Path<TypeParam> path(settings);
  ASSERT_TRUE(path.link_within(kLinkClocks));
  path.run(2'000, false);
  path.run(400'000);
  EXPECT_EQ(path.foreign, 0u) << "seed " << kSeed;
  EXPECT_GT(path.link().bit_errors, 50u);
  EXPECT_GT(path.count(LineCounter::kCodeViolation), 10u);
  EXPECT_GT(path.good, path.sent() / 2);
  EXPECT_LT(path.good, path.sent());
}

TYPED_TEST(SerialLine, RecoversFromBursts) {
  sim::SerialSettings settings;
  settings.burst_rate = 2e-5 / JoinOf<TypeParam>::kAlignments;  // a dozen
  settings.burst_bits = 4000;                                   // 60 blocks: half of their headers are bad then
  Path<TypeParam> path(settings);
  ASSERT_TRUE(path.link_within(kLinkClocks));
  path.run(2'000, false);
  path.run(600'000);
  EXPECT_EQ(path.foreign, 0u) << "seed " << kSeed;
  EXPECT_GT(path.link().bursts, 5u);
  EXPECT_GT(path.count(LineCounter::kLockLost), 3u);
  EXPECT_GT(path.count(LineCounter::kFrameCut), 0u);
  EXPECT_GT(path.good, path.sent() / 2);
}

// A bit more or less moves every code-group or block behind it: the lock goes and comes back somewhere else.
TYPED_TEST(SerialLine, RecoversFromSlips) {
  sim::SerialSettings settings;
  settings.slip_rate = 1e-5 / JoinOf<TypeParam>::kAlignments;
  Path<TypeParam> path(settings);
  ASSERT_TRUE(path.link_within(kLinkClocks));
  path.run(2'000, false);
  path.run(1'000'000);
  EXPECT_EQ(path.foreign, 0u) << "seed " << kSeed;
  EXPECT_GT(path.link().slips, 3u);
  EXPECT_GE(path.count(LineCounter::kLockLost), path.link().slips / 2);
  EXPECT_GT(path.good, path.sent() / 2);
}

TYPED_TEST(SerialLine, LosesItsLinkWhenUnpluggedAndFindsItAgain) {
  Path<TypeParam> path({});
  ASSERT_TRUE(path.link_within(kLinkClocks));
  for (int round = 1; round <= 3; ++round) {
    path.run(2'000, false);
    path.run(20'000);
    const std::uint64_t good = path.good;
    EXPECT_GT(good, 10u);
    path.plug(false);
    path.run(100, false);
    EXPECT_FALSE(path.status().signal);
    EXPECT_FALSE(path.status().locked);
    EXPECT_FALSE(path.status().link);
    EXPECT_EQ(path.count(LineCounter::kLinkLost), static_cast<std::uint64_t>(round));
    path.run(10'000);
    path.plug(true);
    ASSERT_TRUE(path.link_within(kLinkClocks)) << "round " << round;
    path.run(10'000);
    EXPECT_GT(path.good, good);
    EXPECT_EQ(path.foreign, 0u);
  }
}

}  // namespace
}  // namespace sockwire::test
