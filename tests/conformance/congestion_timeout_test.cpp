// SPDX-License-Identifier: Apache-2.0
// RFC 5681 3.1 equation 4 and below it: a time-out halves the threshold once, to two segments at least, and leaves one
// segment.
#include <gtest/gtest.h>

#include "states.hpp"

namespace sockwire::tcp::test {
namespace {

TEST(Rfc5681, TimeoutLeavesOneSegment) {
  Lone lone;
  lone.establish();
  lone.send(text(8 * kMss));
  lone.advance(200ms);
  EXPECT_EQ(lone->info().ssthresh_bytes, 4 * kMss);
  EXPECT_EQ(lone->info().cwnd_bytes, kMss);
}

TEST(Rfc5681, SecondTimeoutOfTheSameDataHoldsTheThreshold) {
  Lone lone;
  lone.establish();
  lone.send(text(8 * kMss));
  lone.advance(200ms + 400ms + 800ms);
  EXPECT_EQ(lone->info().timeouts, 3u);
  EXPECT_EQ(lone->info().ssthresh_bytes, 4 * kMss);
}

TEST(Rfc5681, ThresholdIsAtLeastTwoSegments) {
  Lone lone;
  lone.establish();
  lone.send(text(10));
  lone.advance(200ms);
  EXPECT_EQ(lone->info().ssthresh_bytes, 2 * kMss);
}

}  // namespace
}  // namespace sockwire::tcp::test
