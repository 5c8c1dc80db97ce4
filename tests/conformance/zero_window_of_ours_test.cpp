// SPDX-License-Identifier: Apache-2.0
// RFC 9293 3.10.7.4 first (MUST-66): with a closed window ACK, RST and URG of a segment still count; its data does not.
#include <gtest/gtest.h>

#include "states.hpp"

namespace sockwire::tcp::test {
namespace {

class ClosedWindow : public ::testing::Test {
 protected:
  void SetUp() override {
    lone.establish();
    lone.receive(kTheirs, kOurs, 0, text(65535));
    lone.send("abc");
    lone.take();
    lone.take_events();
    ASSERT_EQ(lone->info().rcv_wnd_bytes, 0u);
  }
  static constexpr SeqNum kEdge = kTheirs + 65535;
  Lone lone;
};

TEST_F(ClosedWindow, TakesAnAckWithData) {
  lone.receive(kEdge, kOurs + 3, 0, "d");
  EXPECT_EQ(lone->snd_una(), kOurs + 3);
  EXPECT_EQ(lone->rcv_nxt(), kEdge);
}

TEST_F(ClosedWindow, TakesAReset) {
  lone.receive(kEdge, kOurs, wire::kTcpRst);
  EXPECT_EQ(lone.take_events(), (std::vector<Event>{Event::kReset, Event::kClosed}));
}

TEST_F(ClosedWindow, SeesUrgentData) {
  lone.receive(kEdge, kOurs, wire::kTcpUrg, "u");
  EXPECT_EQ(lone->info().counters.urgent, 1u);
  EXPECT_EQ(lone->rcv_nxt(), kEdge);
}

TEST_F(ClosedWindow, AnswersAProbe) {
  lone.receive(kEdge, kOurs, 0, "p");
  const auto out = lone.take();
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(out[0].ack, kEdge);
  EXPECT_EQ(out[0].window, 0);
}

}  // namespace
}  // namespace sockwire::tcp::test
