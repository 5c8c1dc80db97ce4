// SPDX-License-Identifier: Apache-2.0
// 10BASE-T's kernels over a pair of copper.
#include "sim/phy/copper/medium_10base_t.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "tests/sim/phy/copper/copper_link.hpp"

namespace sockwire::test {
namespace {

constexpr std::uint32_t kSeed = 21;

/// The worst cable of the campaign: 100 m, noise 20 dB below what arrives, jitter of the transmitter 3.5 ns at most
/// (14.3.1.2.3), clocks 200 ppm apart.
sim::CopperSettings worst() {
  sim::CopperSettings settings = sim::copper_10base_t();
  settings.noise_v = 0.15;
  settings.jitter_ns = 3.5 / 3;
  return settings;
}

/// Frames from the near end to the far end; how many came as they were sent.
int transfer(CopperLink& link, int frames, std::size_t bytes_max) {
  std::mt19937 random(kSeed);
  std::vector<Bytes> sent;
  for (int i = 0; i < frames; ++i) {
    sent.push_back(random_frame_with_fcs(random, bytes_max));
    link.near.source.frame(sent.back(), 12 + static_cast<int>(random() % 50));
  }
  link.far.reader.frames.clear();
  while (!link.near.source.empty()) link.run(100);
  link.run(100);
  std::size_t good = 0;
  for (const Bytes& frame : sent) {
    for (const Seen& seen : link.far.reader.frames) good += !seen.error && seen.bytes == frame;
  }
  return static_cast<int>(good);
}

TEST(Medium10BaseT, SeesTheLevelsOfAPreamble) {
  for (const double length_m : {0.0, 50.0, 100.0}) {
    sim::CopperSettings settings = sim::copper_10base_t();
    settings.length_m = length_m;
    sim::Medium10BaseT medium(settings, kSeed);
    constexpr std::int64_t kClock = 12'500'000;
    int positive = 0;
    int negative = 0;
    for (int clock = 0; clock < 1600; ++clock) {
      medium.drive(clock * kClock, clock / 8 % 2 == 0 ? kLevelPositive : kLevelNegative);
      const LineLevel level = medium.observe(clock * kClock);
      if (clock < 800) continue;
      positive += level == kLevelPositive;
      negative += level == kLevelNegative;
    }
    EXPECT_NEAR(positive, 400, 60) << length_m;
    EXPECT_EQ(positive, negative) << length_m;
  }
}

TEST(Copper10BaseT, FramesArriveOver100MetresWithNoiseJitterAndClocks200PpmApart) {
  for (const double ppm : {100.0, -100.0}) {
    CopperLink link(worst(), kSeed, ppm);
    link.run(50);
    ASSERT_TRUE(link.linked());
    EXPECT_EQ(transfer(link, 12, 1514), 12);
  }
}

TEST(Copper10BaseT, FramesArriveOverAnyLength) {
  for (const double length_m : {0.0, 10.0, 50.0}) {
    sim::CopperSettings settings = worst();
    settings.length_m = length_m;
    CopperLink link(settings, kSeed, 100);
    link.run(50);
    ASSERT_TRUE(link.linked());
    EXPECT_EQ(transfer(link, 4, 600), 4) << length_m;
  }
}

// 14.3.1.3.6 asks that swapped wires do no harm; the kernel finds them by its link pulses.
TEST(Copper10BaseT, SwappedWiresAreFoundAndCorrected) {
  sim::CopperSettings settings = worst();
  settings.inverted = true;
  CopperLink link(settings, kSeed, 50);
  link.run(100);
  ASSERT_TRUE(link.linked());
  EXPECT_TRUE(link.far.port->outputs().status.inverted);
  EXPECT_EQ(transfer(link, 4, 600), 4);
  // Swapped back: frames of the wrong polarity come as false carriers, and their starts of idle say why.
  link.forth().cable().set_inverted(false);
  EXPECT_LT(transfer(link, 4, 100), 4);
  EXPECT_FALSE(link.far.port->outputs().status.inverted);
  EXPECT_EQ(transfer(link, 4, 600), 4);
}

TEST(Copper10BaseT, APulledPlugIsNoticedAndALinkComesBack) {
  CopperLink link(worst(), kSeed, -50);
  link.run(50);
  ASSERT_TRUE(link.linked());
  std::mt19937 random(kSeed);
  link.near.source.frame(random_frame_with_fcs(random, 1514), 12);
  link.run(40);
  ASSERT_TRUE(link.far.port->outputs().status.locked);
  link.forth().cable().set_plugged(false);
  link.run(100);
  const LineStatus gone = link.far.port->outputs().status;
  EXPECT_FALSE(gone.signal || gone.locked || gone.link);
  EXPECT_EQ(link.far.counted[static_cast<int>(LineCounter::kFrameCut)], 1);
  EXPECT_EQ(link.far.counted[static_cast<int>(LineCounter::kLockLost)], 1);
  EXPECT_EQ(link.far.counted[static_cast<int>(LineCounter::kLinkLost)], 1);
  ASSERT_FALSE(link.far.reader.frames.empty());
  EXPECT_TRUE(link.far.reader.frames.back().error);
  link.run(2000);
  link.forth().cable().set_plugged(true);
  link.run(100);
  ASSERT_TRUE(link.linked());
  EXPECT_EQ(transfer(link, 4, 600), 4);
}

}  // namespace
}  // namespace sockwire::test
