// SPDX-License-Identifier: Apache-2.0
// 10BASE-T (IEEE 802.3 clauses 7 and 14) between two MACs.
#include <gtest/gtest.h>

#include "tests/hls/line/lock_10base_t.hpp"

namespace sockwire::test {
namespace {

using Code = sim::Code10BaseT;

TEST(Line10BaseT, NativeAndVerilatedAgreeInEveryClock) {
  for (const std::uint32_t seed : {1u, 2u}) {
    const LockstepResult result = lockstep<Code>(seed, 1'000'000);
    EXPECT_EQ(result.difference, "") << "seed " << seed;
    EXPECT_GT(result.frames_received, 20u) << "seed " << seed;
    for (int i = 0; i < kLineCounters; ++i) EXPECT_GT(result.counted[i], 0u) << "counter " << i << ", seed " << seed;
  }
}

TEST(Line10BaseT, WhatGoesInComesOut) {
  const RoundTripResult result = round_trip<Code>(3, 20'000);
  EXPECT_EQ(result.difference, "");
  EXPECT_GE(result.bytes, 20'000u);
}

// Every other level in place of each sample: the sum over the half bit outvotes it.
TEST(Line10BaseT, NoSingleWrongSampleInsideAFramePassesForGood) {
  const SymbolErrorResult result = symbol_errors<Code>(4, 17);
  EXPECT_EQ(result.failure, "");
  EXPECT_GE(result.tried, 69u * 64 * 2 / 17);
  EXPECT_EQ(result.undetected, 0u);
  EXPECT_EQ(result.not_recovered, 0u);
  EXPECT_EQ(result.harmless, result.tried);
}

// 14.2.1.2: of the preamble no more than five bits are lost.
TEST(Line10BaseT, LocksWithinFiveBits) {
  const LockResult result = lock_symbols<Code>(5, 20, 5 * 8);
  EXPECT_EQ(result.failures, 0);
  EXPECT_EQ(result.tries, 20);
}

}  // namespace
}  // namespace sockwire::test
