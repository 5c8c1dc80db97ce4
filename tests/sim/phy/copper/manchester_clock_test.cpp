// SPDX-License-Identifier: Apache-2.0
// How 10BASE-T's receiver keeps the place of the bits, over 100 m of cable with noise.
#include <gtest/gtest.h>

#include <random>

#include "hls/line/manchester.hpp"
#include "sim/phy/copper/medium_10base_t.hpp"

namespace sockwire::sim {
namespace {

constexpr std::uint32_t kSeed = 33;
constexpr std::int64_t kClockFs = 1000 * static_cast<std::int64_t>(Code10BaseT::kClockPs);

/// Random bits from a transmitter whose clock is `ppm` slower; samples are taken `place` tenths of a clock later than
/// it drives. Returns how many bits of the last 5,000 had another number of samples than eight.
int steps(int place, double ppm) {
  CopperSettings settings = copper_10base_t();
  settings.noise_v = 0.5;
  Medium10BaseT medium(settings, kSeed);
  ManchesterWindow window;
  ManchesterClock clock;
  std::mt19937 random(kSeed);
  const double period_fs = static_cast<double>(kClockFs) * (1 + ppm * 1e-6);
  bool bit = false;
  int driven = 0;
  int count = 0;
  int since = 0;
  for (int now = 0; now < 8 * 5500; ++now) {
    const std::int64_t time_fs = now * kClockFs;
    for (; driven * period_fs <= static_cast<double>(time_fs); ++driven) {
      if (driven % 8 == 0) bit = driven < 8 * 64 ? driven % 16 == 0 : random() % 2 != 0;  // a preamble first
      const LineLevel level = bit == (driven % 8 >= 4) ? kLevelPositive : kLevelNegative;
      medium.drive(static_cast<std::int64_t>(driven * period_fs), level);
    }
    const LineLevel seen = medium.observe(time_fs + place * kClockFs / 10);
    manchester_shift(window, manchester_sample(seen, false));
    manchester_track(clock, manchester_difference(window), now < 8 * 64);
    ++since;
    if (clock.phase != 0 || clock.stretch) continue;
    if (now > 8 * 500) count += since != 8;
    since = 0;
  }
  return count;
}

// Samples that are between two places are decided by the nearer one: no sum of what is left over moves them to the
// other and back. Only where both are as near does noise.
TEST(ManchesterClock, StaysWhereItIsWhileThatIsTheNearestPlace) {
  int still = 0;
  int all = 0;
  for (int place = 0; place < 10; ++place) {
    const int count = steps(place, 0);
    still += count <= 5;
    all += count;
  }
  EXPECT_GE(still, 7) << "of 10, seed " << kSeed;
  EXPECT_LE(all, 250) << "in 50,000 bits, seed " << kSeed;
}

// 200 ppm are a sample in 625 bits.
TEST(ManchesterClock, FollowsTheFarEndsClock) {
  for (const double ppm : {-200.0, 200.0}) {
    const int count = steps(0, ppm);
    EXPECT_GE(count, 7) << ppm << " ppm, seed " << kSeed;
    EXPECT_LE(count, 20) << ppm << " ppm, seed " << kSeed;
  }
}

}  // namespace
}  // namespace sockwire::sim
