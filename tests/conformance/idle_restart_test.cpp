// SPDX-License-Identifier: Apache-2.0
// RFC 5681 4.1: after more than a time-out without sending, the window is not larger than the first one.
#include <gtest/gtest.h>

#include "states.hpp"

namespace sockwire::tcp::test {
namespace {

TEST(Rfc5681, IdleConnectionBeginsAnew) {
  Lone lone;
  lone.establish();
  lone.send(text(10 * kMss));
  lone.receive(kTheirs, kOurs + 10 * kMss);
  ASSERT_EQ(lone->info().cwnd_bytes, 20 * kMss);
  lone.advance(10s);
  lone.take();
  lone.send(text(20 * kMss));
  EXPECT_EQ(payload_bytes(lone.take()), 10 * kMss);
}

TEST(Rfc5681, ShortPauseIsNotIdle) {
  Lone lone;
  lone.establish();
  lone.send(text(10 * kMss));
  lone.receive(kTheirs, kOurs + 10 * kMss);
  lone.take();
  lone.advance(100ms);
  lone.send(text(20 * kMss));
  EXPECT_EQ(payload_bytes(lone.take()), 20 * kMss);
}

}  // namespace
}  // namespace sockwire::tcp::test
