// SPDX-License-Identifier: Apache-2.0
// RFC 9293 3.10.7.4 first: a segment outside the window is dropped and answered with an ACK.
#include <gtest/gtest.h>

#include "states.hpp"

namespace sockwire::tcp::test {
namespace {

class UnacceptableSegment : public ::testing::TestWithParam<State> {};

TEST_P(UnacceptableSegment, IsAcknowledgedAndDropped) {
  Lone lone;
  reach(lone, GetParam());
  const SeqNum rcv_nxt = lone->rcv_nxt();
  for (const std::uint32_t distance : {70000u, 0xfffffff0u}) {
    lone.receive(rcv_nxt + distance, lone->snd_nxt(), 0, "data");
    EXPECT_EQ(lone->state(), GetParam());
    EXPECT_EQ(lone->readable_bytes(), 0u);
    const auto out = lone.take();
    ASSERT_EQ(out.size(), 1u) << distance;
    EXPECT_EQ(out[0].flags(), wire::kTcpAckFlag);
    EXPECT_EQ(out[0].seq, lone->snd_nxt());
    EXPECT_EQ(out[0].ack, rcv_nxt);
  }
}

// Half of the space away a number is neither before nor behind another.
TEST(Rfc9293, SegmentOfHalfTheSpaceAwayIsDropped) {
  for (const std::uint32_t distance : {0x80000001u, 0x80000000u, 0x7fffffffu, 0x7ffff000u}) {
    Lone lone;
    lone.establish();
    lone.receive(kTheirs + distance, kOurs, wire::kTcpFin, "xyz");
    EXPECT_EQ(lone->rcv_nxt(), kTheirs);
    EXPECT_EQ(lone->info().counters.out_of_window, 1u) << distance;
    EXPECT_EQ(lone->state(), State::kEstablished);
  }
}

INSTANTIATE_TEST_SUITE_P(Rfc9293, UnacceptableSegment, ::testing::ValuesIn(kSynchronized));

}  // namespace
}  // namespace sockwire::tcp::test
