// SPDX-License-Identifier: Apache-2.0
#include "host/card/time_map.hpp"

#include <gtest/gtest.h>

#include <random>

namespace sockwire::card {
namespace {

using namespace std::chrono_literals;
constexpr std::uint64_t kLow40 = (1ULL << 40) - 1;

TimePoint at(std::int64_t ns) { return TimePoint(Duration(ns)); }

TEST(TimeMap, OnTheHostsClockTheLowBitsAreEnough) {
  TimeMap map(false);
  EXPECT_EQ(map.to_host(at(5'000'000'000'000), (5'000'000'000'000 - 700) & kLow40), at(5'000'000'000'000 - 700));
  EXPECT_EQ(map.to_host(at(1LL << 40), ((1ULL << 40) - 3) & kLow40), at((1LL << 40) - 3));
}

// Two clocks that began at other times, one 80 ppm faster; events wait for up to 20 ms. Times are compared after the
// first second.
TEST(TimeMap, FollowsAClockOfTheCardsOwn) {
  std::mt19937_64 random(1);
  TimeMap map(true);
  const std::uint64_t card_began = (1ULL << 40) - 3'000'000'000;  // its 40 bits wrap after three seconds
  for (std::int64_t host = 1'000'000; host < 60'000'000'000;
       host += 1 + static_cast<std::int64_t>(random() % 2'000'000)) {
    const auto waited = static_cast<std::int64_t>(random() % 20'000'000);
    const std::int64_t happened = host > waited ? host - waited : 0;
    const auto card = card_began + static_cast<std::uint64_t>(static_cast<double>(happened) * 1.00008);
    const TimePoint told = map.to_host(at(host), card & kLow40);
    ASSERT_LE(told, at(host));
    if (host > 1'000'000'000) {
      ASSERT_NEAR(static_cast<double>((told - at(happened)).count()), 0, 1.5e6) << host;
    }
  }
}

TEST(TimeMap, ACardThatBeginsAnewHasAnotherTime) {
  TimeMap map(true);
  static_cast<void>(map.to_host(at(1'000'000), 900'000'000'000));
  map.restart();
  EXPECT_EQ(map.to_host(at(2'000'000), 5), at(2'000'000));
}

}  // namespace
}  // namespace sockwire::card
