// SPDX-License-Identifier: Apache-2.0
// RFC 5961 4.2, RFC 9293 3.10.7.4 fourth: a SYN in a synchronized state is answered with a challenge ACK, whatever its
// sequence number, and changes nothing.
#include <gtest/gtest.h>

#include "states.hpp"

namespace sockwire::tcp::test {
namespace {

class SynIsChallenged : public ::testing::TestWithParam<State> {};

TEST_P(SynIsChallenged, InsideAndOutsideOfTheWindow) {
  Lone lone;
  reach(lone, GetParam());
  const SeqNum rcv_nxt = lone->rcv_nxt();
  for (const std::uint32_t distance : {0u, 100u, 0x40000000u, 0xffff0000u}) {
    lone.deliver(lone.segment(rcv_nxt + distance, SeqNum(0), wire::kTcpSyn));
    EXPECT_EQ(lone->state(), GetParam());
    const auto out = lone.take();
    ASSERT_EQ(out.size(), 1u) << distance;
    EXPECT_EQ(out[0].flags(), wire::kTcpAckFlag);
    EXPECT_EQ(out[0].seq, lone->snd_nxt());
    EXPECT_EQ(out[0].ack, rcv_nxt);
  }
}

INSTANTIATE_TEST_SUITE_P(Rfc5961, SynIsChallenged, ::testing::ValuesIn(kSynchronized));

}  // namespace
}  // namespace sockwire::tcp::test
