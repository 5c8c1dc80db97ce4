// SPDX-License-Identifier: Apache-2.0
// RFC 9293 3.6 (MUST-13): TIME-WAIT lasts two maximum segment lifetimes, and a FIN again starts them anew.
#include <gtest/gtest.h>

#include "states.hpp"

namespace sockwire::tcp::test {
namespace {

TEST(Rfc9293, TimeWaitLastsTwoSegmentLifetimes) {
  Lone lone;
  lone.config.msl = 120s;
  reach(lone, State::kTimeWait);
  lone.advance(240s - 1ms);
  EXPECT_EQ(lone->state(), State::kTimeWait);
  lone.advance(1ms);
  EXPECT_TRUE(lone->is_closed());
}

TEST(Rfc9293, FinInTimeWaitIsAcknowledgedAndStartsTheTimeAnew) {
  Lone lone;
  reach(lone, State::kTimeWait);
  lone.advance(59s);
  lone.receive(kTheirs, kOurs + 1, wire::kTcpFin);
  EXPECT_EQ(lone.take().size(), 1u);
  lone.advance(59s);
  EXPECT_EQ(lone->state(), State::kTimeWait);
}

TEST(Rfc9293, SimultaneousCloseWaitsToo) {
  Lone lone;
  reach(lone, State::kClosing);
  lone.receive(kTheirs + 1, kOurs + 1);
  EXPECT_EQ(lone->state(), State::kTimeWait);
}

}  // namespace
}  // namespace sockwire::tcp::test
