// SPDX-License-Identifier: Apache-2.0
// RFC 9293 3.5 (MUST-10): both ends may open at once, and their SYNs may cross.
#include <gtest/gtest.h>

#include "states.hpp"

namespace sockwire::tcp::test {
namespace {

TEST(Rfc9293, CrossedSynsMakeOneConnection) {
  Lone lone;
  reach(lone, State::kSynSent);
  lone.deliver(lone.segment(Lone::kPeer, SeqNum(0), wire::kTcpSyn));
  EXPECT_EQ(lone->state(), State::kSynReceived);
  const auto out = lone.take();
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(out[0].flags(), wire::kTcpSyn | wire::kTcpAckFlag);
  EXPECT_EQ(out[0].seq, Lone::kIss);
  EXPECT_EQ(out[0].ack, kTheirs);
  lone.receive(Lone::kPeer, kOurs, wire::kTcpSyn);
  EXPECT_EQ(lone->state(), State::kEstablished);
  EXPECT_EQ(lone.take_events(), std::vector<Event>{Event::kConnected});
}

}  // namespace
}  // namespace sockwire::tcp::test
