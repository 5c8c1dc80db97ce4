// SPDX-License-Identifier: Apache-2.0
// Slow start, congestion avoidance, and what losses do to the window: NewReno and CUBIC.
#include <gtest/gtest.h>

#include <cmath>

#include "host/tcp/congestion/cubic.hpp"
#include "host/tcp/congestion/new_reno.hpp"

namespace sockwire::tcp {
namespace {

using namespace std::chrono_literals;

constexpr std::uint32_t kMss = 1000;

AckSample sample(std::uint32_t acked, std::uint32_t flight_before, TimePoint now = TimePoint{1s}) {
  AckSample result;
  result.now = now;
  result.acked = acked;
  result.flight_before = flight_before;
  result.srtt = 100ms;
  return result;
}

// --- what all have in common -----------------------------------------------------------------------------------------

// RFC 6928 2
TEST(Congestion, StartsWithTenSegments) { EXPECT_EQ(NewReno(kMss, 10).cwnd(), 10 * kMss); }

// RFC 5681 3.1: after a lost SYN one segment.
TEST(Congestion, LostSynLeavesOneSegment) {
  NewReno reno(kMss, 10);
  reno.on_syn_lost();
  EXPECT_EQ(reno.cwnd(), kMss);
  reno.set_mss(500);
  EXPECT_EQ(reno.cwnd(), 500u);
}

// RFC 5681 3.1 equation 2, in bytes as RFC 3465: what was acknowledged is added, however large the ACK.
TEST(Congestion, SlowStartGrowsByWhatWasAcknowledged) {
  NewReno reno(kMss, 10);
  reno.on_ack(sample(8000, 10000));
  EXPECT_EQ(reno.cwnd(), 18000u);
}

// RFC 7661 4.3
TEST(Congestion, UnusedWindowDoesNotGrow) {
  NewReno reno(kMss, 10);
  reno.on_ack(sample(1000, 1000));
  EXPECT_EQ(reno.cwnd(), 10000u);
}

// RFC 5681 3.1 equation 4 and below: ssthresh is held when the same data times out again.
TEST(Congestion, TimeoutFallsToOneSegment) {
  NewReno reno(kMss, 10);
  reno.on_timeout(TimePoint{1s}, 8000, true);
  EXPECT_EQ(reno.cwnd(), 1000u);
  EXPECT_EQ(reno.ssthresh(), 4000u);
  reno.on_timeout(TimePoint{2s}, 1000, false);
  EXPECT_EQ(reno.ssthresh(), 4000u);
}

// RFC 5681 3.1 equation 4: never below two segments.
TEST(Congestion, ThresholdHasAFloor) {
  NewReno reno(kMss, 10);
  reno.on_timeout(TimePoint{1s}, 1000, true);
  EXPECT_EQ(reno.ssthresh(), 2000u);
  Cubic cubic(kMss, 10);
  cubic.on_timeout(TimePoint{1s}, 1000, true);
  EXPECT_EQ(cubic.ssthresh(), 2000u);
}

// RFC 3465 2.3
TEST(Congestion, AfterATimeoutOneAckReleasesTwoSegmentsAtMost) {
  NewReno reno(kMss, 10);
  reno.on_timeout(TimePoint{1s}, 20000, true);
  reno.on_ack(sample(10000, 20000));
  EXPECT_EQ(reno.cwnd(), 3000u);
  reno.on_timeout_repaired();
  reno.on_ack(sample(4000, 20000));
  EXPECT_EQ(reno.cwnd(), 7000u);
}

// RFC 6582 3.2 step 3, full acknowledgment: min(ssthresh, max(flight, SMSS) + SMSS).
TEST(Congestion, RecoveryEndsWithoutABurst) {
  NewReno reno(kMss, 10);
  reno.on_congestion(TimePoint{1s}, 10000);
  reno.on_recovered(0);
  EXPECT_EQ(reno.cwnd(), 2000u);
  EXPECT_EQ(reno.ssthresh(), 5000u);
}

TEST(Congestion, AlgorithmsGoByLinuxNames) {
  for (const auto algorithm : {CongestionAlgorithm::kNewReno, CongestionAlgorithm::kCubic, CongestionAlgorithm::kBbr}) {
    EXPECT_EQ(make_congestion_control(algorithm, kMss, 10)->algorithm(), algorithm);
    EXPECT_EQ(congestion_by_name(name_of(algorithm)), algorithm);
  }
  EXPECT_EQ(congestion_by_name("vegas"), std::nullopt);
}

// RFC 5682 3 and RFC 4015 (step 2): a response that was a mistake is taken back.
TEST(Congestion, SpuriousTimeoutIsTakenBack) {
  for (const auto algorithm : {CongestionAlgorithm::kNewReno, CongestionAlgorithm::kCubic}) {
    const auto control = make_congestion_control(algorithm, kMss, 10);
    control->on_timeout(TimePoint{1s}, 10000, true);
    control->on_spurious();
    EXPECT_EQ(control->cwnd(), 10000u) << name_of(control->algorithm());
    EXPECT_EQ(control->ssthresh(), CongestionControl::kUnset) << name_of(control->algorithm());
  }
}

// RFC 9438 4.9.2: a window that has outgrown what there was before is left as it is.
TEST(Congestion, OutgrownWindowIsNotTakenBack) {
  NewReno reno(kMss, 10);
  reno.on_timeout(TimePoint{1s}, 10000, true);
  reno.on_timeout_repaired();
  for (int i = 0; i < 200; ++i) reno.on_ack(sample(1000, reno.cwnd()));
  const std::uint32_t grown = reno.cwnd();
  ASSERT_GT(grown, 10000u);
  reno.on_spurious();
  EXPECT_EQ(reno.cwnd(), grown);
  EXPECT_EQ(reno.ssthresh(), 5000u);
}

// RFC 3168 6.1.2, RFC 9438 4.6: a mark leaves one segment at least, a loss two.
TEST(Congestion, MarkMayLeaveOneSegment) {
  for (const auto algorithm : {CongestionAlgorithm::kNewReno, CongestionAlgorithm::kCubic}) {
    const auto control = make_congestion_control(algorithm, kMss, 10);
    std::uint32_t before = control->cwnd();
    for (int i = 0; i < 10; ++i) {
      control->on_mark(TimePoint{1s}, control->cwnd());
      EXPECT_LE(control->cwnd(), before) << name_of(control->algorithm());
      before = control->cwnd();
    }
    EXPECT_EQ(control->cwnd(), kMss) << name_of(control->algorithm());
    EXPECT_EQ(control->ssthresh(), 2 * kMss) << name_of(control->algorithm());
  }
}

// RFC 5681 4.1
TEST(Congestion, IdleFallsBackToTheInitialWindow) {
  NewReno reno(kMss, 10);
  reno.on_ack(sample(10000, 10000));
  EXPECT_EQ(reno.cwnd(), 20000u);
  reno.on_idle();
  EXPECT_EQ(reno.cwnd(), 10000u);
}

// --- NewReno ---------------------------------------------------------------------------------------------------------

// RFC 5681 3.1 equation 3, RFC 3465 2.1: one segment for each window that was acknowledged.
TEST(NewReno, AvoidanceGrowsOneSegmentPerWindow) {
  NewReno reno(kMss, 10);
  reno.on_congestion(TimePoint{1s}, 8000);
  reno.on_recovered(4000);
  EXPECT_EQ(reno.cwnd(), 4000u);
  EXPECT_FALSE(reno.in_slow_start());
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(reno.cwnd(), 4000u);
    reno.on_ack(sample(1000, reno.cwnd()));
  }
  EXPECT_EQ(reno.cwnd(), 5000u);
}

// --- CUBIC -----------------------------------------------------------------------------------------------------------

/// A round of slow start: all that is in flight is acknowledged segment by segment, each ACK with this round trip.
void slow_start_round(CongestionControl& control, Duration rtt) {
  const std::uint32_t flight = control.cwnd();
  for (std::uint32_t left = flight; left > 0 && control.in_slow_start(); left -= std::min(left, kMss)) {
    AckSample ack = sample(std::min(left, kMss), flight);
    ack.rtt = rtt;
    control.on_ack(ack);
  }
}

// RFC 9406 4.2: doubling while round trips stay, a quarter of that after a round of 8 ms more than 50 ms (the threshold
// is 50 / 8 ms), and congestion avoidance after five rounds of it.
TEST(Congestion, CubicLeavesSlowStartWhenRoundTripsGrow) {
  Cubic cubic(kMss, 10);
  for (int i = 0; i < 3; ++i) slow_start_round(cubic, 50ms);
  EXPECT_EQ(cubic.cwnd(), 80 * kMss);
  slow_start_round(cubic, 58ms);
  EXPECT_LT(cubic.cwnd(), 115 * kMss);
  EXPECT_GT(cubic.cwnd(), 95 * kMss);
  EXPECT_TRUE(cubic.in_slow_start());
  for (int i = 0; i < 6; ++i) slow_start_round(cubic, 60ms);
  EXPECT_FALSE(cubic.in_slow_start());
  EXPECT_NEAR(cubic.ssthresh(), cubic.cwnd(), kMss);
}

// RFC 9406 4.2: a round trip that comes down again was jitter.
TEST(Congestion, CubicGoesOnWithSlowStartAfterJitter) {
  Cubic cubic(kMss, 10);
  for (int i = 0; i < 3; ++i) slow_start_round(cubic, 50ms);
  slow_start_round(cubic, 58ms);
  slow_start_round(cubic, 50ms);
  const std::uint32_t before = cubic.cwnd();
  slow_start_round(cubic, 50ms);
  EXPECT_EQ(cubic.cwnd(), 2 * before);
}

// RFC 9406 4.2: what knows where it ends is not cut short.
TEST(Congestion, CubicDoublesUpToAKnownThreshold) {
  Cubic cubic(kMss, 10);
  for (int i = 0; i < 3; ++i) slow_start_round(cubic, 50ms);
  cubic.on_timeout(TimePoint{1s}, 80 * kMss, true);
  cubic.on_timeout_repaired();
  for (int i = 0; i < 5; ++i) slow_start_round(cubic, i < 4 ? 50ms : 90ms);
  EXPECT_EQ(cubic.cwnd(), 32 * kMss);
}

// RFC 9438 4.2, equations 1 and 2, worked by hand: W_max 100 segments, beta 0.7, so K = cbrt(30 / 0.4) = 4.217 s.
TEST(Cubic, WindowIsTheRfcsFunction) {
  const double k = std::cbrt(30 / 0.4);
  EXPECT_NEAR(k, 4.217, 0.001);
  EXPECT_NEAR(Cubic::window(0, k, 100), 70, 1e-9);
  EXPECT_NEAR(Cubic::window(k, k, 100), 100, 1e-9);
  EXPECT_NEAR(Cubic::window(k + 5, k, 100), 150, 1e-9);
}

/// A flow that has lost at `window` segments and goes on with round trips of 100 ms, all of it acknowledged in each.
class CubicFlow {
 public:
  explicit CubicFlow(std::uint32_t window) : cubic(kMss, window) {
    cubic.on_congestion(now, window * kMss);
    cubic.on_recovered(cubic.ssthresh());
  }
  void round_trip() {
    const std::uint32_t cwnd = cubic.cwnd();
    for (std::uint32_t acked = 0; acked < cwnd; acked += kMss) {
      now += Duration(100ms) * kMss / cwnd;
      cubic.on_ack(sample(kMss, cubic.cwnd(), now));
    }
  }
  double segments() const { return static_cast<double>(cubic.cwnd()) / kMss; }

