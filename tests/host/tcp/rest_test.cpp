// SPDX-License-Identifier: Apache-2.0
// Connections at rest: when they may, what is kept, and that they go on as if nothing had been.
#include <gtest/gtest.h>

#include <string>

#include "lone.hpp"
#include "pair.hpp"

namespace sockwire::tcp::test {
namespace {

constexpr SeqNum kOurs = Lone::kIss + 1;
constexpr SeqNum kTheirs = Lone::kPeer + 1;

TEST(Rest, OnlyWhenNothingIsOnItsWay) {
  Lone lone;
  EXPECT_FALSE((lone.connect(), lone->rest(lone.now + 1h))) << "SYN-SENT";
  lone.establish();
  lone.now += 10s;
  lone.send("hello");
  EXPECT_FALSE(lone->rest(lone.now + 1h)) << "not acknowledged";
  lone.receive(kTheirs, kOurs + 5);
  EXPECT_FALSE(lone->rest(lone.now)) << "less than a time-out ago";
  EXPECT_TRUE(lone->rest(lone.now + 10s));
  EXPECT_TRUE(lone->resting());
}

TEST(Rest, NotWithUnreadData) {
  Lone lone;
  lone.establish();
  lone.receive(kTheirs, kOurs, 0, "unread");
  lone.advance(10s);
  EXPECT_FALSE(lone->rest(lone.now));
  std::array<std::uint8_t, 16> in{};
  EXPECT_EQ(lone->recv(lone.now, in), 6u);
  EXPECT_TRUE(lone->rest(lone.now));
  EXPECT_EQ(lone->recv(lone.now, in), 0u);
  EXPECT_TRUE(lone->resting()) << "to look does not wake it";
}

TEST(Rest, NotWhileAFinIsOnItsWay) {
  Lone lone;
  lone.establish();
  lone->close(lone.now);
  lone.pump();
  EXPECT_FALSE(lone->rest(lone.now + 1h)) << "our FIN is not acknowledged";
}

TEST(Rest, ASegmentWakesIt) {
  Lone lone;
  lone.establish();
  lone.now += 10s;
  ASSERT_TRUE(lone->rest(lone.now));
  lone.receive(kTheirs, kOurs, wire::kTcpPsh, "abc");
  EXPECT_FALSE(lone->resting());
  EXPECT_EQ(lone->readable_bytes(), 3u);
  EXPECT_EQ(lone->rcv_nxt(), kTheirs + 3);
}

// RFC 9293 3.8.4: it is probed at the time at which it would have been.
TEST(Rest, KeepaliveIsKept) {
  Lone lone;
  lone.establish();
  lone->set_keepalive(lone.now, {true, 100s, 2s, 3});
  const TimePoint due = lone->next_deadline();
  lone.now += 50s;
  ASSERT_TRUE(lone->rest(lone.now));
  EXPECT_EQ(lone->next_deadline(), due);
  lone->on_timeout(lone.now);
  EXPECT_TRUE(lone->resting()) << "early";
  lone.advance(50s);
  const auto out = lone.take();
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(out[0].seq, kOurs - 1);
}

// What an attacker could gain by waiting: nothing. RFC 5961 3.2 holds as before.
TEST(Rest, ABlindResetIsChallenged) {
  Lone lone;
  lone.establish();
  lone.now += 10s;
  ASSERT_TRUE(lone->rest(lone.now));
  lone.receive(kTheirs + 5, kOurs, wire::kTcpRst);
  EXPECT_EQ(lone->state(), State::kEstablished);
  EXPECT_EQ(lone->info().counters.challenge_acks, 1u);
}

TEST(Rest, TimeWaitEndsAtItsTime) {
  Lone lone;
  lone.establish();
  lone->close(lone.now);
  lone.pump();
  lone.receive(kTheirs, kOurs + 1);
  lone.receive(kTheirs, kOurs + 1, wire::kTcpFin);
  ASSERT_EQ(lone->state(), State::kTimeWait);
  lone.take_events();
  lone.now += 10s;
  ASSERT_TRUE(lone->rest(lone.now));
  EXPECT_EQ(lone->state(), State::kTimeWait);
  EXPECT_TRUE(lone->end_of_stream());
  EXPECT_EQ(lone->send_space(), 0u);
  lone.take();
  // The FIN again: our last ACK was lost (RFC 9293 3.10.7.4), and the time starts again.
  lone.receive(kTheirs, kOurs + 1, wire::kTcpFin);
  const auto out = lone.take();
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(out[0].ack, kTheirs + 1);
  EXPECT_EQ(lone->next_deadline(), lone.now + 60s);
  ASSERT_TRUE(lone->rest(lone.now + 10s));
  lone.advance(60s);
  EXPECT_TRUE(lone->is_closed());
}

// RFC 6191: a new SYN may take the place, whether the old connection rests or not.
TEST(Rest, TimeWaitIsReplaced) {
  Lone lone;
  lone.establish();
  lone->close(lone.now);
  lone.pump();
  lone.receive(kTheirs, kOurs + 1);
  lone.receive(kTheirs, kOurs + 1, wire::kTcpFin);
  lone.take_events();
  ASSERT_TRUE(lone->rest(lone.now + 10s));
  EXPECT_TRUE(lone->may_be_replaced_by(lone.segment(kTheirs + 1000, SeqNum(0), wire::kTcpSyn)));
  EXPECT_FALSE(lone->may_be_replaced_by(lone.segment(kTheirs - 1000, SeqNum(0), wire::kTcpSyn)));
  EXPECT_TRUE(lone->resting());
}

// RFC 5681 4.1, RFC 6298: after an idle time the window is at most the initial one; ssthresh and the round trip stay.
TEST(Rest, WindowStartsAnewAndTheRoundTripIsKnown) {
  Pair pair;
  pair.config_a.sack = pair.config_b.sack = true;
  pair.a().wire.loss = 0.02;
  pair.a().wire.bits_per_second = 1e8;
  pair.establish();
  pair.a().to_send = 2'000'000;
  pair.pump(0);
  ASSERT_TRUE(pair.run_until([&] { return pair.b().received == 2'000'000; }));
  pair.run_for(10s);
  const Info before = pair.a().connection->info();
  ASSERT_TRUE(pair.a().connection->rest(pair.now()));
  const Info at_rest = pair.a().connection->info();
  EXPECT_LE(at_rest.cwnd_bytes, 10u * before.mss);
  EXPECT_EQ(at_rest.ssthresh_bytes, before.ssthresh_bytes);
  EXPECT_LT(before.ssthresh_bytes, UINT32_MAX);
  EXPECT_EQ(at_rest.srtt, before.srtt);
  EXPECT_EQ(at_rest.rto, before.rto);
  EXPECT_EQ(at_rest.bytes_acked, before.bytes_acked);
  EXPECT_EQ(at_rest.retransmissions, before.retransmissions);
  EXPECT_GT(before.retransmissions, 0u);
}

/// Every option on and off, both ends put to rest between transfers: no byte is wrong, whatever was agreed on.
TEST(Rest, TransfersGoOnAfterIt) {
  for (int variant = 0; variant < 32; ++variant) {
    SCOPED_TRACE("variant " + std::to_string(variant));
    Pair pair(static_cast<std::uint64_t>(variant));
    for (Config* config : {&pair.config_a, &pair.config_b}) {
      config->timestamps = (variant & 1) != 0;
      config->window_scale = (variant & 2) != 0;
      config->sack = (variant & 4) != 0;
      config->ecn = (variant & 8) != 0 ? EcnMode::kOffer : EcnMode::kOff;
      config->congestion = (variant & 16) != 0 ? CongestionAlgorithm::kBbr : CongestionAlgorithm::kCubic;
      config->timestamp_offset = 77u * static_cast<std::uint32_t>(variant);
    }
    pair.a().wire.loss = pair.b().wire.loss = 0.01;
    pair.a().wire.bits_per_second = pair.b().wire.bits_per_second = 1e8;
    pair.establish();
    std::uint64_t total = 0;
    for (int turn = 0; turn < 4; ++turn) {
      total += 100'000;
      pair.a().to_send = pair.b().to_send = total;
      pair.pump(0);
      pair.pump(1);
      const auto all = [&] {
        return pair.a().received == total && pair.b().received == total && pair.a().connection->all_acked() &&
               pair.b().connection->all_acked();
      };
      ASSERT_TRUE(pair.run_until(all)) << "turn " << turn;
      pair.run_for(90s);
      ASSERT_TRUE(pair.a().connection->rest(pair.now()));
      ASSERT_TRUE(pair.b().connection->rest(pair.now()));
    }
    EXPECT_FALSE(pair.a().mismatch || pair.b().mismatch);
  }
}

}  // namespace
}  // namespace sockwire::tcp::test
