// SPDX-License-Identifier: Apache-2.0
// 10BASE-T (IEEE 802.3 clauses 7 and 14) between two MACs.
#include <gtest/gtest.h>

#include "tests/hls/line/line_harness.hpp"

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

}  // namespace
}  // namespace sockwire::test
