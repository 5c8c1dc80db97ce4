// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "host/card/ring_allocator.hpp"
#include "host/card/ring_content.hpp"

namespace sockwire::card {
namespace {

TEST(RingContent, HoldsWhatWasWrittenAndForgetsWhatItOverwrote) {
  RingContent content;
  content.reset(8);
  content.add(0, 8);
  content.add(8, 3);
  EXPECT_EQ(content.missing(0, 11), (std::vector<SeqRange>{{0, 3}}));
  content.add(0, 2);
  EXPECT_EQ(content.missing(0, 11), (std::vector<SeqRange>{{2, 3}, {8, 10}}));
}

// Against a ring of cells, each of which knows the sequence number that it holds.
TEST(RingContent, AgreesWithCellsOverRandomWritesAcrossTheWrapOfSequenceNumbers) {
  const std::uint64_t seed = 20260101;
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  constexpr std::uint32_t kRing = 32;
  RingContent content;
  content.reset(kRing);
  std::map<std::uint32_t, std::uint32_t> cells;
  for (int round = 0; round < 20000; ++round) {
    const auto seq = static_cast<std::uint32_t>(random() % 200) - 100u;
    const auto bytes = static_cast<std::uint32_t>(random() % (kRing + 1));
    content.add(seq, bytes);
    for (std::uint32_t i = 0; i < bytes; ++i) cells[(seq + i) % kRing] = seq + i;
    const auto begin = static_cast<std::uint32_t>(random() % 200) - 100u;
    const std::uint32_t end = begin + static_cast<std::uint32_t>(random() % 100);
    std::map<std::uint32_t, bool> missing;
    for (const SeqRange& range : content.missing(begin, end)) {
      for (std::uint32_t at = range.begin; at != range.end; ++at) missing[at] = true;
    }
    for (std::uint32_t at = begin; at != end; ++at) {
      const auto cell = cells.find(at % kRing);
      const bool held = cell != cells.end() && cell->second == at;
      ASSERT_EQ(missing.count(at) == 0, held) << "seq " << at << " in round " << round;
    }
  }
}

TEST(RingContent, ClearanceIsTheDistanceToTheFirstCellThatIsKept) {
  constexpr std::uint32_t kRing = 16;
  for (std::uint32_t begin = 0; begin < 70; ++begin) {
    for (std::uint32_t length = 1; length <= kRing; ++length) {
      for (std::uint32_t seq = 0; seq < 70; ++seq) {
        std::uint32_t expected = 0;  // walk until a cell is hit that holds another byte
        for (;; ++expected) {
          const std::uint32_t in_cell = (seq + expected - begin) % kRing;
          if (in_cell < length && begin + in_cell != seq + expected) break;
        }
        ASSERT_EQ(clearance(seq - 30, {begin - 30, begin + length - 30}, kRing), expected)
            << seq << " " << begin << " " << length;
      }
    }
  }
  EXPECT_GE(clearance(5, {7, 7}, kRing), 1u << 31);
}

TEST(RingAllocator, AlignsRingsAndUsesTheWholeBuffer) {
  RingAllocator rings;
  rings.reset(32768);
  EXPECT_EQ(rings.allocate(15), (Ring{0, 15}));
  EXPECT_FALSE(rings.allocate(10));
  rings.free({0, 15});
  EXPECT_EQ(rings.allocate(12), (Ring{0, 12}));
  EXPECT_EQ(rings.allocate(14), (Ring{16384, 14}));
  EXPECT_EQ(rings.allocate(13), (Ring{8192, 13}));
  EXPECT_EQ(rings.allocate(12), (Ring{4096, 12}));
  EXPECT_FALSE(rings.allocate(10));
  rings.free({8192, 13});
  EXPECT_FALSE(rings.allocate(14));
  EXPECT_EQ(rings.allocate(10), (Ring{8192, 10}));
}

}  // namespace
}  // namespace sockwire::card
