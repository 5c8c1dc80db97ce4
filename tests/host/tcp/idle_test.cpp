// SPDX-License-Identifier: Apache-2.0
// Peers that say nothing: keepalive (RFC 9293 3.8.4), user timeout (RFC 5482), and what TIME-WAIT bears (RFC 1337).
#include <gtest/gtest.h>

#include <array>
#include <string>

#include "host/tcp/user_timeout.hpp"
#include "lone.hpp"
#include "pair.hpp"

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

// What the SYN started ends with the handshake.
TEST(UserTimeout, DoesNotEndAConnectionWithNothingUnderWay) {
  Lone lone;
  lone.config.user_timeout = 5s;
  lone.establish();
  lone.advance(60s);
  EXPECT_FALSE(lone->is_closed());
}

// Nothing leaves, as with a card that is gone: so nothing is sent again, either.
TEST(UserTimeout, CountsForWhatNeverLeaves) {
  Lone lone;
  lone.config.user_timeout = 5s;
  lone.establish();
  lone.room = 0;
  lone.advance(60s);
  lone.send("abc");
  lone.advance(5s - 1ms);
  EXPECT_FALSE(lone->is_closed());
  lone.advance(1ms);
  EXPECT_EQ(lone.take_events(), (std::vector<Event>{Event::kTimedOut, Event::kClosed}));
}

// RFC 9293 3.10.1: the default.
TEST(UserTimeout, IsFiveMinutesForWhatNeverLeaves) {
  Lone lone;
  lone.establish();
  lone.send("abc");
  lone.room = 0;  // it was lost, and what is sent again cannot leave
  lone.advance(5min);
  EXPECT_FALSE(lone->is_closed());
  lone.advance(5s);
  EXPECT_TRUE(lone->is_closed());
}

// Linux, tcp(7): it overrides how many keep-alives without an answer end a connection.
TEST(UserTimeout, SaysWhenKeepalivesGiveUp) {
  for (const unsigned probes : {1u, 100u}) {
    Lone lone;
    lone.config.user_timeout = 15s;
    lone.config.keepalive = {true, 10s, 2s, probes};
    lone.establish();
    lone.advance(15s);
    EXPECT_FALSE(lone->is_closed());
    lone.advance(2s);
    EXPECT_TRUE(lone->is_closed());
  }
}

// RFC 5482 3.2: kind 28, length 4, then minutes or seconds.
TEST(UserTimeout, TheOptionRoundsUp) {
  EXPECT_EQ(UserTimeoutOption::encode(30s), 30);
  EXPECT_EQ(UserTimeoutOption::encode(1500ms), 2);
  EXPECT_EQ(UserTimeoutOption::encode(32767s), 32767);
  EXPECT_EQ(UserTimeoutOption::encode(32768s), 0x8000 | 547);
  EXPECT_EQ(UserTimeoutOption::decode(0x8002), Duration(120s));
  Options options;
  options.user_timeout = 300;
  std::array<std::uint8_t, 4> bytes{};
  ASSERT_EQ(encode_options(options, bytes), 4u);
  EXPECT_EQ(bytes, (std::array<std::uint8_t, 4>{28, 4, 0x01, 0x2c}));
  EXPECT_EQ(decode_options(bytes), options);
}

// RFC 5482 3.1: the longer of both, at least 100 s, at most a day.
TEST(UserTimeout, BothEndsWaitAsLongAsTheMorePatientOne) {
  Pair pair;
  pair.config_a.offer_user_timeout = pair.config_b.offer_user_timeout = true;
  pair.config_a.user_timeout = 10s;
  pair.config_b.user_timeout = 300s;
  pair.establish();
  pair.a().drop = [](const Packet&, std::uint64_t) { return true; };
  pair.a().to_send = 1;
  pair.pump(0);
  pair.run_for(299s);
  EXPECT_FALSE(pair.a().connection->is_closed());
  pair.run_for(2s);
  EXPECT_TRUE(pair.a().connection->is_closed());
  EXPECT_EQ(agreed_user_timeout(10s, 20s), Duration(100s));
  EXPECT_EQ(agreed_user_timeout(10s, 48h), Duration(24h));
}

// RFC 5482 3.1, ENABLED: who has not asked for it keeps to his own.
TEST(UserTimeout, IsNobodyElsesUnlessAsked) {
  Lone lone;
  lone.config.user_timeout = 5s;
  lone.establish();
  Segment late = lone.segment(kTheirs, kOurs, wire::kTcpAckFlag);
  late.options.user_timeout = 300;
  lone->on_segment(lone.now, late);
  lone.send("abc");
  lone.advance(5s);
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
