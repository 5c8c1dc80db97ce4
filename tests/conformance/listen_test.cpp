// SPDX-License-Identifier: Apache-2.0
// RFC 9293 3.10.7.2: LISTEN ignores a RST, resets an ACK and takes a SYN.
#include <gtest/gtest.h>

#include "host/tcp/listener.hpp"
#include "states.hpp"

namespace sockwire::tcp::test {
namespace {

class Listening : public ::testing::Test {
 protected:
  Listener::Answer arrive(int flags) {
    Segment segment;
    segment.seq = SeqNum(500);
    segment.ack = SeqNum(900);
    segment.flags = static_cast<std::uint8_t>(flags);
    return listener.on_segment(TimePoint{}, segment, {}, {}, SeqNum(1));
  }
  Listener listener{Config{}, {}, 4};
};

TEST_F(Listening, IgnoresAReset) {
  for (const int flags : {wire::kTcpRst + 0, wire::kTcpRst | wire::kTcpSyn, wire::kTcpRst | wire::kTcpAckFlag}) {
    const auto answer = arrive(flags);
    EXPECT_FALSE(answer.connection);
    EXPECT_FALSE(answer.reset);
  }
}

TEST_F(Listening, ResetsAnAck) {
  for (const int flags : {wire::kTcpAckFlag + 0, wire::kTcpSyn | wire::kTcpAckFlag}) {
    const auto answer = arrive(flags);
    EXPECT_FALSE(answer.connection);
    ASSERT_TRUE(answer.reset);
    EXPECT_EQ(answer.reset->seq, SeqNum(900));
  }
}

TEST_F(Listening, TakesASyn) {
  const auto answer = arrive(wire::kTcpSyn);
  ASSERT_TRUE(answer.connection);
  EXPECT_EQ(answer.connection->rcv_nxt(), SeqNum(501));
}

TEST_F(Listening, DropsWhatIsNothing) {
  const auto answer = arrive(wire::kTcpFin);
  EXPECT_FALSE(answer.connection);
  EXPECT_FALSE(answer.reset);
}

}  // namespace
}  // namespace sockwire::tcp::test
