// SPDX-License-Identifier: Apache-2.0
// RFC 6298 5 (5.1 to 5.6): the timer starts with the first segment in flight, starts anew with an ACK of new data,
// stops when nothing is in flight, and doubles.
#include <gtest/gtest.h>

#include "states.hpp"

namespace sockwire::tcp::test {
namespace {

TEST(Rfc6298, TimerStartsWithDataAndStopsWithItsAck) {
  Lone lone;
  lone.establish();
  EXPECT_EQ(lone->next_deadline(), kNever);
  lone.send("data");
  EXPECT_EQ(lone->next_deadline(), lone.now + lone->info().rto);
  lone.receive(kTheirs, kOurs + 4);
  EXPECT_EQ(lone->next_deadline(), kNever);
}

TEST(Rfc6298, SecondSegmentDoesNotMoveTheTimer) {
  Lone lone;
  lone.establish();
  lone.send(text(kMss));
  const TimePoint deadline = lone->next_deadline();
  lone.advance(50ms);
  lone.send(text(kMss));
  EXPECT_EQ(lone->next_deadline(), deadline);
}

TEST(Rfc6298, AckOfNewDataStartsTheTimerAnew) {
  Lone lone;
  lone.establish();
  lone.send(text(2 * kMss));
  lone.advance(50ms);
  lone.receive(kTheirs, kOurs + kMss);
  EXPECT_EQ(lone->next_deadline(), lone.now + lone->info().rto);
}

TEST(Rfc6298, DuplicateDoesNotMoveTheTimer) {
  Lone lone;
  lone.establish();
  lone.send(text(2 * kMss));
  const TimePoint deadline = lone->next_deadline();
  lone.advance(50ms);
  lone.receive(kTheirs, kOurs);
  EXPECT_EQ(lone->next_deadline(), deadline);
}

TEST(Rfc6298, TimeoutSendsTheEarliestAndDoublesTheTime) {
  Lone lone;
  lone.establish();
  lone.send(text(3 * kMss));
  lone.take();
  Duration wait = lone->info().rto;
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(lone->next_deadline(), lone.now + wait);
    lone.advance(wait);
    const auto out = lone.take();
    ASSERT_EQ(out.size(), 1u);
    EXPECT_EQ(out[0].seq, kOurs);
    wait *= 2;
  }
}

}  // namespace
}  // namespace sockwire::tcp::test
