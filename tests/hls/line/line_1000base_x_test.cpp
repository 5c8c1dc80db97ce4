// SPDX-License-Identifier: Apache-2.0
// 1000BASE-X (IEEE 802.3 clauses 36 and 37) between two MACs.
#include <gtest/gtest.h>

#include "tests/hls/line/line_harness.hpp"

namespace sockwire::test {
namespace {

using Code = sim::Code1000BaseX;

TEST(Line1000BaseX, NativeAndVerilatedAgreeInEveryClock) {
  for (const std::uint32_t seed : {1u, 2u}) {
    const LockstepResult result = lockstep<Code>(seed, 300'000);
    EXPECT_EQ(result.difference, "") << "seed " << seed;
    EXPECT_GT(result.frames_received, 500u) << "seed " << seed;
    for (int i = 0; i < kLineCounters; ++i) EXPECT_GT(result.counted[i], 0u) << "counter " << i << ", seed " << seed;
  }
}

TEST(Line1000BaseX, WhatGoesInComesOut) {
  const RoundTripResult result = round_trip<Code>(3, 300'000);
  EXPECT_EQ(result.difference, "");
  EXPECT_GE(result.bytes, 300'000u);
}

// Each bit of each code-group from the SFD to the end of the frame, and each other code-group that the code has.
TEST(Line1000BaseX, NoSingleWrongCodeGroupInsideAFramePassesForGood) {
  const SymbolErrorResult result = symbol_errors<Code>(4, 11);
  EXPECT_EQ(result.failure, "");
  EXPECT_GE(result.tried, 69u * 400 / 11);
  EXPECT_EQ(result.undetected, 0u);
  EXPECT_EQ(result.not_recovered, 0u);
}

// Figure 36-9: the first comma comes within four code-groups of /C/, and is cut out of two symbols; two more, and a
// code-group of data after the last. The receiver's pipeline adds eight.
TEST(Line1000BaseX, LocksFromEveryAlignmentWithThreeCommas) {
  constexpr int kPipeline = 8;
  const LockResult result = lock_symbols<Code>(5, 20, 4 + 1 + 4 + 4 + 1 + kPipeline);
  EXPECT_EQ(result.failures, 0);
  EXPECT_EQ(result.tries, 20 * 10);
}

}  // namespace
}  // namespace sockwire::test
