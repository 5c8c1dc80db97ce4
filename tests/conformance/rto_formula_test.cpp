// SPDX-License-Identifier: Apache-2.0
// RFC 6298 2 and 4: RTO from the round-trip times, by hand; a floor (of 200 ms, not the 1 s of 2.4) and a ceiling of 60
// s.
#include <gtest/gtest.h>

#include "host/tcp/rtt.hpp"
#include "states.hpp"

namespace sockwire::tcp::test {
namespace {

RttEstimator estimator() { return {200ms, 1s, 60s}; }

TEST(Rfc6298, FirstRoundTripGivesThreeTimesItself) {
  RttEstimator rtt = estimator();
  EXPECT_EQ(rtt.rto(), Duration(1s));
  rtt.on_sample(TimePoint{1s}, 400ms);
  EXPECT_EQ(rtt.srtt(), Duration(400ms));
  EXPECT_EQ(rtt.rttvar(), Duration(200ms));
  EXPECT_EQ(rtt.rto(), Duration(1200ms));
}

// RTTVAR = 3/4 * 200 + 1/4 * |400 - 800| = 250; SRTT = 7/8 * 400 + 1/8 * 800 = 450; RTO = 450 + 4 * 250.
TEST(Rfc6298, LaterRoundTripsAreSmoothed) {
  RttEstimator rtt = estimator();
  rtt.on_sample(TimePoint{1s}, 400ms);
  rtt.on_sample(TimePoint{1s}, 800ms);
  EXPECT_EQ(rtt.rttvar(), Duration(250ms));
  EXPECT_EQ(rtt.srtt(), Duration(450ms));
  EXPECT_EQ(rtt.rto(), Duration(1450ms));
}

TEST(Rfc6298, TimeoutHasItsFloorAndItsCeiling) {
  RttEstimator rtt = estimator();
  rtt.on_sample(TimePoint{1s}, 1us);
  EXPECT_EQ(rtt.rto(), Duration(200ms));
  for (int i = 0; i < 20; ++i) rtt.back_off();
  EXPECT_EQ(rtt.rto(), Duration(60s));
  rtt.on_sample(TimePoint{1s}, 1000s);
  EXPECT_EQ(rtt.rto(), Duration(60s));
}

}  // namespace
}  // namespace sockwire::tcp::test
