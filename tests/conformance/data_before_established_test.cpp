// SPDX-License-Identifier: Apache-2.0
// RFC 9293 3.10.7.4: SYN-RECEIVED takes no data before its SYN is acknowledged, and answers a wrong ACK with RST.
#include <gtest/gtest.h>

#include "states.hpp"

namespace sockwire::tcp::test {
namespace {

TEST(Rfc9293, SynReceivedAnswersAWrongAckWithReset) {
  for (const SeqNum ack : {Lone::kIss, Lone::kIss + 2}) {
    Lone lone;
    reach(lone, State::kSynReceived);
    lone.receive(kTheirs, ack, 0, "data");
    EXPECT_EQ(lone->state(), State::kSynReceived);
    EXPECT_EQ(lone->readable_bytes(), 0u);
    const auto out = lone.take();
    ASSERT_EQ(out.size(), 1u);
    EXPECT_EQ(out[0].flags(), wire::kTcpRst);
    EXPECT_EQ(out[0].seq, ack);
  }
}

TEST(Rfc9293, SynReceivedTakesTheDataThatComesWithTheAck) {
  Lone lone;
  reach(lone, State::kSynReceived);
  lone.receive(kTheirs, kOurs, 0, "data");
  EXPECT_EQ(lone->state(), State::kEstablished);
  EXPECT_EQ(lone.read(), "data");
}

}  // namespace
}  // namespace sockwire::tcp::test
