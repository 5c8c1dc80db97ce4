// SPDX-License-Identifier: Apache-2.0
#include "host/stack/timer_queue.hpp"

#include <gtest/gtest.h>

namespace sockwire::stack {
namespace {

using namespace std::chrono_literals;
constexpr TimePoint kStart{};

TEST(TimerQueue, GivesTheEarliestFirst) {
  TimerQueue queue;
  TimePoint first = kNever;
  TimePoint second = kNever;
  queue.arm(1, kStart + 2s, first);
  queue.arm(2, kStart + 1s, second);
  EXPECT_EQ(queue.next_deadline(), kStart + 1s);
  TimerQueue::Due due{};
  EXPECT_FALSE(queue.pop_due(kStart, due));
  ASSERT_TRUE(queue.pop_due(kStart + 5s, due));
  EXPECT_EQ(due.id, 2u);
  ASSERT_TRUE(queue.pop_due(kStart + 5s, due));
  EXPECT_EQ(due.id, 1u);
  EXPECT_EQ(queue.next_deadline(), kNever);
}

TEST(TimerQueue, LaterDeadlineCostsNothing) {
  TimerQueue queue;
  TimePoint armed = kNever;
  queue.arm(1, kStart + 1s, armed);
  for (int i = 2; i < 1000; ++i) queue.arm(1, kStart + i * 1s, armed);
  EXPECT_EQ(armed, kStart + 1s);
  TimerQueue::Due due{};
  EXPECT_TRUE(queue.pop_due(kStart + 1s, due));
  EXPECT_FALSE(queue.pop_due(kStart + 1000s, due));
}

TEST(TimerQueue, EarlierDeadlineMakesTheOldOneStale) {
  TimerQueue queue;
  TimePoint armed = kNever;
  queue.arm(1, kStart + 2s, armed);
  queue.arm(1, kStart + 1s, armed);
  TimerQueue::Due due{};
  ASSERT_TRUE(queue.pop_due(kStart + 3s, due));
  EXPECT_EQ(due.deadline, armed);
  ASSERT_TRUE(queue.pop_due(kStart + 3s, due));
  EXPECT_NE(due.deadline, armed);
}

TEST(TimerQueue, NeverIsNotADeadline) {
  TimerQueue queue;
  TimePoint armed = kNever;
  queue.arm(1, kNever, armed);
  EXPECT_EQ(queue.next_deadline(), kNever);
}

}  // namespace
}  // namespace sockwire::stack
