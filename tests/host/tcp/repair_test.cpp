// SPDX-License-Identifier: Apache-2.0
// Loss recovery with selective acknowledgement: RACK-TLP (RFC 8985), PRR (RFC 6937), F-RTO (RFC 5682). The round trip
// is 40 ms, and the peer is played segment by segment.
#include <gtest/gtest.h>

#include "repair.hpp"

namespace sockwire::tcp::test {
namespace {

// --- RACK ------------------------------------------------------------------------------------------------------------

// RFC 8985 6.2 step 4: three segments delivered behind the hole, as in RFC 6675, and no reordering known.
TEST_F(Repair, ThirdSackedSegmentRetransmitsTheHole) {
  start();
  send(10);
  EXPECT_EQ(sent(), "0+10");
  lone.now += 40ms;
  lone.acknowledge(at(0), {{at(1), at(2)}});
  lone.acknowledge(at(0), {{at(1), at(3)}});
  EXPECT_EQ(sent(), "");
  lone.acknowledge(at(0), {{at(1), at(4)}});
  EXPECT_EQ(sent(), "R0+1");
  EXPECT_EQ(lone->info().fast_retransmits, 1u);
}

// RFC 8985 6.2 step 5: fewer than three, but a quarter of the round trip has passed.
TEST_F(Repair, ReorderingWindowIsAQuarterOfTheRoundTrip) {
  start();
  send(10);
  sent();
  lone.now += 40ms;
  lone.acknowledge(at(0), {{at(1), at(2)}});
  lone.advance(9ms);
  EXPECT_EQ(sent(), "");
  lone.advance(1ms);
  EXPECT_EQ(sent(), "R0+1");
}

// RFC 8985 6.2 step 3: once reordering was seen, three segments are no proof any more.
TEST_F(Repair, KnownReorderingMakesThreeSegmentsWait) {
  start();
  send(10);
  sent();
  lone.now += 40ms;
  lone.acknowledge(at(0), {{at(1), at(2)}});
  lone.acknowledge(at(2));  // it was only late
  EXPECT_TRUE(lone->info().reordering_seen);
  lone.acknowledge(at(2), {{at(3), at(7)}});
  EXPECT_EQ(sent(), "");
  lone.advance(10ms);
  EXPECT_EQ(sent(), "R2+1");
}

// RFC 6675 5: all holes of a window within one round trip (NewReno takes one round trip for each).
TEST_F(Repair, ManyHolesTakeOneRoundTrip) {
  start();
  send(20);
  sent();
  lone.now += 40ms;
  std::string all;
  for (const std::uint32_t block : {1u, 3u, 5u, 7u}) {
    lone.acknowledge(at(0),
                     {{at(block), at(block + 1)}, {at(block - std::min(block, 2u)), at(block - std::min(block, 1u))}});
  }
  lone.acknowledge(at(0), {{at(9), at(20)}, {at(1), at(2)}, {at(3), at(4)}, {at(5), at(6)}});
  lone.acknowledge(at(0), {{at(7), at(8)}, {at(9), at(20)}});
  const std::string out = sent();
  for (const char* hole : {"R0+1", "R2+1", "R4+1", "R6+1", "R8+1"}) {
    EXPECT_NE(out.find(hole), std::string::npos) << hole << " of " << out;
  }
  lone.now += 40ms;
  lone.acknowledge(at(20));
  EXPECT_TRUE(lone->all_acked());
  EXPECT_EQ(lone->info().timeouts, 0u);
}

// RFC 8985 3.1: a retransmission that is lost again is found without a time-out.
TEST_F(Repair, LostRetransmissionIsFoundByWhatLeftAfterIt) {
  start();
  send(10);
  lone.now += 40ms;
  lone.acknowledge(at(0), {{at(1), at(10)}});
  EXPECT_EQ(sent(), "0+10 R0+1");
  lone.now += 1ms;
  send(4);
  EXPECT_EQ(sent(), "10+4");
  lone.now += 40ms;
  lone.acknowledge(at(0), {{at(1), at(14)}});
  lone.advance(20ms);
  EXPECT_EQ(sent(), "R0+1");
  EXPECT_EQ(lone->info().timeouts, 0u);
}

// Departure is an event: a super-segment that still waits on the card is not taken for lost, whatever comes behind.
TEST_F(Repair, WhatWaitsOnTheCardIsNotLost) {
  start();
  lone.departs = false;
  send(8);
  const auto tag = lone.out.at(0).tag;
  sent();
  lone.now += 40ms;
  lone.acknowledge(at(0), {{at(4), at(8)}});
  lone.advance(100ms);
  EXPECT_EQ(sent(), "");
  lone.depart(tag);
  lone.acknowledge(at(0), {{at(4), at(8)}});
  lone.advance(10s);
  EXPECT_EQ(sent().substr(0, 3), "R0+");
}

// RFC 2018 8: the peer drops what it had acknowledged selectively.
TEST_F(Repair, RenegingIsSurvived) {
  start();
  send(10);
  sent();
  lone.now += 40ms;
  lone.acknowledge(at(0), {{at(1), at(10)}});
  EXPECT_EQ(sent(), "R0+1");
  lone.now += 40ms;
  lone.acknowledge(at(1));
  EXPECT_EQ(lone->info().sacked_bytes, 0u);
  lone.advance(10s);
  EXPECT_EQ(sent().substr(0, 3), "R1+");
}

// RFC 3042: what was delivered makes room for new data at once.
TEST_F(Repair, LimitedTransmit) {
  start();
  send(25);
  EXPECT_EQ(sent(), "0+20");
  lone.now += 40ms;
  lone.acknowledge(at(0), {{at(1), at(2)}});
  EXPECT_EQ(sent(), "20+1");
  lone.acknowledge(at(0), {{at(1), at(3)}});
  EXPECT_EQ(sent(), "21+1");
}

// --- PRR -------------------------------------------------------------------------------------------------------------

// RFC 6937 3: one segment out for two delivered, until the window is ssthresh; and no pause before.
TEST_F(Repair, WindowShrinksInProportion) {
  start();
  send(100);
  sent();
  lone.now += 40ms;
  lone.acknowledge(at(0), {{at(1), at(4)}});  // three delivered: two to go by proportion, one of them the hole
  EXPECT_EQ(lone->info().ssthresh_bytes, 10 * kMss);
  std::uint32_t out = 0;
  for (const Transmit& t : lone.take()) out += t.payload_bytes / kMss;
  for (std::uint32_t segment = 4; segment < 20; ++segment) {
    lone.acknowledge(at(0), {{at(1), at(segment + 1)}});
    for (const Transmit& t : lone.take()) out += t.payload_bytes / kMss;
    EXPECT_LE(out, segment / 2 + 2) << segment;
    EXPECT_GE(out + 1, segment / 2) << segment;
  }
  lone.now += 40ms;
  lone.acknowledge(at(20));
  EXPECT_FALSE(lone->info().in_recovery);
  EXPECT_EQ(lone->info().cwnd_bytes, 10 * kMss);
}

// --- TLP -------------------------------------------------------------------------------------------------------------

// RFC 8985 7.2 and 7.3: after two round trips without an ACK, the last segment again.
TEST_F(Repair, TailIsProbedAfterTwoRoundTrips) {
  start();
  send(5);
  sent();
  lone.advance(79ms);
  EXPECT_EQ(sent(), "");
  lone.advance(1ms);
  EXPECT_EQ(sent(), "R4+1");
  EXPECT_EQ(lone->info().tail_loss_probes, 1u);
  // The ACK of it names the hole.
  lone.now += 40ms;
  lone.acknowledge(at(3), {{at(4), at(5)}});
  lone.advance(10ms);
  EXPECT_EQ(sent(), "R3+1");
  EXPECT_EQ(lone->info().timeouts, 0u);
}

// RFC 8985 7.3: new data, if there is some.
TEST_F(Repair, ProbeIsNewDataIfThereIsSome) {
  start();
  send(30);
  EXPECT_EQ(sent(), "0+20");
  lone.advance(80ms);
  EXPECT_EQ(sent(), "20+1");
}

// RFC 8985 7.2: with one segment the peer may hold back its ACK for 200 ms; the retransmission timer is not overtaken.
TEST_F(Repair, ProbeOfOneSegmentWaitsForTheDelayedAck) {
  start();
  send(1);
  sent();
  lone.advance(199ms);
  EXPECT_EQ(sent(), "");
  lone.advance(1ms);
  EXPECT_EQ(sent(), "R0+1");
  EXPECT_EQ(lone->info().timeouts, 0u);
  EXPECT_EQ(lone->info().tail_loss_probes, 1u);
  lone.advance(200ms);
  EXPECT_EQ(sent(), "R0+1");
  EXPECT_EQ(lone->info().timeouts, 1u);
}

// RFC 8985 7.4.2: the probe has repaired a loss, which is a sign of congestion as any.
TEST_F(Repair, ProbeThatRepairedALossReducesTheWindow) {
  start();
  send(5);
  lone.advance(80ms);
  lone.now += 40ms;
  lone.acknowledge(at(5));
  EXPECT_EQ(lone->info().ssthresh_bytes, CongestionControl::kUnset);
  send(1);
  lone.now += 40ms;
  lone.acknowledge(at(6));
  EXPECT_EQ(lone->info().ssthresh_bytes, 2 * kMss);
}

// RFC 8985 7.4.2: a DSACK says that it was needless.
TEST_F(Repair, NeedlessProbeChangesNothing) {
  start();
  send(5);
  lone.advance(80ms);
  lone.acknowledge(at(5));
  lone.acknowledge(at(5), {{at(4), at(5)}});
  send(1);
  lone.now += 40ms;
  lone.acknowledge(at(6));
  EXPECT_EQ(lone->info().ssthresh_bytes, CongestionControl::kUnset);
}

// --- F-RTO -----------------------------------------------------------------------------------------------------------

// RFC 5682 3: the ACK after the time-out is for data that was never sent again.
TEST_F(Repair, SpuriousTimeoutIsFoundBySack) {
  start();
  send(30);
  lone.advance(500ms);
  sent();
  ASSERT_EQ(lone->info().timeouts, 1u);
  ASSERT_EQ(lone->info().cwnd_bytes, kMss);
  lone.acknowledge(at(1));
  lone.acknowledge(at(2));
  EXPECT_EQ(lone->info().spurious_timeouts, 1u);
  EXPECT_FALSE(lone->info().in_recovery);
  EXPECT_GE(lone->info().cwnd_bytes, 20 * kMss);
  EXPECT_EQ(sent().find('R'), std::string::npos) << "nothing was lost";
}

// RFC 5682 2.1, without SACK: the first ACK lets two new segments out, the second decides.
TEST_F(Repair, SpuriousTimeoutIsFoundByTheSecondAck) {
  start(false);
  send(30);
  EXPECT_EQ(sent(), "0+20");
  lone.advance(250ms);
  EXPECT_EQ(sent(), "R0+1");
  lone.acknowledge(at(1));
  EXPECT_EQ(sent(), "20+2");
  lone.acknowledge(at(2));
  EXPECT_EQ(lone->info().spurious_timeouts, 1u);
  EXPECT_EQ(sent().find('R'), std::string::npos) << "nothing was lost";
}

// RFC 3708, by the blocks of RFC 2883: segments had overtaken one another, and nothing was lost.
TEST_F(Repair, NeedlessRecoveryIsTakenBack) {
  start();
  send(30);
  sent();
  lone.now += 40ms;
  lone.acknowledge(at(0), {{at(2), at(8)}});
  ASSERT_EQ(sent(), "R0+2 20+1");
  ASSERT_LT(lone->info().ssthresh_bytes, 20 * kMss);
  lone.acknowledge(at(8));  // they were only late
  ASSERT_TRUE(lone->info().in_recovery);
  lone.acknowledge(at(8), {{at(0), at(1)}});
  EXPECT_EQ(lone->info().spurious_recoveries, 0u) << "the other may have been lost";
  lone.acknowledge(at(8), {{at(1), at(2)}});
  EXPECT_EQ(lone->info().spurious_recoveries, 1u);
  EXPECT_FALSE(lone->info().in_recovery);
  EXPECT_GE(lone->info().cwnd_bytes, 20 * kMss);
  EXPECT_EQ(lone->info().ssthresh_bytes, UINT32_MAX) << "slow start goes on";
}

// As above, and the recovery is over when the second copies arrive; but the first of two was really lost.
TEST_F(Repair, OneCopyDoesNotSpeakForAnother) {
  start();
  send(20);
  sent();
  lone.now += 40ms;
  lone.acknowledge(at(0), {{at(2), at(20)}});
  ASSERT_EQ(sent(), "R0+2");
  const std::uint32_t threshold = lone->info().ssthresh_bytes;
  lone.now += 40ms;
  lone.acknowledge(at(20));
  lone.acknowledge(at(20), {{at(1), at(2)}});
  EXPECT_EQ(lone->info().spurious_recoveries, 0u);
  EXPECT_EQ(lone->info().ssthresh_bytes, threshold);
}

// RFC 6582 3.2 step 2 and 4: duplicates of what a time-out has sent again are no other loss.
TEST_F(Repair, DuplicatesAfterATimeoutAreNoLoss) {
  start(false);
  send(10);
  lone.advance(250ms);
  const std::uint64_t timeouts = lone->info().timeouts;
  ASSERT_GE(timeouts, 1u);
  const std::uint32_t threshold = lone->info().ssthresh_bytes;
  for (int i = 0; i < 5; ++i) lone.acknowledge(at(1));
  EXPECT_EQ(lone->info().fast_retransmits, 0u);
  EXPECT_EQ(lone->info().ssthresh_bytes, threshold);
}

// RFC 5682 2.1 step 3a: a duplicate says that it was a loss.
TEST_F(Repair, RealTimeoutIsRepairedInSlowStart) {
  start(false);
  send(30);
  lone.advance(250ms);
  sent();
  lone.acknowledge(at(1));
  EXPECT_EQ(sent(), "20+2");
  lone.acknowledge(at(1));
  EXPECT_EQ(lone->info().spurious_timeouts, 0u);
  EXPECT_EQ(sent(), "R1+1") << "the window of two holds one of the new ones and this";
}

}  // namespace
}  // namespace sockwire::tcp::test
