// SPDX-License-Identifier: Apache-2.0
#include "sim/phy/serial_link.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <deque>
#include <random>
#include <vector>

namespace sockwire::sim {
namespace {

constexpr std::uint64_t kSeed = 20261127;

TEST(BitQueue, KeepsBitsInOrderWhateverTheirNumbers) {
  std::mt19937_64 random(kSeed);
  BitQueue queue;
  std::deque<bool> expected;
  for (int round = 0; round < 20'000; ++round) {
    const int count = static_cast<int>(random() % 65);
    if (random() % 8 < (round < 10'000 ? 5u : 3u)) {
      const std::uint64_t bits = random();
      queue.append(bits, count);
      for (int i = 0; i < count; ++i) expected.push_back((bits >> i) & 1);
    } else if (queue.size() >= static_cast<std::size_t>(count)) {
      const std::uint64_t bits = queue.take(count);
      for (int i = 0; i < count; ++i) {
        ASSERT_EQ((bits >> i) & 1, expected.front()) << "round " << round << ", seed " << kSeed;
        expected.pop_front();
      }
      ASSERT_EQ(count < 64 ? bits >> count : 0, 0u);
    }
    ASSERT_EQ(queue.size(), expected.size());
  }
}

int width(const CodeGroup&) { return 10; }
int width(const Block66&) { return 66; }
bool bit(const CodeGroup& group, int at) { return group[at]; }
bool bit(const Block66& block, int at) { return at < 2 ? block.sync[at] : block.data[at - 2]; }
void random_symbol(CodeGroup& group, std::mt19937_64& random) { group = random(); }
void random_symbol(Block66& block, std::mt19937_64& random) {
  block.sync = random();
  block.data = random();
}

/// What was driven and what was seen, bit by bit, from a link that both ends step with these periods.
struct Bits {
  std::vector<bool> driven;
  std::vector<bool> seen;
  SerialCounters counters;
};

template <typename Code>
Bits run(const SerialSettings& settings, int symbols, double receiver_period = 1) {
  SerialLink<Code> link(settings, kSeed);
  std::mt19937_64 random(kSeed);
  Bits bits;
  const std::int64_t period_fs = 1000 * static_cast<std::int64_t>(Code::kClockPs);
  double receiver_fs = 0;
  for (int i = 0; i < symbols; ++i) {
    typename Code::TxSymbol symbol;
    random_symbol(symbol, random);
    link.drive(i * period_fs, symbol);
    for (int at = 0; at < width(symbol); ++at) bits.driven.push_back(bit(symbol, at));
    while (receiver_fs < static_cast<double>((i + 1) * period_fs)) {
      const typename Code::RxSymbol seen = link.observe(static_cast<std::int64_t>(receiver_fs));
      for (int at = 0; at < width(seen); ++at) bits.seen.push_back(bit(seen, at));
      receiver_fs += receiver_period * static_cast<double>(period_fs);
    }
  }
  bits.counters = link.counters();
  return bits;
}

template <typename Code>
class SerialLinkOf : public testing::Test {};
using Codes = testing::Types<Code1000BaseX, Code10GBaseR>;
TYPED_TEST_SUITE(SerialLinkOf, Codes);

// Behind the delay and the elastic store the bits are those that were driven, from the alignment on.
TYPED_TEST(SerialLinkOf, CarriesBitsLaterAndAtItsAlignment) {
  const int symbol = width(typename TypeParam::TxSymbol());
  for (const double length_m : {0.0, 10.0, 2000.0}) {
    for (int alignment = 0; alignment < symbol; ++alignment) {
      SerialSettings settings;
      settings.length_m = length_m;
      settings.alignment = alignment;
      const Bits bits = run<TypeParam>(settings, 3000);
      // The first bit is seen once two whole symbols, without what the alignment leaves out, are there.
      const double delay_symbols = length_m * 5000 / static_cast<double>(TypeParam::kClockPs);
      const int wait = static_cast<int>(std::ceil(delay_symbols)) + (alignment == 0 ? 2 : 3);
      ASSERT_GT(bits.seen.size(), static_cast<std::size_t>((wait + 10) * symbol));
      for (int i = 0; i < wait * symbol; ++i) ASSERT_FALSE(bits.seen[static_cast<std::size_t>(i)]) << i;
      for (std::size_t i = static_cast<std::size_t>(wait * symbol); i < bits.seen.size(); ++i) {
        ASSERT_EQ(bits.seen[i], bits.driven[i - static_cast<std::size_t>(wait * symbol - alignment)])
            << i << ", alignment " << alignment << ", " << length_m << " m";
      }
      EXPECT_EQ(bits.counters.bit_errors + bits.counters.bursts + bits.counters.slips, 0u);
    }
  }
}

/// Bits seen that are not those driven, of a link that has no slips and this alignment.
std::uint64_t differences(const Bits& bits, int symbol) {
  std::uint64_t count = 0;
  const auto lag = static_cast<std::size_t>(2 * symbol);
  for (std::size_t i = lag; i < bits.seen.size(); ++i) count += bits.seen[i] != bits.driven[i - lag];
  return count;
}

TYPED_TEST(SerialLinkOf, FlipsBitsAtTheRateAndCountsThem) {
  const int symbol = width(typename TypeParam::TxSymbol());
  SerialSettings settings;
  settings.length_m = 0;
  settings.alignment = 0;
  settings.bit_error_rate = 1e-3;
  const Bits bits = run<TypeParam>(settings, 1'000'000 / symbol);
  const std::uint64_t flipped = differences(bits, symbol);
  EXPECT_NEAR(static_cast<double>(flipped), 1000, 5 * std::sqrt(1000)) << "seed " << kSeed;
  EXPECT_NEAR(static_cast<double>(bits.counters.bit_errors), static_cast<double>(flipped), 3);
}

TYPED_TEST(SerialLinkOf, BurstsAreDenseAndCounted) {
  const int symbol = width(typename TypeParam::TxSymbol());
  SerialSettings settings;
  settings.length_m = 0;
  settings.alignment = 0;
  settings.burst_rate = 1e-4;
  settings.burst_bits = 100;
  const Bits bits = run<TypeParam>(settings, 1'000'000 / symbol);
  EXPECT_NEAR(static_cast<double>(bits.counters.bursts), 99, 5 * 10) << "seed " << kSeed;
  EXPECT_NEAR(static_cast<double>(differences(bits, symbol)), 50.0 * static_cast<double>(bits.counters.bursts),
              5 * std::sqrt(25.0 * static_cast<double>(bits.counters.bursts)) + 50);
}

/// By how many bits what is seen has moved against what was driven, of `seen` around this place.
int offset_at(const Bits& bits, std::size_t place, int symbol) {
  for (int offset = -3 * symbol; offset <= 0; ++offset) {
    bool same = true;
    for (std::size_t i = place; i < place + 64 && same; ++i) {
      same = bits.seen[i] == bits.driven[static_cast<std::size_t>(static_cast<std::int64_t>(i) + offset)];
    }
    if (same) return offset;
  }
  return 1;
}

TYPED_TEST(SerialLinkOf, ASlipMovesTheAlignmentByOneBit) {
  const int symbol = width(typename TypeParam::TxSymbol());
  SerialSettings settings;
  settings.length_m = 0;
  settings.alignment = 0;
  settings.slip_rate = 2e-4;
  const Bits bits = run<TypeParam>(settings, 200'000 / symbol);
  EXPECT_NEAR(static_cast<double>(bits.counters.slips), 40, 5 * std::sqrt(40.0)) << "seed " << kSeed;
  std::uint64_t moves = 0;
  int last = -2 * symbol;
  for (std::size_t place = 400; place + 64 < bits.seen.size(); place += 8) {
    const int offset = offset_at(bits, place, symbol);
    if (offset > 0 || offset == last) continue;  // a slip is inside
    ++moves;
    last = offset;
  }
  EXPECT_GT(moves, 20u);
  EXPECT_LE(moves, bits.counters.slips);
}

TYPED_TEST(SerialLinkOf, ClocksThatDifferCostASymbolNowAndThen) {
  for (const double period : {1 - 100e-6, 1 + 100e-6}) {
    const Bits bits = run<TypeParam>({}, 200'000, period);
    // 100 ppm are a symbol in 10,000; the store takes two or three of them.
    EXPECT_GE(bits.counters.slips, 6u) << period;
    EXPECT_LE(bits.counters.slips, 21u) << period;
  }
}

TYPED_TEST(SerialLinkOf, UnpluggedNothingMovesAndReplugCutsAnew) {
  SerialLink<TypeParam> link({}, kSeed);
  std::mt19937_64 random(kSeed);
  std::int64_t now = 0;
  const auto step = [&] {
    typename TypeParam::TxSymbol symbol;
    random_symbol(symbol, random);
    link.drive(now, symbol);
    const typename TypeParam::RxSymbol seen = link.observe(now);
    now += 1000 * static_cast<std::int64_t>(TypeParam::kClockPs);
    bool any = false;
    for (int at = 0; at < width(seen); ++at) any = any || bit(seen, at);
    return any;
  };
  int alive = 0;
  for (int i = 0; i < 100; ++i) alive += step();
  EXPECT_GT(alive, 80);
  link.plug(false);
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(step());
  link.plug(true);
  alive = 0;
  for (int i = 0; i < 100; ++i) alive += step();
  EXPECT_GT(alive, 80);
}

}  // namespace
}  // namespace sockwire::sim
