// SPDX-License-Identifier: Apache-2.0
// RFC 9293 3.5.3 and 3.10.7.4 (MUST-12), RFC 5961 3.2: a RST exactly at RCV.NXT ends the connection in every
// synchronized state but TIME-WAIT (RFC 1337), unanswered; the application hears of it where it could still have lost
// something.
#include <gtest/gtest.h>

#include "states.hpp"

namespace sockwire::tcp::test {
namespace {

class ResetCloses : public ::testing::TestWithParam<State> {};

TEST_P(ResetCloses, AtRcvNxt) {
  Lone lone;
  reach(lone, GetParam());
  lone.receive(lone->rcv_nxt(), lone->snd_nxt(), wire::kTcpRst);
  EXPECT_TRUE(lone->is_closed());
  EXPECT_TRUE(lone.take().empty());
  EXPECT_EQ(lone->next_deadline(), kNever);
  const auto events = lone.take_events();
  const bool told = GetParam() == State::kEstablished || GetParam() == State::kFinWait1 ||
                    GetParam() == State::kFinWait2 || GetParam() == State::kCloseWait;
  EXPECT_EQ(events, told ? (std::vector<Event>{Event::kReset, Event::kClosed}) : std::vector<Event>{Event::kClosed});
}

INSTANTIATE_TEST_SUITE_P(Rfc9293, ResetCloses,
                         ::testing::Values(State::kEstablished, State::kFinWait1, State::kFinWait2, State::kCloseWait,
                                           State::kClosing, State::kLastAck));

}  // namespace
}  // namespace sockwire::tcp::test
