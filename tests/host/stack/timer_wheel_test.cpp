// SPDX-License-Identifier: Apache-2.0
#include "host/stack/timer_wheel.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

namespace sockwire::stack {
namespace {

using namespace std::chrono_literals;
using Index = TimerWheel::Index;
constexpr TimePoint kStart{};

TEST(TimerWheel, GivesTheEarliestFirst) {
  TimerWheel wheel;
  wheel.arm(1, kStart + 2s);
  wheel.arm(2, kStart + 1s);
  EXPECT_EQ(wheel.next_deadline(), kStart + 1s);
  EXPECT_FALSE(wheel.pop_due(kStart));
  EXPECT_EQ(wheel.pop_due(kStart + 5s), 2u);
  EXPECT_EQ(wheel.pop_due(kStart + 5s), 1u);
  EXPECT_FALSE(wheel.pop_due(kStart + 5s));
  EXPECT_EQ(wheel.next_deadline(), kNever);
}

TEST(TimerWheel, IsExactToTheNanosecond) {
  TimerWheel wheel;
  wheel.arm(0, kStart + 1'000'000'007ns);
  EXPECT_EQ(wheel.next_deadline(), kStart + 1'000'000'007ns);
  EXPECT_FALSE(wheel.pop_due(kStart + 1'000'000'006ns));
  EXPECT_EQ(wheel.pop_due(kStart + 1'000'000'007ns), 0u);
}

TEST(TimerWheel, LaterDeadlineCostsNothing) {
  TimerWheel wheel;
  wheel.arm(1, kStart + 1s);
  for (int i = 2; i < 1000; ++i) wheel.arm(1, kStart + i * 1s);
  EXPECT_EQ(wheel.armed(1), kStart + 1s);
  EXPECT_EQ(wheel.pop_due(kStart + 1s), 1u);
  EXPECT_FALSE(wheel.pop_due(kStart + 1000s));
}

TEST(TimerWheel, EarlierDeadlineTakesThePlaceOfTheOldOne) {
  TimerWheel wheel;
  wheel.arm(1, kStart + 2s);
  wheel.arm(1, kStart + 1s);
  EXPECT_EQ(wheel.pop_due(kStart + 3s), 1u);
  EXPECT_FALSE(wheel.pop_due(kStart + 3s));
}

TEST(TimerWheel, WhatIsDisarmedIsNotGiven) {
  TimerWheel wheel;
  for (Index index = 0; index < 3; ++index) wheel.arm(index, kStart + 1s);
  wheel.disarm(1);
  wheel.disarm(7);
  EXPECT_EQ(wheel.pop_due(kStart + 1s), 0u);
  EXPECT_EQ(wheel.pop_due(kStart + 1s), 2u);
  EXPECT_FALSE(wheel.pop_due(kStart + 1s));
}

TEST(TimerWheel, WhatIsPastIsDueAtOnce) {
  TimerWheel wheel;
  EXPECT_FALSE(wheel.pop_due(kStart + 10s));
  wheel.arm(1, kStart + 1s);
  wheel.arm(2, kStart - 1s);
  EXPECT_EQ(wheel.next_deadline(), kStart - 1s);
  EXPECT_TRUE(wheel.pop_due(kStart + 10s));
  EXPECT_TRUE(wheel.pop_due(kStart + 10s));
}

TEST(TimerWheel, NeverIsNotADeadline) {
  TimerWheel wheel;
  wheel.arm(1, kNever);
  EXPECT_EQ(wheel.next_deadline(), kNever);
  // The last nanosecond before it is.
  wheel.arm(1, kNever - 1ns);
  EXPECT_EQ(wheel.next_deadline(), kNever - 1ns);
  EXPECT_FALSE(wheel.pop_due(kNever - 2ns));
  EXPECT_EQ(wheel.pop_due(kNever - 1ns), 1u);
}

/// Against a list that is searched: the same is due at the same times, whatever was armed and disarmed before.
class Model {
 public:
  explicit Model(std::uint64_t seed) : random_(seed) {}

  void turn() {
    const Index index = static_cast<Index>(random_() % 40);
    switch (random_() % 8) {
      case 0:
        wheel_.disarm(index);
        model_.erase(index);
        break;
      case 1:
      case 2:
        now_ += delay();
        expire();
        break;
      case 3:
        // As a caller does that sleeps until it is woken.
        if (wheel_.next_deadline() != kNever) now_ = std::max(now_, wheel_.next_deadline());
        expire();
        break;
      default:
        arm(index, now_ + delay() - (random_() % 16 == 0 ? kPast : 0ns));
    }
    check_deadline();
  }

 private:
  static constexpr Duration kPast = 5us;

  /// From nanoseconds to years, each magnitude alike.
  Duration delay() { return Duration(static_cast<std::int64_t>(random_() >> (8 + random_() % 56))); }
  void arm(Index index, TimePoint deadline) {
    wheel_.arm(index, deadline);
    const auto known = model_.find(index);
    if (known == model_.end() || deadline < known->second) model_[index] = deadline;
    EXPECT_EQ(wheel_.armed(index), model_[index]);
  }
  void expire() {
    TimePoint last = TimePoint::min();
    while (const auto index = wheel_.pop_due(now_)) {
      const auto known = model_.find(*index);
      ASSERT_NE(known, model_.end()) << *index << " was not armed";
      EXPECT_LE(known->second, now_) << "too early";
      EXPECT_LE(last, known->second + 1024ns + kPast) << "out of order";
      last = std::max(last, known->second);
      model_.erase(known);
    }
    for (const auto& [index, deadline] : model_) EXPECT_GT(deadline, now_) << index << " is late";
    EXPECT_GT(wheel_.next_deadline(), now_) << "who waits for it would not get on";
  }
  void check_deadline() const {
    TimePoint earliest = kNever;
    for (const auto& [index, deadline] : model_) earliest = std::min(earliest, deadline);
    EXPECT_LE(wheel_.next_deadline(), earliest);
  }

  std::mt19937_64 random_;
  TimerWheel wheel_;
  std::map<Index, TimePoint> model_;
  TimePoint now_ = kStart;
};

TEST(TimerWheel, IsWhatASearchedListIs) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Model model(seed);
    for (int i = 0; i < 400 && !::testing::Test::HasFailure(); ++i) model.turn();
  }
}

}  // namespace
}  // namespace sockwire::stack
