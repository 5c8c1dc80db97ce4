// SPDX-License-Identifier: Apache-2.0
// RFC 9293 3.10.5 (MUST-12): an abort sends a RST where there is a peer to tell, forgets all that was queued, and a
// connection that the peer aborts is told apart from one that it closes.
#include <gtest/gtest.h>

#include "states.hpp"

namespace sockwire::tcp::test {
namespace {

TEST(Rfc9293, AbortSendsOneReset) {
  for (const State state :
       {State::kSynReceived, State::kEstablished, State::kFinWait1, State::kFinWait2, State::kCloseWait}) {
    Lone lone;
    reach(lone, state);
    lone->abort(lone.now);
    lone.pump();
    EXPECT_TRUE(lone->is_closed());
    ASSERT_EQ(lone.out.size(), 1u) << to_string(state);
    EXPECT_TRUE(lone.out[0].rst());
    EXPECT_EQ(lone.out[0].seq, lone->snd_nxt());
  }
}

TEST(Rfc9293, AbortInSynSentIsSilent) {
  Lone lone;
  reach(lone, State::kSynSent);
  lone->abort(lone.now);
  lone.pump();
  EXPECT_TRUE(lone.take().empty());
}

TEST(Rfc9293, AbortByThePeerIsToldApartFromItsClose) {
  Lone aborted;
  aborted.establish();
  aborted.receive(kTheirs, kOurs, wire::kTcpRst);
  EXPECT_EQ(aborted.take_events(), (std::vector<Event>{Event::kReset, Event::kClosed}));
  Lone closed;
  closed.establish();
  closed.receive(kTheirs, kOurs, wire::kTcpFin);
  EXPECT_EQ(closed.take_events(), (std::vector<Event>{Event::kReadable, Event::kPeerClosed}));
}

}  // namespace
}  // namespace sockwire::tcp::test
