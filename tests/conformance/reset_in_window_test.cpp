// SPDX-License-Identifier: Apache-2.0
// RFC 5961 3.2: a RST inside the window but not at RCV.NXT is answered with a challenge ACK and changes nothing; one
// outside the window is dropped in silence.
#include <gtest/gtest.h>

#include "states.hpp"

namespace sockwire::tcp::test {
namespace {

class ResetInWindow : public ::testing::TestWithParam<State> {};

TEST_P(ResetInWindow, IsChallenged) {
  Lone lone;
  reach(lone, GetParam());
  const SeqNum rcv_nxt = lone->rcv_nxt();
  lone.receive(rcv_nxt + 1, lone->snd_nxt(), wire::kTcpRst);
  EXPECT_EQ(lone->state(), GetParam());
  const auto out = lone.take();
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(out[0].flags(), wire::kTcpAckFlag);
  EXPECT_EQ(out[0].seq, lone->snd_nxt());
  EXPECT_EQ(out[0].ack, rcv_nxt);
}

class ResetOutsideOfTheWindow : public ::testing::TestWithParam<State> {};

TEST_P(ResetOutsideOfTheWindow, IsDropped) {
  Lone lone;
  reach(lone, GetParam());
  for (const std::uint32_t distance : {0xffffffffu, 70000u, 0x80000000u}) {
    lone.receive(lone->rcv_nxt() + distance, lone->snd_nxt(), wire::kTcpRst);
    EXPECT_EQ(lone->state(), GetParam());
    EXPECT_TRUE(lone.take().empty());
  }
}

INSTANTIATE_TEST_SUITE_P(Rfc5961, ResetInWindow, ::testing::ValuesIn(kSynchronized));
INSTANTIATE_TEST_SUITE_P(Rfc5961, ResetOutsideOfTheWindow, ::testing::ValuesIn(kSynchronized));

}  // namespace
}  // namespace sockwire::tcp::test
