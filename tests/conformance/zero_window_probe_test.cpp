// SPDX-License-Identifier: Apache-2.0
// RFC 9293 3.8.6.1 (MUST-35, MUST-36, MUST-37, SHLD-29, SHLD-30): a closed window is probed, first after a time-out,
// then ever more rarely, and for as long as the peer answers.
#include <gtest/gtest.h>

#include "states.hpp"

namespace sockwire::tcp::test {
namespace {

TEST(Rfc9293, FirstProbeComesAfterATimeout) {
  Lone lone;
  lone.peer_window = 0;
  lone.establish();
  lone.send("hello");
  const Duration rto = lone->info().rto;
  lone.advance(rto - 1ns);
  EXPECT_TRUE(lone.take().empty());
  lone.advance(1ns);
  const auto out = lone.take();
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(out[0].seq, kOurs);
  EXPECT_GE(out[0].payload_bytes, 1u);
}

TEST(Rfc9293, IntervalBetweenProbesDoubles) {
  Lone lone;
  lone.peer_window = 0;
  lone.establish();
  lone.send("hello");
  std::vector<TimePoint> times;
  for (int timer = 0; times.size() < 6; ++timer) {
    ASSERT_LT(timer, 20);
    ASSERT_NE(lone->next_deadline(), kNever);
    lone.advance(lone->next_deadline() - lone.now);
    if (!lone.take().empty()) {
      times.push_back(lone.now);
      lone.receive(kTheirs, kOurs);
    }
  }
  for (std::size_t i = 2; i < times.size(); ++i) EXPECT_EQ(times[i] - times[i - 1], 2 * (times[i - 1] - times[i - 2]));
}

TEST(Rfc9293, WindowMayStayClosedForEver) {
  Lone lone;
  lone.config.max_retransmissions = 3;
  lone.peer_window = 0;
  lone.establish();
  lone.send("hello");
  const TimePoint end = lone.now + 12h;
  while (lone.now < end) {
    ASSERT_NE(lone->next_deadline(), kNever);
    lone.advance(lone->next_deadline() - lone.now);
    ASSERT_FALSE(lone->is_closed()) << (lone.now - TimePoint{}).count();
    lone.receive(kTheirs, kOurs);
  }
  EXPECT_GT(lone->info().zero_window_probes, 400u);
}

TEST(Rfc9293, OpenedWindowIsUsedAtOnce) {
  Lone lone;
  lone.peer_window = 0;
  lone.establish();
  lone.send("hello");
  lone.advance(1s);
  lone.take();
  lone.peer_window = 65535;
  lone.receive(kTheirs, kOurs);
  ASSERT_EQ(lone.out.size(), 1u);
  EXPECT_EQ(lone.payload(lone.out[0]), "hello");
}

}  // namespace
}  // namespace sockwire::tcp::test
