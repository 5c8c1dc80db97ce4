// SPDX-License-Identifier: Apache-2.0
// RFC 9293 3.8.3 (MUST-20, MUST-21, MUST-22, MUST-23, SHLD-11): data and SYNs are given up after R2, which is a setting
// of the connection, and the application is told.
#include <gtest/gtest.h>

#include "states.hpp"

namespace sockwire::tcp::test {
namespace {

/// How long it is tried, from the first transmission to the end.
Duration patience(Lone& lone) {
  const TimePoint start = lone.now;
  while (!lone->is_closed() && lone->next_deadline() != kNever) lone.advance(lone->next_deadline() - lone.now);
  std::vector<Event> events = lone.take_events();
  std::erase(events, Event::kTroubled);
  EXPECT_EQ(events, (std::vector<Event>{Event::kTimedOut, Event::kClosed}));
  return lone.now - start;
}

TEST(Rfc9293, DataIsTriedForAtLeast100Seconds) {
  Lone lone;
  lone.establish();
  lone.send("data");
  EXPECT_GE(patience(lone), Duration(100s));
}

TEST(Rfc9293, NumberOfTriesIsOfTheConnection) {
  for (const unsigned tries : {2u, 7u}) {
    Lone lone;
    lone.config.max_retransmissions = tries;
    lone.establish();
    lone.send("data");
    (void)patience(lone);
    EXPECT_EQ(lone.take().size(), 1 + tries);
  }
}

TEST(Rfc9293, SynIsGivenUpInTheSameWay) {
  Lone lone;
  lone.config.max_syn_retransmissions = 4;
  lone.connect();
  (void)patience(lone);
  EXPECT_EQ(lone.take().size(), 5u);
}

TEST(Rfc9293, SynIsTriedForAtLeastThreeMinutes) {
  Lone lone;
  lone.connect();
  EXPECT_GE(patience(lone), Duration(180s));
}

}  // namespace
}  // namespace sockwire::tcp::test
