// SPDX-License-Identifier: Apache-2.0
// 100BASE-TX (IEEE 802.3 clauses 24 and 25) between two MACs. What its kernels do by themselves is in
// base_x_kernels_test.cpp.
#include <gtest/gtest.h>

#include "tests/hls/line/line_harness.hpp"

namespace sockwire::test {
namespace {

using Code = sim::Code100BaseTx;

TEST(Line100BaseTx, NativeAndVerilatedAgreeInEveryClock) {
  for (const std::uint32_t seed : {1u, 2u}) {
    const LockstepResult result = lockstep<Code>(seed, 400'000);
    EXPECT_EQ(result.difference, "") << "seed " << seed;
    EXPECT_GT(result.frames_received, 50u) << "seed " << seed;
    EXPECT_GT(result.linked_clocks, 100'000u) << "seed " << seed;
    for (int i = 0; i < kLineCounters; ++i) EXPECT_GT(result.counted[i], 0u) << "counter " << i << ", seed " << seed;
  }
}

TEST(Line100BaseTx, WhatGoesInComesOut) {
  const RoundTripResult result = round_trip<Code>(3, 100'000);
  EXPECT_EQ(result.difference, "");
  EXPECT_GE(result.bytes, 100'000u);
}

TEST(Line100BaseTx, NoSingleWrongLevelInsideAFramePassesForGood) {
  const SymbolErrorResult result = symbol_errors<Code>(4, 1);
  EXPECT_EQ(result.failure, "");
  EXPECT_GE(result.tried, 2u * 680);
  EXPECT_EQ(result.undetected, 0u);
  EXPECT_EQ(result.not_recovered, 0u);
}

// A signal takes 64 transitions, which are half of the symbols; from any place in the cipher's cycle.
TEST(Line100BaseTx, LocksOnIdleAsSoonAsThereIsASignal) {
  const LockResult result = lock_symbols<Code>(5, 200, 1000);
  EXPECT_EQ(result.failures, 0);
  EXPECT_EQ(result.tries, 200);
  EXPECT_LE(result.symbols, 300u);
}

}  // namespace
}  // namespace sockwire::test
