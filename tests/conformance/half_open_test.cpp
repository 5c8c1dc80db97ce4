// SPDX-License-Identifier: Apache-2.0
// RFC 9293 3.5.1 figures 9 to 11: an end that has forgotten the connection gets it undone by its own RST.
#include <gtest/gtest.h>

#include "states.hpp"

namespace sockwire::tcp::test {
namespace {

TEST(Rfc9293, SynOfACrashedPeerLeadsToItsReset) {
  Lone lone;
  lone.establish();
  lone.deliver(lone.segment(SeqNum(400), SeqNum(0), wire::kTcpSyn));
  ASSERT_EQ(lone.out.size(), 1u);
  Segment challenge;
  challenge.seq = lone.out[0].seq;
  challenge.ack = lone.out[0].ack;
  challenge.flags = lone.out[0].flags();
  const auto reset = reset_for(challenge);  // the peer has no connection, or one in SYN-SENT
  ASSERT_TRUE(reset);
  lone.deliver(lone.segment(reset->seq, reset->ack, reset->flags()));
  EXPECT_EQ(lone.take_events(), (std::vector<Event>{Event::kReset, Event::kClosed}));
}

TEST(Rfc9293, SynSentResetsAnOldConnectionOfThePeer) {
  Lone lone;
  reach(lone, State::kSynSent);
  lone.receive(SeqNum(300), SeqNum(100));
  const auto out = lone.take();
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(out[0].flags(), wire::kTcpRst);
  EXPECT_EQ(out[0].seq, SeqNum(100));
  EXPECT_EQ(lone->state(), State::kSynSent);
}

}  // namespace
}  // namespace sockwire::tcp::test
