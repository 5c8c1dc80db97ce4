// SPDX-License-Identifier: Apache-2.0
#include "host/tcp/rtt.hpp"

#include <gtest/gtest.h>

namespace sockwire::tcp {
namespace {

using namespace std::chrono_literals;

RttEstimator make() { return {200ms, 1s, 60s}; }

// RFC 6298 2.1
TEST(Rtt, StartsWithTheInitialTimeout) { EXPECT_EQ(make().rto(), Duration(1s)); }

// RFC 6298 2.2: SRTT = R, RTTVAR = R/2, RTO = SRTT + 4 RTTVAR = 3 R.
TEST(Rtt, FirstSampleSetsSrttAndHalvesForVariance) {
  RttEstimator rtt = make();
  rtt.on_sample(TimePoint{1s}, 100ms);
  EXPECT_EQ(rtt.srtt(), Duration(100ms));
  EXPECT_EQ(rtt.rttvar(), Duration(50ms));
  EXPECT_EQ(rtt.rto(), Duration(300ms));
}

// RFC 6298 2.3, by hand: RTTVAR = 3/4 * 50 + 1/4 * |100 - 180| = 57.5; SRTT = 7/8 * 100 + 1/8 * 180 = 110.
TEST(Rtt, LaterSamplesAreSmoothedVarianceFirst) {
  RttEstimator rtt = make();
  rtt.on_sample(TimePoint{1s}, 100ms);
  rtt.on_sample(TimePoint{1s}, 180ms);
  EXPECT_EQ(rtt.rttvar(), Duration(57500us));
  EXPECT_EQ(rtt.srtt(), Duration(110ms));
  EXPECT_EQ(rtt.rto(), Duration(340ms));
  EXPECT_EQ(rtt.min_rtt(), Duration(100ms));
}

// RFC 6298 2.4, with the floor of 200 ms.
TEST(Rtt, TimeoutHasAFloor) {
  RttEstimator rtt = make();
  rtt.on_sample(TimePoint{1s}, 50us);
  EXPECT_EQ(rtt.rto(), Duration(200ms));
}

// RFC 6298 2.3: never the round trip alone. An even one of 300 ms, of which one ACK is then held back for 40 ms.
TEST(Rtt, EvenRoundTripsLeaveRoomForAnAckThatIsHeldBack) {
  RttEstimator rtt = make();
  for (int i = 0; i < 200; ++i) rtt.on_sample(TimePoint{1s}, 300ms);
  EXPECT_EQ(rtt.srtt(), Duration(300ms));
  EXPECT_EQ(rtt.rto(), Duration(340ms));
}

// RFC 6298 2.5 and 5.5
TEST(Rtt, BackingOffDoublesUpToTheMaximum) {
  RttEstimator rtt = make();
  rtt.on_sample(TimePoint{1s}, 1ms);
  rtt.back_off();
  EXPECT_EQ(rtt.rto(), Duration(400ms));
  rtt.back_off();
  EXPECT_EQ(rtt.rto(), Duration(800ms));
  for (int i = 0; i < 100; ++i) rtt.back_off();
  EXPECT_EQ(rtt.rto(), Duration(60s));
}

// RFC 6298 5, after (5.7): a new sample ends the backing off.
TEST(Rtt, SampleEndsTheBackingOff) {
  RttEstimator rtt = make();
  rtt.on_sample(TimePoint{1s}, 100ms);
  rtt.back_off();
  rtt.on_sample(TimePoint{1s}, 100ms);
  // RTTVAR = 37.5 ms by now.
  EXPECT_EQ(rtt.rto(), Duration(250ms));
}

// RFC 6298 5.7
// RFC 8985 6.2 step 1: what was measured long ago does not hold for ever.
TEST(Rtt, LeastRoundTripIsOfTheLastMinutes) {
  RttEstimator rtt = make();
  rtt.on_sample(TimePoint{0s}, 10ms);
  rtt.on_sample(TimePoint{60s}, 50ms);
  EXPECT_EQ(rtt.min_rtt(), 10ms);
  rtt.on_sample(TimePoint{200s}, 40ms);
  EXPECT_EQ(rtt.min_rtt(), 10ms) << "of the three minutes before";
  rtt.on_sample(TimePoint{400s}, 60ms);
  EXPECT_EQ(rtt.min_rtt(), 40ms);
}

TEST(Rtt, LostSynMeansThreeSecondsForData) {
  RttEstimator rtt = make();
  rtt.on_syn_timed_out();
  EXPECT_EQ(rtt.rto(), Duration(3s));
}

}  // namespace
}  // namespace sockwire::tcp
