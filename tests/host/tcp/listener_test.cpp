// SPDX-License-Identifier: Apache-2.0
#include "host/tcp/listener.hpp"

#include <gtest/gtest.h>

namespace sockwire::tcp {
namespace {

class ListenerTest : public ::testing::Test {
 protected:
  Segment segment(int flags) const {
    Segment result;
    result.seq = SeqNum(500);
    result.ack = SeqNum(900);
    result.flags = static_cast<std::uint8_t>(flags);
    return result;
  }
  Listener::Answer arrive(int flags) {
    return listener.on_segment(TimePoint{}, segment(flags), local, remote, SeqNum(1));
  }

  Endpoint local{IpAddress::from_ipv4(0x0a000001), 80};
  Endpoint remote{IpAddress::from_ipv4(0x0a000002), 40000};
  Listener listener{Config{}, local, 2};
};

TEST_F(ListenerTest, SynMakesAConnectionInSynReceived) {
  const auto answer = arrive(wire::kTcpSyn);
  ASSERT_TRUE(answer.connection);
  EXPECT_EQ(answer.connection->state(), State::kSynReceived);
  EXPECT_EQ(answer.connection->remote(), remote);
  EXPECT_EQ(answer.connection->rcv_nxt(), SeqNum(501));
  EXPECT_EQ(listener.half_open(), 1u);
}

// RFC 9293 3.10.7.2
TEST_F(ListenerTest, AnswersAnAckWithResetAndIgnoresTheRest) {
  const auto to_ack = arrive(wire::kTcpAckFlag);
  EXPECT_FALSE(to_ack.connection);
  ASSERT_TRUE(to_ack.reset);
  EXPECT_EQ(to_ack.reset->seq, SeqNum(900));
  EXPECT_FALSE(arrive(wire::kTcpRst).reset);
  EXPECT_FALSE(arrive(wire::kTcpFin).connection);
  EXPECT_EQ(listener.counters().stray_ack, 1u);
  EXPECT_EQ(listener.counters().stray_reset, 1u);
  EXPECT_EQ(listener.counters().not_a_syn, 1u);
}

TEST_F(ListenerTest, BacklogCountsHalfOpenAndReady) {
  EXPECT_TRUE(arrive(wire::kTcpSyn).connection);
  EXPECT_TRUE(arrive(wire::kTcpSyn).connection);
  EXPECT_FALSE(arrive(wire::kTcpSyn).connection);
  EXPECT_EQ(listener.counters().backlog_full, 1u);
  listener.on_connected(7);
  EXPECT_FALSE(arrive(wire::kTcpSyn).connection) << "ready ones count too";
  EXPECT_EQ(listener.accept(), Listener::Id{7});
  EXPECT_TRUE(arrive(wire::kTcpSyn).connection);
}

TEST_F(ListenerTest, AcceptsInTheOrderOfCompletion) {
  (void)arrive(wire::kTcpSyn);
  (void)arrive(wire::kTcpSyn);
  listener.on_connected(9);
  listener.on_connected(4);
  EXPECT_EQ(listener.accept(), Listener::Id{9});
  EXPECT_EQ(listener.accept(), Listener::Id{4});
  EXPECT_FALSE(listener.accept());
}

TEST_F(ListenerTest, FailedHandshakesFreeTheirPlace) {
  (void)arrive(wire::kTcpSyn);
  listener.on_closed(1, false);
  EXPECT_EQ(listener.half_open(), 0u);
  EXPECT_EQ(listener.counters().failed, 1u);
}

}  // namespace
}  // namespace sockwire::tcp
