// SPDX-License-Identifier: Apache-2.0
// 10GBASE-R (IEEE 802.3 clause 49) between two MACs.
#include <gtest/gtest.h>

#include "tests/hls/line/line_harness.hpp"

namespace sockwire::test {
namespace {

using Code = sim::Code10GBaseR;

TEST(Line10GBaseR, NativeAndVerilatedAgreeInEveryClock) {
  for (const std::uint32_t seed : {1u, 2u}) {
    const LockstepResult result = lockstep<Code>(seed, 150'000);
    EXPECT_EQ(result.difference, "") << "seed " << seed;
    EXPECT_GT(result.frames_received, 1000u) << "seed " << seed;
    for (int i = 0; i < kLineCounters; ++i) EXPECT_GT(result.counted[i], 0u) << "counter " << i << ", seed " << seed;
  }
}

TEST(Line10GBaseR, WhatGoesInComesOut) {
  const RoundTripResult result = round_trip<Code>(3, 300'000);
  EXPECT_EQ(result.difference, "");
  EXPECT_GE(result.bytes, 300'000u);
}

TEST(Line10GBaseR, NoSingleBitErrorInsideAFramePassesForGood) {
  const SymbolErrorResult result = symbol_errors<Code>(4, 1);
  EXPECT_EQ(result.failure, "");
  EXPECT_GE(result.tried, 10u * 66);
  EXPECT_EQ(result.undetected, 0u);
  EXPECT_EQ(result.not_recovered, 0u);
}

// Figure 49-12: each position is left at its first bad header, the right one takes 64.
TEST(Line10GBaseR, LocksFromEveryAlignment) {
  const LockResult result = lock_symbols<Code>(5, 3, 66 * 64 + 64);
  EXPECT_EQ(result.failures, 0);
  EXPECT_EQ(result.tries, 3 * 66);
}

}  // namespace
}  // namespace sockwire::test
