// SPDX-License-Identifier: Apache-2.0
// RFC 9293 3.8.3 (MUST-20, SHLD-9, SHLD-10): after R1, three retransmissions of the same data, the application is told.
#include <gtest/gtest.h>

#include <algorithm>

#include "states.hpp"

namespace sockwire::tcp::test {
namespace {

/// How often something was sent before kTroubled came.
std::size_t sent_before_trouble(Lone& lone) {
  while (std::count(lone.events.begin(), lone.events.end(), Event::kTroubled) == 0 && !lone->is_closed()) {
    lone.advance(lone->next_deadline() - lone.now);
  }
  EXPECT_FALSE(lone->is_closed());
  return lone.take().size();
}

TEST(Rfc9293, ThirdRetransmissionOfDataIsTold) {
  Lone lone;
  lone.establish();
  lone.send("data");
  EXPECT_EQ(sent_before_trouble(lone), 4u);
  lone.take_events();
  lone.advance(10s);
  EXPECT_TRUE(lone.take_events().empty()) << "once";
  lone.receive(kTheirs, kOurs + 4);
  lone.take();
  lone.send("more");
  EXPECT_EQ(sent_before_trouble(lone), 4u) << "and again for other data";
}

TEST(Rfc9293, ThirdRetransmissionOfASynIsTold) {
  Lone lone;
  lone.connect();
  EXPECT_EQ(sent_before_trouble(lone), 4u);
}

}  // namespace
}  // namespace sockwire::tcp::test
