// SPDX-License-Identifier: Apache-2.0
// Peers that say nothing: keepalive (RFC 9293 3.8.4), user timeout (RFC 5482), and what TIME-WAIT bears (RFC 1337).
#include <gtest/gtest.h>

#include <string>

#include "lone.hpp"

namespace sockwire::tcp::test {
namespace {

constexpr SeqNum kOurs = Lone::kIss + 1;
constexpr SeqNum kTheirs = Lone::kPeer + 1;

// RFC 9293 3.8.4, MUST-25: off unless asked for.
TEST(KeepaliveTest, IsOffByDefault) {
  Lone lone;
  lone.establish();
  EXPECT_EQ(lone->next_deadline(), kNever);
}

// MUST-26, MUST-28, SHLD-12: after two hours without a sign, by default. The probe is for a number that is acknowledged
// already.
TEST(KeepaliveTest, ProbesAfterTwoHours) {
  Lone lone;
  lone.config.keepalive.enabled = true;
  lone.establish();
  lone.advance(std::chrono::hours(2) - 1s);
  EXPECT_TRUE(lone.take().empty());
  lone.advance(1s);
  const auto out = lone.take();
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(out[0].seq, kOurs - 1);
  EXPECT_EQ(out[0].payload_bytes, 0u);
  EXPECT_EQ(out[0].kind, TransmitKind::kPureAck);
  lone.receive(kTheirs, kOurs);
  EXPECT_TRUE(lone.take().empty());
  lone.advance(std::chrono::hours(2) - 1s);
  EXPECT_TRUE(lone.take().empty());
}

// MUST-24, MUST-27, MUST-29: they are a setting of the connection, and one probe without an answer proves nothing.
TEST(KeepaliveTest, SilentPeerIsGivenUpAfterSomeProbes) {
  Lone lone;
  lone.establish();
  lone->set_keepalive(lone.now, {true, 10s, 2s, 3});
  lone.advance(15s);
  EXPECT_EQ(lone.take().size(), 3u);
  EXPECT_TRUE(lone.take_events().empty());
  lone.advance(1s);
  const auto out = lone.take();
  ASSERT_EQ(out.size(), 1u);
  EXPECT_TRUE(out[0].rst());
  EXPECT_EQ(lone.take_events(), (std::vector<Event>{Event::kTimedOut, Event::kClosed}));
}

// MUST-26: not while data is on its way; the retransmission timer asks then.
TEST(KeepaliveTest, NotWhileDataIsOnItsWay) {
  Lone lone;
  lone.establish();
  lone->set_keepalive(lone.now, {true, 10s, 2s, 3});
  lone.send("abc");
  lone.advance(60s);
  for (const Transmit& t : lone.take()) EXPECT_EQ(t.seq, kOurs);
  EXPECT_EQ(lone->info().keepalive_probes, 0u);
}

TEST(UserTimeout, EndsAConnectionThatGetsNoAcks) {
  Lone lone;
  lone.config.user_timeout = 5s;
  lone.establish();
  lone.send("abc");
  lone.advance(4s);
  EXPECT_FALSE(lone->is_closed());
  lone.advance(1s);
  EXPECT_EQ(lone.take_events(), (std::vector<Event>{Event::kTroubled, Event::kTimedOut, Event::kClosed}));
}

TEST(UserTimeout, ProgressStartsItAnew) {
  Lone lone;
  lone.establish();
  lone->set_user_timeout(lone.now, 5s);
  lone.send("abc");
  lone.advance(4s);
  lone.receive(kTheirs, kOurs + 1);
  lone.advance(4s);
  lone.receive(kTheirs, kOurs + 3);
  lone.advance(60s);
  EXPECT_FALSE(lone->is_closed());
}

// A window that stays closed is no progress, either.
TEST(UserTimeout, CountsWhileTheWindowIsClosed) {
  Lone lone;
  lone.peer_window = 0;
  lone.establish();
  lone->set_user_timeout(lone.now, 30s);
  lone.send("abc");
  for (int i = 0; i < 40 && !lone->is_closed(); ++i) {
    lone.advance(1s);
    if (!lone->is_closed()) lone.receive(kTheirs, kOurs);
  }
  EXPECT_TRUE(lone->is_closed());
}

TEST(Cork, HoldsPartialSegments) {
  Lone lone;
  lone.config.nodelay = true;
  lone.establish();
  lone->set_cork(lone.now, true);
  lone.send("abc");
  EXPECT_TRUE(lone.take().empty());
  lone.send(std::string(1460, 'x'));
  auto out = lone.take();
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(out[0].payload_bytes, 1460u);
  lone->set_cork(lone.now, false);
  lone.pump();
  out = lone.take();
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(out[0].payload_bytes, 3u);
}

TEST(Cork, LetsGoAfterAFifthOfASecond) {
  Lone lone;
  lone.establish();
  lone->set_cork(lone.now, true);
  lone.send("abc");
  lone.advance(199ms);
  EXPECT_TRUE(lone.take().empty());
  lone.advance(1ms);
  EXPECT_EQ(lone.take().size(), 1u);
  lone.receive(kTheirs, kOurs + 3);
  lone.send("def");
  EXPECT_TRUE(lone.take().empty()) << "and holds again";
}

TEST(Cork, FinGoes) {
  Lone lone;
  lone.establish();
  lone->set_cork(lone.now, true);
  lone.send("abc");
  lone->shutdown_write(lone.now);
  lone.pump();
  const auto out = lone.take();
  ASSERT_EQ(out.size(), 1u);
  EXPECT_TRUE(out[0].fin());
}

// The peer's slow start grows by ACKs.
TEST(QuickAck, FirstSegmentsAreAcknowledgedAtOnce) {
  Lone lone;
  lone.config.quick_acks = 3;
  lone.establish();
  for (std::uint32_t i = 0; i < 3; ++i) {
    lone.receive(kTheirs + i, kOurs, 0, "x");
    EXPECT_EQ(lone.take().size(), 1u);
  }
  lone.receive(kTheirs + 3, kOurs, 0, "x");
  EXPECT_TRUE(lone.take().empty());
}

// RFC 1337 3, fix F1: a RST does not end TIME-WAIT.
TEST(TimeWait, IsNotAssassinatedByAReset) {
  Lone lone;
  lone.establish();
  lone->close(lone.now);
  lone.pump();
  lone.receive(kTheirs, kOurs + 1, wire::kTcpFin);
  ASSERT_EQ(lone->state(), State::kTimeWait);
  lone.receive(kTheirs + 1, kOurs + 1, wire::kTcpRst);
  EXPECT_EQ(lone->state(), State::kTimeWait);
  lone.advance(60s);
  EXPECT_TRUE(lone->is_closed());
}

}  // namespace
}  // namespace sockwire::tcp::test
