// SPDX-License-Identifier: Apache-2.0
// RFC 5961 5.2, RFC 9293 3.10.7.4 fifth: an ACK of what was never sent, or of what is older than the largest window, is
// answered with an ACK and its data is dropped.
#include <gtest/gtest.h>

#include "states.hpp"

namespace sockwire::tcp::test {
namespace {

class AckIsChecked : public ::testing::TestWithParam<State> {};

TEST_P(AckIsChecked, BeyondSndNxt) {
  Lone lone;
  reach(lone, GetParam());
  lone.receive(lone->rcv_nxt(), lone->snd_nxt() + 1, 0, "evil");
  EXPECT_EQ(lone->state(), GetParam());
  ASSERT_EQ(lone.take().size(), 1u);
  EXPECT_EQ(lone->readable_bytes(), 0u);
  EXPECT_EQ(lone->info().counters.bad_ack, 1u);
}

TEST_P(AckIsChecked, OlderThanTheLargestWindow) {
  Lone lone;
  reach(lone, GetParam());
  lone.receive(lone->rcv_nxt(), lone->snd_una() - 65536, 0, "evil");
  EXPECT_EQ(lone->state(), GetParam());
  ASSERT_EQ(lone.take().size(), 1u);
  EXPECT_EQ(lone->readable_bytes(), 0u);
  EXPECT_EQ(lone->info().counters.bad_ack, 1u);
}

INSTANTIATE_TEST_SUITE_P(Rfc5961, AckIsChecked, ::testing::ValuesIn(kSynchronized));

TEST(Rfc5961, OldAckWithinTheLargestWindowBringsItsData) {
  Lone lone;
  lone.establish();
  lone.receive(kTheirs, kOurs - 65535, 0, "late");
  EXPECT_EQ(lone.read(), "late");
}

}  // namespace
}  // namespace sockwire::tcp::test
