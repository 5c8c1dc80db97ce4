// SPDX-License-Identifier: Apache-2.0
// RFC 9293 3.10.7.3: in SYN-SENT a RST counts only if it acknowledges the SYN.
#include <gtest/gtest.h>

#include "states.hpp"

namespace sockwire::tcp::test {
namespace {

TEST(Rfc9293, ResetThatAcknowledgesTheSynRefuses) {
  Lone lone;
  reach(lone, State::kSynSent);
  lone.receive(SeqNum(0), Lone::kIss + 1, wire::kTcpRst);
  EXPECT_EQ(lone.take_events(), (std::vector<Event>{Event::kRefused, Event::kClosed}));
}

TEST(Rfc9293, ResetWithAForeignAckIsDropped) {
  Lone lone;
  reach(lone, State::kSynSent);
  for (const SeqNum ack : {Lone::kIss, Lone::kIss + 2, Lone::kIss - 1}) {
    lone.receive(SeqNum(0), ack, wire::kTcpRst);
    EXPECT_EQ(lone->state(), State::kSynSent);
    EXPECT_TRUE(lone.take().empty());
  }
}

TEST(Rfc9293, ResetWithoutAckIsDropped) {
  Lone lone;
  reach(lone, State::kSynSent);
  lone.deliver(lone.segment(Lone::kPeer, SeqNum(0), wire::kTcpRst));
  EXPECT_EQ(lone->state(), State::kSynSent);
}

}  // namespace
}  // namespace sockwire::tcp::test
