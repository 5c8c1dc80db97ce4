// SPDX-License-Identifier: Apache-2.0
// RFC 9293 3.9.2.2 (MUST-56, SHLD-25), 3.9.1.8 (MUST-47): a soft ICMP error does not end a connection in any state, and
// the application is told.
#include <gtest/gtest.h>

#include "states.hpp"

namespace sockwire::tcp::test {
namespace {

TEST(Rfc9293, SoftErrorDoesNotEndAConnection) {
  std::vector<State> states{State::kSynSent, State::kSynReceived};
  states.insert(states.end(), kSynchronized.begin(), kSynchronized.end());
  for (const State state : states) {
    Lone lone;
    reach(lone, state);
    for (int i = 0; i < 3; ++i) lone->on_soft_error(lone.now);
    lone.pump();
    EXPECT_EQ(lone->state(), state);
    EXPECT_EQ(lone.take_events(), std::vector<Event>{Event::kSoftError}) << "as often as it is asked for";
  }
}

// RFC 5927 5.2: nor does a hard one, once the handshake has begun to succeed.
TEST(Rfc9293, HardErrorEndsTheAttemptAlone) {
  for (const State state : kSynchronized) {
    Lone lone;
    reach(lone, state);
    lone->on_unreachable(lone.now);
    EXPECT_EQ(lone->state(), state);
  }
  Lone attempt;
  attempt.connect();
  attempt->on_unreachable(attempt.now);
  attempt.pump();
  EXPECT_EQ(attempt.take_events(), (std::vector<Event>{Event::kUnreachable, Event::kClosed}));
}

}  // namespace
}  // namespace sockwire::tcp::test
