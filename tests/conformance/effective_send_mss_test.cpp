// SPDX-License-Identifier: Apache-2.0
// RFC 9293 3.7.1 (MUST-16): a segment holds the least of the peer's MSS, ours and the path's, less the options.
#include <gtest/gtest.h>

#include "states.hpp"

namespace sockwire::tcp::test {
namespace {

TEST(Rfc9293, SegmentHoldsWhatThePeerTakes) {
  Lone lone;
  lone.establish({1000, std::nullopt, std::nullopt, false});
  EXPECT_EQ(lone->info().mss, 1000u);
}

TEST(Rfc9293, SegmentHoldsNoMoreThanWeCanSend) {
  Lone lone;
  lone.config.mss = 1200;
  lone.establish({9000, std::nullopt, std::nullopt, false});
  EXPECT_EQ(lone->info().mss, 1200u);
}

TEST(Rfc9293, TimestampsComeOffTheSegment) {
  Lone lone;
  lone.config.timestamps = true;
  lone.establish({1000, std::nullopt, Timestamps{1, 0}, false});
  EXPECT_EQ(lone->info().mss, 988u);
}

TEST(Rfc9293, PathComesOffTheSegment) {
  Lone lone;
  lone.establish();
  lone->on_path_mss(lone.now, 536);
  EXPECT_EQ(lone->info().mss, 536u);
}

}  // namespace
}  // namespace sockwire::tcp::test
