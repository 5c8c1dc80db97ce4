// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "lone.hpp"
#include "pair.hpp"

namespace sockwire::tcp::test {
namespace {

using wire::kTcpAckFlag;
using wire::kTcpFin;
using wire::kTcpRst;
using wire::kTcpSyn;

// RFC 9293 3.5, figure 6
TEST(Handshake, ActiveOpenSendsSynAndAcknowledgesTheAnswer) {
  Lone lone;
  lone.connect();
  ASSERT_EQ(lone.out.size(), 1u);
  EXPECT_EQ(lone.out[0].flags(), kTcpSyn);
  EXPECT_EQ(lone.out[0].seq, Lone::kIss);
  EXPECT_EQ(lone.out[0].options.mss, 1460);
  EXPECT_EQ(lone->state(), State::kSynSent);
  lone.take();

  lone.receive(Lone::kPeer, Lone::kIss + 1, kTcpSyn);
  EXPECT_EQ(lone->state(), State::kEstablished);
  const auto out = lone.take();
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(out[0].flags(), kTcpAckFlag);
  EXPECT_EQ(out[0].seq, Lone::kIss + 1);
  EXPECT_EQ(out[0].ack, Lone::kPeer + 1);
  EXPECT_EQ(lone.take_events(), std::vector<Event>{Event::kConnected});
}

TEST(Handshake, PassiveOpenAnswersSynWithSynAck) {
  Lone lone;
  lone.accept();
  auto out = lone.take();
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(out[0].flags(), kTcpSyn | kTcpAckFlag);
  EXPECT_EQ(out[0].ack, Lone::kPeer + 1);
  EXPECT_EQ(lone->state(), State::kSynReceived);
  lone.receive(Lone::kPeer + 1, Lone::kIss + 1);
  EXPECT_EQ(lone->state(), State::kEstablished);
  EXPECT_TRUE(lone.take().empty());
}

// RFC 9293 3.5, figure 8
TEST(Handshake, SimultaneousOpen) {
  Pair pair;
  pair.connect_both();
  pair.run_for(1s);
  EXPECT_EQ(pair.a().connection->state(), State::kEstablished);
  EXPECT_EQ(pair.b().connection->state(), State::kEstablished);
  pair.a().to_send = pair.b().to_send = 100000;
  pair.pump(0);
  pair.pump(1);
  pair.run_for(1s);
  EXPECT_EQ(pair.a().received, 100000u);
  EXPECT_EQ(pair.b().received, 100000u);
  EXPECT_FALSE(pair.a().mismatch || pair.b().mismatch);
}

// RFC 9293 3.7.1 and 3.10.7.3: options of the peer decide what a segment holds; RFC 6691.
TEST(Handshake, MssIsTheSmallerOfBothLessTimestamps) {
  Lone lone;
  lone.config.timestamps = true;
  lone.establish({1400, std::nullopt, Timestamps{1, 0}, false});
  EXPECT_EQ(lone->info().mss, 1388u);
  EXPECT_TRUE(lone->info().timestamps);
}

TEST(Handshake, MssIs536IfThePeerDoesNotSay) {
  Lone lone;
  lone.establish({std::nullopt, std::nullopt, std::nullopt, false});
  EXPECT_EQ(lone->info().mss, 536u);
}

// RFC 7323 2.2 and 3.2: only what both SYNs carried is in force.
TEST(Handshake, SynAckOffersOnlyWhatTheSynHad) {
  Lone lone;
  lone.config.timestamps = lone.config.window_scale = true;
  lone.accept({1460, std::nullopt, std::nullopt, false});
  EXPECT_FALSE(lone.out[0].options.timestamps);
  EXPECT_FALSE(lone.out[0].options.window_scale);
  EXPECT_FALSE(lone.out[0].options.sack_permitted);

  Lone linux_like;
  linux_like.config.timestamps = linux_like.config.window_scale = true;
  linux_like.config.receive_buffer_bytes = 1 << 20;
  linux_like.accept({1460, 7, Timestamps{4711, 0}, true});
  EXPECT_EQ(linux_like.out[0].options.timestamps->tsecr, 4711u);
  EXPECT_EQ(linux_like.out[0].options.window_scale, 5);  // 2^20 >> 5 is the first that fits 16 bits
  EXPECT_TRUE(linux_like.out[0].options.sack_permitted);
}

// RFC 7323 2.2: the window of a SYN is never scaled, all others are.
TEST(Handshake, WindowScalingAppliesAfterTheSyn) {
  Lone lone;
  lone.config.window_scale = true;
  lone.config.receive_buffer_bytes = 1 << 20;
  lone.config.initial_window_bytes = 0;
  lone.connect();
  EXPECT_EQ(lone.out[0].window, 65535);
  lone.take();
  lone.peer_window = 1000;
  Segment syn_ack = lone.segment(Lone::kPeer, Lone::kIss + 1, kTcpSyn | kTcpAckFlag);
  syn_ack.options = {1460, 7, std::nullopt, false};
  lone.deliver(syn_ack);
  EXPECT_EQ(lone->info().snd_wnd_bytes, 1000u);
  const auto out = lone.take();
  EXPECT_EQ(out[0].window, 32768);
  lone.receive(Lone::kPeer + 1, Lone::kIss + 1);
  EXPECT_EQ(lone->info().snd_wnd_bytes, 128000u);
}

// RFC 9293 3.10.7.3: an ACK of something else is answered with RST.
TEST(Handshake, SynSentRejectsAForeignAck) {
  Lone lone;
  lone.connect();
  lone.take();
  lone.receive(Lone::kPeer, Lone::kIss + 7, kTcpSyn);
  EXPECT_EQ(lone->state(), State::kSynSent);
  const auto out = lone.take();
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(out[0].flags(), kTcpRst);
  EXPECT_EQ(out[0].seq, Lone::kIss + 7);
}

TEST(Handshake, RefusedByReset) {
  Lone lone;
  lone.connect();
  lone.receive(SeqNum(0), Lone::kIss + 5, kTcpRst);  // not for our SYN
  EXPECT_EQ(lone->state(), State::kSynSent);
  lone.receive(SeqNum(0), Lone::kIss + 1, kTcpRst);
  EXPECT_EQ(lone->state(), State::kClosed);
  EXPECT_EQ(lone.take_events(), (std::vector<Event>{Event::kRefused, Event::kClosed}));
}

// RFC 6298 5.5: 1, 2, 4, ... seconds; then it is given up.
TEST(Handshake, LostSynIsRepeatedWithBackoffAndGivenUp) {
  Lone lone;
  lone.config.max_syn_retransmissions = 3;
  lone.connect();
  lone.take();
  lone.advance(999ms);
  EXPECT_TRUE(lone.take().empty());
  lone.advance(1ms);
  const auto again = lone.take();
  ASSERT_EQ(again.size(), 1u);
  EXPECT_TRUE(again[0].syn());
  EXPECT_TRUE(again[0].retransmission);
  lone.advance(100s);
  EXPECT_EQ(lone.take().size(), 2u);
  EXPECT_EQ(lone.take_events(), (std::vector<Event>{Event::kTroubled, Event::kTimedOut, Event::kClosed}));
}

TEST(Handshake, RepeatedSynIsAnsweredWithTheSynAckAgain) {
  Lone lone;
  lone.accept();
  lone.take();
  lone.deliver(lone.segment(Lone::kPeer, SeqNum(0), kTcpSyn));
  const auto out = lone.take();
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(out[0].flags(), kTcpSyn | kTcpAckFlag);
  EXPECT_EQ(out[0].seq, Lone::kIss);
}

// RFC 9293 3.10.7.4, fifth: SYN-RECEIVED and an ACK of what was not sent.
TEST(Handshake, SynReceivedRejectsAForeignAck) {
  Lone lone;
  lone.accept();
  lone.take();
  lone.receive(Lone::kPeer + 1, Lone::kIss + 2);
  EXPECT_EQ(lone->state(), State::kSynReceived);
  const auto out = lone.take();
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(out[0].flags(), kTcpRst);
  EXPECT_EQ(out[0].seq, Lone::kIss + 2);
}

TEST(Handshake, DataAndFinWithTheAckOfTheHandshake) {
  Lone lone;
  lone.accept();
  lone.receive(Lone::kPeer + 1, Lone::kIss + 1, kTcpFin, "hello");
  EXPECT_EQ(lone->state(), State::kCloseWait);
  EXPECT_EQ(lone.read(), "hello");
  EXPECT_TRUE(lone->end_of_stream());
}

TEST(Handshake, DataGivenBeforeTheHandshakeGoesWithItsLastAck) {
  Lone lone;
  lone.connect();
  lone.send("early");
  lone.take();
  lone.receive(Lone::kPeer, Lone::kIss + 1, kTcpSyn);
  const auto out = lone.take();
  ASSERT_EQ(out.size(), 1u) << "no ACK of its own is needed";
  EXPECT_EQ(lone.payload(out[0]), "early");
  EXPECT_EQ(out[0].ack, Lone::kPeer + 1);
}

TEST(Handshake, UnreachableEndsTheAttemptOnly) {
  Lone lone;
  lone.connect();
  lone->on_unreachable(lone.now);
  lone.pump();
  EXPECT_EQ(lone.take_events(), (std::vector<Event>{Event::kUnreachable, Event::kClosed}));

  Lone established;
  established.establish();
  established->on_unreachable(established.now);
  established.pump();
  EXPECT_EQ(established->state(), State::kEstablished);
}

// Each of the three segments is lost in turn.
TEST(Handshake, SurvivesTheLossOfEachSegment) {
  for (int lost = 0; lost < 3; ++lost) {
    Pair pair;
    const int sender = lost == 1 ? 1 : 0;
    const std::uint64_t number = lost == 2 ? 1 : 0;
    pair.side(sender).drop = [number](const Packet&, std::uint64_t n) { return n == number; };
    pair.connect();
    pair.a().to_send = pair.b().to_send = 10000;
    pair.run_for(20s);
    EXPECT_EQ(pair.a().received, 10000u) << "segment " << lost;
    EXPECT_EQ(pair.b().received, 10000u) << "segment " << lost;
  }
}

}  // namespace
}  // namespace sockwire::tcp::test
