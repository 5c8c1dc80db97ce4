// SPDX-License-Identifier: Apache-2.0
// 100BASE-TX over simulated copper: the kernels at both ends, the waveform and its receiver between them.
#include <gtest/gtest.h>

#include <deque>
#include <random>

#include "sim/phy/copper/medium_100base_tx.hpp"
#include "tests/hls/mac/mac_bench.hpp"

namespace sockwire::sim {
namespace {

using test::Bytes;
using test::LineWriter;
using test::RxBench;
using Port = LinePort<Code100BaseTx>;

constexpr std::uint32_t kSeed = 24;
constexpr int kLinkClocks = 125'000;  // 1 ms

CopperSettings worst_cable() {
  CopperSettings settings = copper_100base_tx();
  settings.length_m = 100;
  settings.noise_v = 0.02;
  settings.jitter_ns = 0.2;
  return settings;
}

/// A transmitter, a pair of wires and a receiver with a clock of its own.
class Path {
 public:
  std::vector<Bytes> sent;
  RxBench<1> mac;
  std::uint64_t counted[kLineCounters] = {};

  Path(const CopperSettings& settings, double ppm) : medium_(settings, kSeed), period_fs_(8e6 * (1 + ppm * 1e-6)) {}

  Medium100BaseTx& medium() { return medium_; }
  const LineStatus& status() const { return far_->outputs().status; }

  void send(Bytes frame) {
    LineWriter<1> writer;
    writer.frame(test::with_fcs(frame));
    writer.idle(12);
    for (const Line<1>& line : writer.lines()) lines_.push_back(line);
    sent.push_back(std::move(frame));
  }
  /// Clocks of the receiver.
  void run(std::uint64_t clocks) {
    for (std::uint64_t i = 0; i < clocks; ++i) clock();
  }
  void run_until_sent() {
    while (!lines_.empty()) clock();
    run(2000);
  }
  bool link_up() {
    for (int i = 0; i < kLinkClocks && !status().link; ++i) clock();
    for (std::uint64_t& one : counted) one = 0;
    return status().link;
  }

 private:
  void clock() {
    const auto now = static_cast<std::int64_t>(clocks_++) * 8'000'000;
    for (; near_fs_ <= static_cast<double>(now); near_fs_ += period_fs_) {
      medium_.drive(static_cast<std::int64_t>(near_fs_), near_->outputs().line_tx);
      Port::Inputs inputs;
      if (near_->outputs().tx_enable) now_ = next_line();
      inputs.mac_tx = now_;
      near_->step(inputs);
    }
    Port::Inputs inputs;
    inputs.line_rx = medium_.observe(now);
    far_->step(inputs);
    for (int i = 0; i < kLineCounters; ++i) counted[i] += far_->outputs().counted[i] ? 1 : 0;
    mac.enable.drive(far_->outputs().rx_enable);
    mac.step(far_->outputs().mac_rx);
  }

  Line<1> next_line() {
    if (lines_.empty()) return {};
    const Line<1> line = lines_.front();
    lines_.pop_front();
    return line;
  }

  Medium100BaseTx medium_;
  std::unique_ptr<Port> near_ = make_native_line_port<Code100BaseTx>();
  std::unique_ptr<Port> far_ = make_native_line_port<Code100BaseTx>();
  double period_fs_;
  double near_fs_ = 0;
  std::uint64_t clocks_ = 0;
  std::deque<Line<1>> lines_;
  Line<1> now_;
};

void expect_frames_arrive(const CopperSettings& settings, double ppm, int frames) {
  std::mt19937 random(kSeed);
  Path path(settings, ppm);
  ASSERT_TRUE(path.link_up()) << settings.length_m << " m, seed " << kSeed;
  for (int i = 0; i < frames; ++i) path.send(test::random_frame(random, 60 + random() % 1455));
  path.run_until_sent();
  EXPECT_EQ(path.mac.good, path.sent) << settings.length_m << " m, " << ppm << " ppm, seed " << kSeed;
  EXPECT_EQ(path.mac.bad, 0);
  for (int i = 0; i < kLineCounters; ++i) EXPECT_EQ(path.counted[i], 0U) << i;
}

TEST(Medium100BaseTx, CarriesFramesOver100MetresWithNoise) { expect_frames_arrive(worst_cable(), 0, 60); }

TEST(Medium100BaseTx, FollowsTheFarEndsClock) {
  for (const double ppm : {-100.0, 100.0}) expect_frames_arrive(worst_cable(), ppm, 30);
}

TEST(Medium100BaseTx, CarriesFramesOverAnyLength) {
  for (const double length_m : {0.0, 7.0, 31.0, 55.0, 72.0, 90.0}) {
    CopperSettings settings = worst_cable();
    settings.length_m = length_m;
    expect_frames_arrive(settings, 50, 5);
  }
}

// MLT-3 does not know the polarity of a pair.
TEST(Medium100BaseTx, CarriesFramesOverSwappedWires) {
  CopperSettings settings = worst_cable();
  settings.inverted = true;
  expect_frames_arrive(settings, 0, 5);
}

TEST(Medium100BaseTx, TellsWhatItDoesToFollowTheLine) {
  Path path(worst_cable(), 100);
  ASSERT_TRUE(path.link_up());
  path.run(100'000);
  EXPECT_TRUE(path.medium().receiver().tracking());
  // The transmitter's period is the longer one, and so is the receiver's.
  EXPECT_NEAR(path.medium().receiver().clock_ppm(), 100, 25);
  EXPECT_GE(path.medium().receiver().length_m(), 80);
  EXPECT_LT(path.medium().receiver().mean_square_error(), 0.01);
}

TEST(Medium100BaseTx, LosesItsLinkWhenUnpluggedAndFindsItAgain) {
  std::mt19937 random(kSeed);
  Path path(worst_cable(), 100);
  ASSERT_TRUE(path.link_up());
  path.medium().cable().set_plugged(false);
  path.run(43'750);  // 350 us: ANSI X3.263, signal_detect off
  EXPECT_FALSE(path.status().signal);
  EXPECT_FALSE(path.status().link);
  EXPECT_EQ(path.counted[static_cast<int>(LineCounter::kLinkLost)], 1U);
  path.send(test::random_frame(random, 100));
  path.run_until_sent();
  EXPECT_TRUE(path.mac.good.empty());
  path.sent.clear();
  path.medium().cable().set_plugged(true);
  ASSERT_TRUE(path.link_up());
  for (int i = 0; i < 5; ++i) path.send(test::random_frame(random, 1000));
  path.run_until_sent();
  EXPECT_EQ(path.mac.good, path.sent) << "seed " << kSeed;
}

TEST(Medium100BaseTx, NoiseBeyondTheEyeIsNoLink) {
  CopperSettings settings = worst_cable();
  settings.noise_v = 0.4;
  Path path(settings, 0);
  EXPECT_FALSE(path.link_up());
}

}  // namespace
}  // namespace sockwire::sim
