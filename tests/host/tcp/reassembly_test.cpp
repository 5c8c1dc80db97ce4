// SPDX-License-Identifier: Apache-2.0
#include "host/tcp/reassembly.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace sockwire::tcp {
namespace {

TEST(Reassembly, MergesWhatTouches) {
  Reassembly reassembly;
  EXPECT_TRUE(reassembly.add(SeqNum(10), SeqNum(20)));
  EXPECT_TRUE(reassembly.add(SeqNum(30), SeqNum(40)));
  EXPECT_EQ(reassembly.ranges().size(), 2u);
  EXPECT_TRUE(reassembly.add(SeqNum(20), SeqNum(30)));
  ASSERT_EQ(reassembly.ranges().size(), 1u);
  EXPECT_EQ(reassembly.ranges()[0].begin, SeqNum(10));
  EXPECT_EQ(reassembly.ranges()[0].end, SeqNum(40));
}

TEST(Reassembly, AdvancesOverWhatIsContiguousOnly) {
  Reassembly reassembly;
  EXPECT_TRUE(reassembly.add(SeqNum(10), SeqNum(20)));
  EXPECT_TRUE(reassembly.add(SeqNum(25), SeqNum(30)));
  EXPECT_EQ(reassembly.advance(SeqNum(5)), SeqNum(5));
  EXPECT_EQ(reassembly.advance(SeqNum(12)), SeqNum(20));
  EXPECT_EQ(reassembly.bytes(), 5u);
  EXPECT_EQ(reassembly.advance(SeqNum(40)), SeqNum(40));
  EXPECT_TRUE(reassembly.empty());
}

TEST(Reassembly, IsBounded) {
  Reassembly reassembly;
  std::uint32_t at = 0;
  for (std::size_t i = 0; i < Reassembly::kMaxRanges; ++i, at += 10) {
    EXPECT_TRUE(reassembly.add(SeqNum(at), SeqNum(at + 5)));
  }
  EXPECT_FALSE(reassembly.add(SeqNum(at), SeqNum(at + 5)));
  EXPECT_TRUE(reassembly.add(SeqNum(at - 5), SeqNum(at))) << "what extends a range needs no other";
}

// Against a plain array of flags, across the wrap.
TEST(Reassembly, AgreesWithABitmap) {
  constexpr std::uint32_t kSpan = 300;
  const SeqNum base(0xffffff80u);
  for (unsigned seed = 1; seed <= 200; ++seed) {
    std::mt19937 random(seed);
    Reassembly reassembly;
    std::vector<bool> have(kSpan, false);
    std::uint32_t next = 0;
    for (int i = 0; i < 40; ++i) {
      const std::uint32_t begin = next + 1 + random() % (kSpan - next - 2);
      const std::uint32_t end = begin + 1 + random() % std::min<std::uint32_t>(20, kSpan - begin);
      if (end > kSpan) continue;
      ASSERT_TRUE(reassembly.add(base + begin, base + end));
      std::fill(have.begin() + begin, have.begin() + end, true);
      if (random() % 4 != 0) continue;
      have[next] = true;
      std::uint32_t expected = next + 1;
      while (expected < kSpan && have[expected]) ++expected;
      ASSERT_EQ(reassembly.advance(base + (next + 1)), base + expected) << "seed " << seed;
      next = expected;
      if (next + 3 >= kSpan) break;
      const auto left = static_cast<std::size_t>(std::count(have.begin() + next, have.end(), true));
      ASSERT_EQ(reassembly.bytes(), left) << "seed " << seed;
    }
  }
}

}  // namespace
}  // namespace sockwire::tcp
