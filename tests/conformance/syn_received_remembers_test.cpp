// SPDX-License-Identifier: Apache-2.0
// RFC 9293 3.5 (MUST-11) and 3.10.7.4: a RST in SYN-RECEIVED refuses an active open, and only forgets a passive one.
#include <gtest/gtest.h>

#include "states.hpp"

namespace sockwire::tcp::test {
namespace {

TEST(Rfc9293, ResetInSynReceivedOfAPassiveOpenIsNoRefusal) {
  Lone lone;
  reach(lone, State::kSynReceived);
  lone.receive(kTheirs, kOurs, wire::kTcpRst);
  EXPECT_TRUE(lone->is_closed());
  const auto events = lone.take_events();
  EXPECT_EQ(std::count(events.begin(), events.end(), Event::kRefused), 0);
}

TEST(Rfc9293, ResetInSynReceivedOfAnActiveOpenIsARefusal) {
  Lone lone;
  lone.connect();
  lone.deliver(lone.segment(Lone::kPeer, SeqNum(0), wire::kTcpSyn));  // both opened at once
  ASSERT_EQ(lone->state(), State::kSynReceived);
  lone.receive(kTheirs, kOurs, wire::kTcpRst);
  EXPECT_EQ(lone.take_events(), (std::vector<Event>{Event::kRefused, Event::kClosed}));
}

}  // namespace
}  // namespace sockwire::tcp::test
