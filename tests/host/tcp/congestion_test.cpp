// SPDX-License-Identifier: Apache-2.0
#include "host/tcp/congestion.hpp"

#include <gtest/gtest.h>

namespace sockwire::tcp {
namespace {

constexpr std::uint32_t kMss = 1000;
constexpr SeqNum kStart{0};

NewReno make() { return NewReno(kMss, 10, kStart); }

/// In congestion avoidance with 8 segments in flight: [0, 8000).
NewReno in_recovery() {
  NewReno reno = make();
  for (int i = 0; i < 3; ++i) (void)reno.on_dup_ack(SeqNum(0), SeqNum(8000));
  return reno;
}

// RFC 6928 2
TEST(NewReno, StartsWithTenSegments) { EXPECT_EQ(make().cwnd(), 10 * kMss); }

// RFC 5681 3.1 equation 2, in bytes as RFC 3465: what was acknowledged is added, however large the ACK.
TEST(NewReno, SlowStartGrowsByWhatWasAcknowledged) {
  NewReno reno = make();
  EXPECT_FALSE(reno.on_ack(8000, SeqNum(8000), 10000, SeqNum(10000)));
  EXPECT_EQ(reno.cwnd(), 18000u);
}

// RFC 7661 4.3
TEST(NewReno, UnusedWindowDoesNotGrow) {
  NewReno reno = make();
  EXPECT_FALSE(reno.on_ack(1000, SeqNum(1000), 1000, SeqNum(1000)));
  EXPECT_EQ(reno.cwnd(), 10000u);
}

// RFC 5681 3.2 steps 2 and 3, RFC 6582 3.2 step 2
TEST(NewReno, ThirdDuplicateStartsFastRetransmit) {
  NewReno reno = make();
  EXPECT_FALSE(reno.on_dup_ack(SeqNum(0), SeqNum(8000)));
  EXPECT_FALSE(reno.on_dup_ack(SeqNum(0), SeqNum(8000)));
  EXPECT_FALSE(reno.in_recovery());
  EXPECT_TRUE(reno.on_dup_ack(SeqNum(0), SeqNum(8000)));
  EXPECT_TRUE(reno.in_recovery());
  EXPECT_EQ(reno.ssthresh(), 4000u);
  EXPECT_EQ(reno.cwnd(), 7000u);
}

// RFC 3042 2: one segment for each of the first two; not counted into ssthresh (RFC 5681 3.2 step 2).
TEST(NewReno, LimitedTransmitIsNotCountedAsFlight) {
  NewReno reno = make();
  EXPECT_EQ(reno.limited_transmit_bytes(), 0u);
  (void)reno.on_dup_ack(SeqNum(0), SeqNum(8000));
  EXPECT_EQ(reno.limited_transmit_bytes(), 1000u);
  (void)reno.on_dup_ack(SeqNum(0), SeqNum(9000));
  EXPECT_EQ(reno.limited_transmit_bytes(), 2000u);
  (void)reno.on_dup_ack(SeqNum(0), SeqNum(10000));
  EXPECT_EQ(reno.limited_transmit_bytes(), 0u);
  EXPECT_EQ(reno.ssthresh(), 4000u);
}

// RFC 5681 3.2 step 4
TEST(NewReno, FurtherDuplicatesInflate) {
  NewReno reno = in_recovery();
  EXPECT_FALSE(reno.on_dup_ack(SeqNum(0), SeqNum(8000)));
  EXPECT_EQ(reno.cwnd(), 8000u);
}

// RFC 6582 3.2 step 3, partial acknowledgment: 7000 - 2000 + 1000.
TEST(NewReno, PartialAckRetransmitsTheNextHoleAndDeflates) {
  NewReno reno = in_recovery();
  EXPECT_TRUE(reno.on_ack(2000, SeqNum(2000), 8000, SeqNum(8000)));
  EXPECT_TRUE(reno.in_recovery());
  EXPECT_EQ(reno.cwnd(), 6000u);
}

// RFC 6582 3.2 step 3, full acknowledgment: min(ssthresh, max(flight, SMSS) + SMSS).
TEST(NewReno, FullAckEndsRecoveryWithoutABurst) {
  NewReno reno = in_recovery();
  EXPECT_FALSE(reno.on_ack(8000, SeqNum(8000), 8000, SeqNum(8000)));
  EXPECT_FALSE(reno.in_recovery());
  EXPECT_EQ(reno.cwnd(), 2000u);
}

// RFC 5681 3.1 equation 4 and below: ssthresh is held when the same data times out again.
TEST(NewReno, TimeoutFallsToOneSegment) {
  NewReno reno = make();
  reno.on_timeout(8000, SeqNum(8000), true);
  EXPECT_EQ(reno.cwnd(), 1000u);
  EXPECT_EQ(reno.ssthresh(), 4000u);
  reno.on_timeout(1000, SeqNum(8000), false);
  EXPECT_EQ(reno.ssthresh(), 4000u);
}

// RFC 5681 3.1 equation 4: never below two segments.
TEST(NewReno, ThresholdHasAFloor) {
  NewReno reno = make();
  reno.on_timeout(1000, SeqNum(1000), true);
  EXPECT_EQ(reno.ssthresh(), 2000u);
}

// RFC 6582 3.2 step 2 and 4: duplicates of data sent before the time-out do not start another recovery.
TEST(NewReno, DuplicatesAfterATimeoutAreNotALoss) {
  NewReno reno = make();
  reno.on_timeout(8000, SeqNum(8000), true);
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(reno.on_dup_ack(SeqNum(4000), SeqNum(8000)));
  EXPECT_FALSE(reno.on_ack(4000, SeqNum(8000), 4000, SeqNum(9000)));
  for (int i = 0; i < 2; ++i) EXPECT_FALSE(reno.on_dup_ack(SeqNum(8000), SeqNum(12000)));
  EXPECT_TRUE(reno.on_dup_ack(SeqNum(8000), SeqNum(12000)));
}

// RFC 3465 2.3
TEST(NewReno, AfterATimeoutOneAckReleasesTwoSegmentsAtMost) {
  NewReno reno = make();
  reno.on_timeout(20000, SeqNum(20000), true);
  EXPECT_FALSE(reno.on_ack(10000, SeqNum(10000), 20000, SeqNum(20000)));
  EXPECT_EQ(reno.cwnd(), 3000u);
}

// RFC 5681 3.1 equation 3, RFC 3465 2.1: one segment for each window that was acknowledged.
TEST(NewReno, AvoidanceGrowsOneSegmentPerWindow) {
  NewReno reno = make();
  reno.on_timeout(8000, SeqNum(0), true);  // ssthresh 4000
  SeqNum una{0};
  auto ack = [&] {
    una += 1000;
    EXPECT_FALSE(reno.on_ack(1000, una, reno.cwnd(), una + reno.cwnd()));
  };
  for (int i = 0; i < 3; ++i) ack();
  EXPECT_EQ(reno.cwnd(), 4000u);
  EXPECT_FALSE(reno.in_slow_start());
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(reno.cwnd(), 4000u);
    ack();
  }
  EXPECT_EQ(reno.cwnd(), 5000u);
}

// RFC 5681 4.1
TEST(NewReno, IdleFallsBackToTheInitialWindow) {
  NewReno reno = make();
  EXPECT_FALSE(reno.on_ack(10000, SeqNum(10000), 10000, SeqNum(10000)));
  EXPECT_EQ(reno.cwnd(), 20000u);
  reno.on_idle();
  EXPECT_EQ(reno.cwnd(), 10000u);
}

}  // namespace
}  // namespace sockwire::tcp
