// SPDX-License-Identifier: Apache-2.0
// A baseline-wander killer packet: bits that make MLT-3 stay on one side for as long as the code-groups let it, so that
// the transformers pull the line away. ANSI X3.263 annex A has one of this kind; this one is made for the cipher as
// it stands, by choosing each nibble for what it does to the line.
#include <gtest/gtest.h>

#include <array>
#include <string>

#include "sim/phy/copper/medium_100base_tx.hpp"
#include "tests/hls/line/reference_100base_x.hpp"

namespace sockwire::sim {
namespace {

namespace base_x = test::base_x;

/// The levels that groups make from here on; the sender is a copy.
double mean_of(base_x::Sender sender, const std::string& groups) {
  std::vector<LineLevel> levels;
  sender.symbols(groups, levels);
  double sum = 0;
  for (const LineLevel& level : levels) sum += level == kLevelPositive ? 1 : level == kLevelNegative ? -1 : 0;
  return sum;
}

/// `nibbles` of data, each the one that with the best next two keeps the line most positive.
void add_killer(base_x::Sender& sender, int nibbles, std::vector<LineLevel>& levels) {
  static const std::string kDigits = "0123456789ABCDEF";
  for (int i = 0; i < nibbles; ++i) {
    char best = '0';
    double most = -1e9;
    for (const char a : kDigits) {
      for (const char b : kDigits) {
        const double sum = mean_of(sender, {a, b});
        if (sum > most) {
          most = sum;
          best = a;
        }
      }
    }
    sender.symbols(std::string(1, best), levels);
  }
}

struct Wander {
  int errors = 0;
  double mean = 0;  ///< of the packet's levels
};

/// Idle, then the packet, over 100 m.
Wander run(double noise_v) {
  CopperSettings settings = copper_100base_tx();
  settings.length_m = 100;
  settings.noise_v = noise_v;
  Medium100BaseTx medium(settings, 1);
  base_x::Sender sender(0x155);
  std::vector<LineLevel> levels;
  sender.idle(5000, levels);
  const std::size_t begin = levels.size();
  add_killer(sender, 3000, levels);
  const std::size_t end = levels.size();
  sender.idle(200, levels);

  Wander wander;
  for (std::size_t i = begin; i < end; ++i) {
    wander.mean += levels[i] == kLevelPositive ? 1.0 : levels[i] == kLevelNegative ? -1.0 : 0.0;
  }
  wander.mean /= static_cast<double>(end - begin);
  std::vector<LineLevel> received;
  for (std::size_t i = 0; i < levels.size(); ++i) {
    const auto now = static_cast<std::int64_t>(i) * kSymbolFs;
    medium.drive(now, levels[i]);
    const RecoveredLevels seen = medium.observe(now);
    if (seen.count != 0) received.push_back(seen.first);
    if (seen.count == 2) received.push_back(seen.second);
  }
  // The line is some symbols long: where it fits best before the packet, it has to fit in the packet.
  std::size_t lag = 0;
  for (std::size_t best = 0, at = 0; at < 200; ++at) {
    std::size_t equal = 0;
    for (std::size_t i = begin - 2000; i < begin - 500; ++i) equal += received[i] == levels[i - at];
    if (equal > best) {
      best = equal;
      lag = at;
    }
  }
  for (std::size_t i = begin; i + lag < received.size() && i < end; ++i)
    wander.errors += received[i + lag] != levels[i];
  return wander;
}

TEST(BaselineWander, AKillerPacketIsRestored) {
  const Wander wander = run(0.02);
  // Without a restorer the line would be off by most of this, and the thresholds are at half.
  EXPECT_GT(wander.mean, 0.45);
  EXPECT_EQ(wander.errors, 0);
}

}  // namespace
}  // namespace sockwire::sim