  TimePoint now{10s};
  Cubic cubic;
};

// RFC 9438 4.6
TEST(Cubic, LossTakesThreeTenths) { EXPECT_NEAR(CubicFlow(1000).segments(), 700, 1); }

// RFC 9438 4.4 and 4.5: back at W_max after K seconds, slowly there, and faster beyond. 1000 segments: K = 9.086 s.
TEST(Cubic, GrowsAsTheCubicFunctionSays) {
  CubicFlow flow(1000);
  const TimePoint start = flow.now;
  const double k = std::cbrt(300 / 0.4);
  for (int round = 0; round < 150; ++round) {
    flow.round_trip();
    const double t = std::chrono::duration<double>(flow.now - start).count();
    // The window follows its target within a round trip.
    EXPECT_NEAR(flow.segments(), Cubic::window(t + 0.1, k, 1000), 0.02 * flow.segments()) << t;
  }
}

// RFC 9438 4.3: with small windows and short round trips it is no slower than NewReno's (alpha 0.529 segments a round
// trip until it is at its old size).
TEST(Cubic, IsNotSlowerThanNewReno) {
  CubicFlow flow(10);
  for (int round = 0; round < 20; ++round) flow.round_trip();
  EXPECT_GE(flow.segments(), 7 + 5 * 0.52);
}

// RFC 9438 4.3, figure 4: alpha is 3 * 0.3 / 1.7 = 0.5294 segments a round trip, counted in bytes.
TEST(Cubic, SmallWindowIsRenosEstimate) {
  CubicFlow flow(10);
  double estimate = 7;
  for (int round = 0; round < 5; ++round) {
    flow.round_trip();
    estimate += 3 * 0.3 / 1.7;
    EXPECT_NEAR(flow.segments(), estimate, 0.1) << round;
  }
}

// RFC 9438 4.3: once the estimate is what the window was before the loss, alpha is 1.
TEST(Cubic, EstimateGrowsAsRenoBeyondTheOldSize) {
  CubicFlow flow(10);
  while (flow.segments() < 10.2) flow.round_trip();
  const double before = flow.segments();
  for (int round = 0; round < 5; ++round) flow.round_trip();
  EXPECT_NEAR(flow.segments(), before + 5, 0.3);
}

// RFC 9438 4.2: time in which the window is not used does not count, however long.
TEST(Cubic, TimeWithoutUseDoesNotCount) {
  CubicFlow used(1000);
  CubicFlow paused(1000);
  for (int round = 0; round < 60; ++round) {
    used.round_trip();
    paused.round_trip();
    if (round == 20) {
      for (int i = 0; i < 100; ++i) paused.cubic.on_ack(sample(kMss, kMss, paused.now += 1s));
    }
  }
  EXPECT_NEAR(paused.segments(), used.segments(), 2);
}

// RFC 9438 4.8: after a time-out the epoch begins with the window at which slow start ends.
TEST(Cubic, TimeoutBeginsTheEstimateAnew) {
  CubicFlow flow(10);
  flow.cubic.on_timeout(flow.now, flow.cubic.cwnd(), true);
  flow.cubic.on_timeout_repaired();
  while (flow.cubic.in_slow_start()) flow.cubic.on_ack(sample(kMss, flow.cubic.cwnd(), flow.now += 1ms));
  const double start = flow.segments();
  flow.round_trip();
  EXPECT_NEAR(flow.segments(), start + 3 * 0.3 / 1.7, 0.1);
}

// RFC 9438 4.7: a second loss below the old size makes room for others.
TEST(Cubic, FastConvergence) {
  CubicFlow flow(1000);
  flow.round_trip();
  const double before = flow.segments();
  flow.cubic.on_congestion(flow.now, flow.cubic.cwnd());
  flow.cubic.on_recovered(flow.cubic.ssthresh());
  // W_max is then 0.85 times what it was; K follows from that.
  const TimePoint start = flow.now;
  const double w_max = 0.85 * before;
  while (flow.segments() < w_max) flow.round_trip();
  const double k = std::cbrt((w_max - 0.7 * before) / 0.4);
  EXPECT_NEAR(std::chrono::duration<double>(flow.now - start).count(), k, 1.0);
}

}  // namespace
}  // namespace sockwire::tcp
