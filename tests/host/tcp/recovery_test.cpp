// SPDX-License-Identifier: Apache-2.0
// More of loss recovery: what a time-out leaves alone, what counts as in flight, which timer goes first (RFC 6675,
// RFC 8985), and what holds without SACK.
#include <gtest/gtest.h>

#include "repair.hpp"

namespace sockwire::tcp::test {
namespace {

using Recovery = Repair;

// RFC 6675 5, step 1: an ACK of new data begins the count of duplicates anew.
TEST_F(Recovery, CumulativeAckForgetsDuplicates) {
  start(false);
  send(10);
  sent();
  lone.acknowledge(at(0));
  lone.acknowledge(at(0));
  lone.acknowledge(at(2));
  lone.acknowledge(at(2));
  lone.acknowledge(at(2));
  EXPECT_EQ(sent().find('R'), std::string::npos);
  EXPECT_EQ(lone->info().fast_retransmits, 0u);
  lone.acknowledge(at(2));
  EXPECT_EQ(lone->info().fast_retransmits, 1u);
}

// RFC 6675 5, step 4.4: what is sent again is in flight again, and what is lost is not.
TEST_F(Recovery, RetransmissionsCountAsFlight) {
  start();
  send(10);
  lone.now += 40ms;
  lone.room = 0;
  lone.acknowledge(at(0), {{at(1), at(4)}});
  EXPECT_EQ(lone->info().in_flight_bytes, 6 * kMss) << "three delivered, one lost";
  lone.room = kMaxTransmitBytes;
  sent();
  lone.pump();
  EXPECT_EQ(sent(), "R0+1");
  EXPECT_EQ(lone->info().in_flight_bytes, 7 * kMss);
}

// RFC 6675 4, NextSeg: holes first, then new data as far as the window allows, and nothing else.
TEST_F(Recovery, HolesGoBeforeNewData) {
  start();
  send(40);
  sent();
  lone.now += 40ms;
  lone.acknowledge(at(0), {{at(2), at(19)}});
  const std::string out = sent();
  EXPECT_EQ(out.substr(0, 4), "R0+2") << out;
  EXPECT_NE(out.find(" 20+"), std::string::npos) << out;
  EXPECT_LE(lone->info().in_flight_bytes, lone->info().cwnd_bytes);
  lone.pump();
  EXPECT_EQ(sent(), "");
}

// RFC 6675 5.1: a time-out is repaired before there can be another fast recovery,
TEST_F(Recovery, NoFastRecoveryBeforeATimeoutIsRepaired) {
  start();
  send(10);
  while (lone->info().timeouts < 2) lone.advance(100ms);  // one may be a mistake (RFC 5682)
  lone.acknowledge(at(1), {{at(5), at(9)}});
  EXPECT_TRUE(lone->info().in_recovery);
  EXPECT_EQ(lone->info().fast_retransmits, 0u);
}

// and what SACK reports before or after it is not sent again.
TEST_F(Recovery, TimeoutLeavesAloneWhatWasReported) {
  start();
  send(10);
  sent();
  lone.now += 40ms;
  lone.acknowledge(at(0), {{at(6), at(10)}});  // recovery begins
  lone.departs = true;
  lone.advance(2s);
  ASSERT_GE(lone->info().timeouts, 1u);
  for (std::uint32_t next = 1; next <= 5; ++next) lone.acknowledge(at(next));
  for (const Transmit& t : lone.take()) EXPECT_LE(t.seq_end(), at(6));
}

// RFC 8985 6.3: what left less than a round trip ago is not lost yet.
TEST_F(Recovery, TimeoutSparesWhatLeftLately) {
  start();
  send(2);
  lone.advance(270ms);  // the probe at 80 ms has started the retransmission timer anew
  send(1);
  ASSERT_EQ(lone->info().timeouts, 0u);
  lone.advance(10ms);
  ASSERT_EQ(lone->info().timeouts, 1u);
  EXPECT_EQ(lone->info().lost_bytes, kMss) << "the second; the first is sent again";
  EXPECT_EQ(lone->info().in_flight_bytes, 2 * kMss) << "the first and the third";
}

// RFC 2018 8: a time-out makes what was reported doubtful if it is the first that is missing: it is sent again.
TEST_F(Recovery, TimeoutSendsTheFirstSegmentEvenIfReported) {
  start();
  send(4);
  sent();
  lone.now += 40ms;
  lone.acknowledge(at(0), {{at(0), at(4)}});  // yet SND.UNA stays
  EXPECT_EQ(sent(), "");
  lone.advance(10s);
  EXPECT_EQ(sent().substr(0, 4), "R0+1");
  lone.acknowledge(at(4));
  EXPECT_TRUE(lone->all_acked());
}

// RFC 8985 8: with a long round trip the reordering timer may come after the retransmission timer, which then waits.
TEST_F(Recovery, ReorderingTimerGoesBeforeTheRetransmissionTimer) {
  start();
  // Steady round trips of 400 ms, until the shorter ones of the beginning are forgotten: the time-out is 440 ms, and
  // RACK waits for 500 ms.
  constexpr std::uint32_t kRounds = 1000;
  for (std::uint32_t i = 0; i < kRounds; ++i) {
    send(1);
    lone.now += 400ms;
    lone.acknowledge(at(i + 1));
  }
  send(3);
  lone.take();
  ASSERT_LT(lone->info().rto, Duration(440ms));
  lone.now += 400ms;
  lone.acknowledge(at(kRounds), {{at(kRounds + 1), at(kRounds + 2)}});
  lone.advance(300ms);
  EXPECT_EQ(lone->info().timeouts, 0u);
  EXPECT_EQ(sent(), "R1000+1");
  EXPECT_EQ(lone->info().fast_retransmits, 1u);
}

// RFC 8985 4: without SACK there is neither RACK nor a probe.
TEST_F(Recovery, WithoutSackTimeAloneIsNoLoss) {
  start(false);
  send(5);
  sent();
  lone.now += 40ms;
  lone.acknowledge(at(0));
  lone.advance(150ms);
  EXPECT_EQ(sent(), "");
  lone.advance(1s);
  EXPECT_EQ(lone->info().tail_loss_probes, 0u);
  EXPECT_GE(lone->info().timeouts, 1u);
}

// RFC 8985 7.2: no probe in recovery, nor while something is known to be missing.
TEST_F(Recovery, NoProbeInRecovery) {
  lone.config.min_rto = 1s;
  start();
  send(10);
  lone.now += 40ms;
  lone.acknowledge(at(0), {{at(1), at(5)}});
  lone.acknowledge(at(5));
  ASSERT_TRUE(lone->info().in_recovery);
  ASSERT_EQ(lone->info().sacked_bytes, 0u);
  EXPECT_GE(lone->next_deadline() - lone.now, Duration(1s)) << "the retransmission timer";
  lone.advance(500ms);
  EXPECT_EQ(lone->info().tail_loss_probes, 0u);
}

// RFC 8985 7.2: the time of the peer's delayed ACK is added, where the retransmission timer leaves room for it.
TEST_F(Recovery, ProbeOfOneSegmentAddsTheDelayedAck) {
  lone.config.min_rto = 1s;
  start();
  send(1);
  sent();
  lone.advance(279ms);
  EXPECT_EQ(sent(), "");
  lone.advance(1ms);
  EXPECT_EQ(sent(), "R0+1");
  EXPECT_EQ(lone->info().tail_loss_probes, 1u);
}

// RFC 8985 7.3: the probe is not repeated; the retransmission timer follows.
TEST_F(Recovery, OneProbeAtATime) {
  lone.config.min_rto = 1s;
  start();
  send(5);
  lone.advance(1s);
  EXPECT_EQ(lone->info().tail_loss_probes, 1u);
  EXPECT_EQ(lone->info().timeouts, 0u);
  lone.advance(81ms);
  EXPECT_EQ(lone->info().timeouts, 1u) << "a time-out after the probe";
}

// RFC 8985 7.3: a second probe only after the round trip was measured since the first.
TEST_F(Recovery, NoSecondProbeWithoutAMeasurement) {
  lone.config.min_rto = 1s;
  start();
  send(5);
  lone.advance(80ms);
  lone.now += 40ms;
  lone.acknowledge(at(5), {{at(4), at(5)}});  // the probe was needless; its data measures nothing
  ASSERT_EQ(lone->info().tail_loss_probes, 1u);
  send(5);
  lone.advance(500ms);
  const std::uint64_t probes = lone->info().tail_loss_probes;
  lone.acknowledge(at(10));
  send(5);
  lone.advance(500ms);
  EXPECT_EQ(lone->info().tail_loss_probes, probes + 1);
  EXPECT_EQ(probes, 1u);
}

// Departure is an event: what still waits on the card is no lost tail.
TEST_F(Recovery, WhatWaitsOnTheCardIsNotProbed) {
  lone.config.min_rto = 1s;
  lone.config.nodelay = true;
  start();
  send(2);
  lone.departs = false;
  lone.send("waits");
  const std::uint32_t tag = lone.out.back().tag;
  sent();
  lone.advance(500ms);
  EXPECT_EQ(sent(), "");
  lone.depart(tag);
  lone.advance(80ms);
  EXPECT_EQ(lone->info().tail_loss_probes, 1u);
}

// RFC 8985 7.2: a second, as long as there is no measurement.
TEST_F(Recovery, ProbeComesAfterASecondWithoutAMeasurement) {
  lone.connect();
  lone.advance(1s);  // the SYN is lost, and so measures nothing
  Segment syn_ack = lone.segment(Lone::kPeer, Lone::kIss + 1, wire::kTcpSyn | wire::kTcpAckFlag);
  syn_ack.options = Options{1460, std::nullopt, std::nullopt, true};
  lone.deliver(syn_ack);
  send(1);
  sent();
  lone.advance(999ms);
  EXPECT_EQ(sent(), "");
  lone.advance(1ms);
  EXPECT_EQ(sent(), "R0+1");
  EXPECT_EQ(lone->info().tail_loss_probes, 1u);
}

}  // namespace
}  // namespace sockwire::tcp::test
