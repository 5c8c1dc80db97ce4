// SPDX-License-Identifier: Apache-2.0
// RFC 9293 3.3.2 figure 5, 3.6 and 3.10.7.4: every way from ESTABLISHED to CLOSED, state by state.
#include <gtest/gtest.h>

#include "states.hpp"

namespace sockwire::tcp::test {
namespace {

TEST(Rfc9293, ActiveCloseStepByStep) {
  Lone lone;
  lone.establish();
  lone->shutdown_write(lone.now);
  EXPECT_EQ(lone->state(), State::kFinWait1);
  lone.pump();
  lone.receive(kTheirs, kOurs + 1);
  EXPECT_EQ(lone->state(), State::kFinWait2);
  lone.receive(kTheirs, kOurs + 1, wire::kTcpFin);
  EXPECT_EQ(lone->state(), State::kTimeWait);
}

TEST(Rfc9293, PassiveCloseStepByStep) {
  Lone lone;
  lone.establish();
  lone.receive(kTheirs, kOurs, wire::kTcpFin);
  EXPECT_EQ(lone->state(), State::kCloseWait);
  lone->shutdown_write(lone.now);
  EXPECT_EQ(lone->state(), State::kLastAck);
  lone.pump();
  lone.receive(kTheirs + 1, kOurs);
  EXPECT_EQ(lone->state(), State::kLastAck) << "that ACK is not of our FIN";
  lone.receive(kTheirs + 1, kOurs + 1);
  EXPECT_EQ(lone->state(), State::kClosed);
}

TEST(Rfc9293, CrossedFinsStepByStep) {
  Lone lone;
  reach(lone, State::kFinWait1);
  lone.receive(kTheirs, kOurs, wire::kTcpFin);
  EXPECT_EQ(lone->state(), State::kClosing);
  lone.receive(kTheirs + 1, kOurs + 1);
  EXPECT_EQ(lone->state(), State::kTimeWait);
}

TEST(Rfc9293, FinWithTheAckOfOursSkipsClosing) {
  Lone lone;
  reach(lone, State::kFinWait1);
  lone.receive(kTheirs, kOurs + 1, wire::kTcpFin);
  EXPECT_EQ(lone->state(), State::kTimeWait);
}

TEST(Rfc9293, CloseInSynReceivedSendsItsFinAfterTheHandshake) {
  Lone lone;
  reach(lone, State::kSynReceived);
  lone->shutdown_write(lone.now);
  lone.pump();
  EXPECT_TRUE(lone.take().empty());
  lone.receive(kTheirs, kOurs);
  EXPECT_EQ(lone->state(), State::kFinWait1);
  const auto out = lone.take();
  ASSERT_EQ(out.size(), 1u);
  EXPECT_TRUE(out[0].fin());
}

TEST(Rfc9293, CloseInSynSentForgetsTheAttempt) {
  Lone lone;
  reach(lone, State::kSynSent);
  lone->close(lone.now);
  lone.pump();
  EXPECT_TRUE(lone->is_closed());
  EXPECT_TRUE(lone.take().empty());
}

}  // namespace
}  // namespace sockwire::tcp::test
