// SPDX-License-Identifier: Apache-2.0
// RFC 9293 3.8.6.3 (MUST-40, SHLD-18, SHLD-19), RFC 5681 4.2: an ACK may wait, less than half a second, and not for
// more than a second full segment.
#include <gtest/gtest.h>

#include "states.hpp"

namespace sockwire::tcp::test {
namespace {

TEST(Rfc9293, AckOfOneSegmentWaitsLessThanHalfASecond) {
  Lone lone;
  lone.establish();
  lone.receive(kTheirs, kOurs, 0, text(kMss));
  EXPECT_TRUE(lone.take().empty()) << "it waits";
  lone.advance(499ms);
  EXPECT_EQ(lone.take().size(), 1u);
}

TEST(Rfc9293, SecondFullSegmentIsAcknowledgedAtOnce) {
  Lone lone;
  lone.establish();
  for (std::uint32_t i = 0; i < 20; ++i) lone.receive(kTheirs + i * kMss, kOurs, 0, text(kMss));
  EXPECT_GE(lone.take().size(), 10u);
}

TEST(Rfc9293, SecondSegmentOfASmallerPeerTooIsAcknowledged) {
  Lone lone;
  lone.establish();
  for (std::uint32_t i = 0; i < 20; ++i) lone.receive(kTheirs + i * 536, kOurs, 0, text(536));
  EXPECT_GE(lone.take().size(), 10u);
}

}  // namespace
}  // namespace sockwire::tcp::test
