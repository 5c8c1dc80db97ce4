// SPDX-License-Identifier: Apache-2.0
// RFC 9293 3.9.1.2 (MUST-60, MUST-61, SHLD-27, SHLD-28): what was sent goes without being asked to, in full segments
// where it can, and only the last of it has PSH.
#include <gtest/gtest.h>

#include "states.hpp"

namespace sockwire::tcp::test {
namespace {

TEST(Rfc9293, LastSegmentOfWhatIsQueuedHasPush) {
  Lone lone;
  lone.establish();
  lone.send(text(2 * kMss + 10));
  const auto out = lone.take();
  ASSERT_EQ(out.size(), 1u) << "the card cuts it";
  EXPECT_EQ(out[0].payload_bytes, 2 * kMss + 10);
  EXPECT_EQ(out[0].mss, kMss);
  EXPECT_FALSE(out[0].flags_first & wire::kTcpPsh);
  EXPECT_TRUE(out[0].flags_last & wire::kTcpPsh);
}

TEST(Rfc9293, SmallSendsAreJoinedToOneSegmentWithOnePush) {
  Lone lone;
  lone.establish();
  lone.send("first");
  lone.take();
  for (int i = 0; i < 100; ++i) lone.send("ten bytes.");
  lone.receive(kTheirs, kOurs + 5);
  const auto out = lone.take();
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(out[0].payload_bytes, 1000u);
}

TEST(Rfc9293, DataIsNotKeptWithoutReason) {
  Lone lone;
  lone.establish();
  lone.send("a");
  EXPECT_EQ(lone.take().size(), 1u);
  lone.send("b");
  lone.receive(kTheirs, kOurs + 1);
  EXPECT_EQ(lone.take().size(), 1u);
}

}  // namespace
}  // namespace sockwire::tcp::test
