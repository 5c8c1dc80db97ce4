// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "lone.hpp"
#include "pair.hpp"

namespace sockwire::tcp::test {
namespace {

using wire::kTcpAckFlag;
using wire::kTcpFin;
using wire::kTcpPsh;
using wire::kTcpRst;

constexpr SeqNum kOurs = Lone::kIss + 1;
constexpr SeqNum kTheirs = Lone::kPeer + 1;

// RFC 9293 3.6, figure 12: normal close sequence, seen from its beginner.
TEST(Close, ActiveCloseGoesThroughTimeWait) {
  Lone lone;
  lone.establish();
  lone->close(lone.now);
  lone.pump();
  const auto out = lone.take();
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(out[0].flags(), kTcpFin | kTcpAckFlag);
  EXPECT_EQ(lone->state(), State::kFinWait1);
  lone.receive(kTheirs, kOurs + 1);
  EXPECT_EQ(lone->state(), State::kFinWait2);
  lone.receive(kTheirs, kOurs + 1, kTcpFin);
  EXPECT_EQ(lone->state(), State::kTimeWait);
  const auto ack = lone.take();
  ASSERT_EQ(ack.size(), 1u);
  EXPECT_EQ(ack[0].ack, kTheirs + 1);
  lone.advance(59s);
  EXPECT_EQ(lone->state(), State::kTimeWait);
  lone.advance(1s);
  EXPECT_TRUE(lone->is_closed());
  EXPECT_EQ(lone.take_events().back(), Event::kClosed);
}

TEST(Close, PassiveCloseEndsWithTheLastAck) {
  Lone lone;
  lone.establish();
  lone.receive(kTheirs, kOurs, kTcpFin);
  EXPECT_EQ(lone->state(), State::kCloseWait);
  EXPECT_EQ(lone.take().at(0).ack, kTheirs + 1);
  EXPECT_TRUE(lone->end_of_stream());
  lone.send("last words");
  EXPECT_EQ(lone.take().size(), 1u);
  lone.receive(kTheirs + 1, kOurs + 10);
  lone->close(lone.now);
  lone.pump();
  EXPECT_EQ(lone->state(), State::kLastAck);
  lone.receive(kTheirs + 1, kOurs + 11);
  EXPECT_TRUE(lone->is_closed());
}

// RFC 9293 3.6, figure 13: simultaneous close.
TEST(Close, SimultaneousCloseGoesThroughClosing) {
  Lone lone;
  lone.establish();
  lone->close(lone.now);
  lone.pump();
  lone.receive(kTheirs, kOurs, kTcpFin);
  EXPECT_EQ(lone->state(), State::kClosing);
  lone.receive(kTheirs + 1, kOurs + 1);
  EXPECT_EQ(lone->state(), State::kTimeWait);
}

// FIN that acknowledges ours: FIN-WAIT-1 to TIME-WAIT at once (RFC 9293 3.10.7.4, eighth).
TEST(Close, FinWithTheAckOfOursEntersTimeWaitDirectly) {
  Lone lone;
  lone.establish();
  lone->shutdown_write(lone.now);
  lone.pump();
  lone.receive(kTheirs, kOurs + 1, kTcpFin, "bye");
  EXPECT_EQ(lone->state(), State::kTimeWait);
  EXPECT_EQ(lone.read(), "bye");
}

TEST(Close, FinRidesOnTheLastData) {
  Lone lone;
  lone.establish();
  lone->send(lone.now, std::array<std::uint8_t, 3>{1, 2, 3});
  lone->shutdown_write(lone.now);
  lone.pump();
  const auto out = lone.take();
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(out[0].payload_bytes, 3u);
  EXPECT_EQ(out[0].flags(), kTcpFin | kTcpAckFlag | kTcpPsh);
  EXPECT_EQ(out[0].seq_end(), kOurs + 4);
}

// RFC 9293 3.6: half close; we still read.
TEST(Close, HalfCloseKeepsReceiving) {
  Lone lone;
  lone.establish();
  lone->shutdown_write(lone.now);
  lone.pump();
  lone.receive(kTheirs, kOurs + 1);
  lone.receive(kTheirs, kOurs + 1, 0, "still here");
  EXPECT_EQ(lone.read(), "still here");
  EXPECT_EQ(lone->state(), State::kFinWait2);
  lone.advance(1h);
  EXPECT_EQ(lone->state(), State::kFinWait2) << "a half-closed connection may last";
  EXPECT_EQ(lone->send(lone.now, std::array<std::uint8_t, 1>{1}), 0u);
}

TEST(Close, FullCloseDoesNotWaitForEverInFinWait2) {
  Lone lone;
  lone.establish();
  lone->close(lone.now);
  lone.pump();
  lone.receive(kTheirs, kOurs + 1);
  lone.advance(59s);
  EXPECT_EQ(lone->state(), State::kFinWait2);
  lone.advance(1s);
  EXPECT_TRUE(lone->is_closed());
}

// RFC 9293 3.10.7.4, eighth, TIME-WAIT: a FIN again is acknowledged again and the wait starts anew.
TEST(Close, RepeatedFinInTimeWaitIsAcknowledgedAndRestartsTheTimer) {
  Lone lone;
  lone.establish();
  lone->shutdown_write(lone.now);
  lone.pump();
  lone.receive(kTheirs, kOurs + 1, kTcpFin);
  lone.advance(40s);
  lone.take();
  lone.receive(kTheirs, kOurs + 1, kTcpFin);
  EXPECT_EQ(lone.take().size(), 1u);
  lone.advance(40s);
  EXPECT_EQ(lone->state(), State::kTimeWait);
  lone.advance(20s);
  EXPECT_TRUE(lone->is_closed());
}

// RFC 9293 3.10.7.4 and RFC 6191 2
TEST(Close, NewerSynMayReplaceTimeWait) {
  Lone lone;
  lone.establish();
  lone->shutdown_write(lone.now);
  lone.pump();
  lone.receive(kTheirs, kOurs + 1, kTcpFin);
  EXPECT_TRUE(lone->may_be_replaced_by(lone.segment(kTheirs + 100, SeqNum(0), wire::kTcpSyn)));
  EXPECT_FALSE(lone->may_be_replaced_by(lone.segment(kTheirs - 100, SeqNum(0), wire::kTcpSyn)));
  EXPECT_FALSE(lone->may_be_replaced_by(lone.segment(kTheirs + 100, SeqNum(0), kTcpAckFlag)));
}

// RFC 2525 2.17: data that nobody will read.
TEST(Close, UnreadDataTurnsCloseIntoReset) {
  Lone lone;
  lone.establish();
  lone.receive(kTheirs, kOurs, 0, "unread");
  lone.take();
  lone->close(lone.now);
  lone.pump();
  const auto out = lone.take();
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(out[0].flags(), kTcpRst | kTcpAckFlag);
  EXPECT_EQ(out[0].seq, kOurs);
  EXPECT_TRUE(lone->is_closed());
}

TEST(Close, DataAfterCloseIsAnsweredWithReset) {
  Lone lone;
  lone.establish();
  lone->close(lone.now);
  lone.pump();
  lone.take();
  lone.receive(kTheirs, kOurs + 1, 0, "too late");
  const auto out = lone.take();
  ASSERT_FALSE(out.empty());
  EXPECT_TRUE(out.back().rst());
  EXPECT_EQ(lone->info().counters.data_after_close, 1u);
  EXPECT_TRUE(lone->is_closed());
}

TEST(Close, AbortSendsReset) {
  Lone lone;
  lone.establish();
  lone.send("abc");
  lone.take();
  lone->abort(lone.now);
  lone.pump();
  const auto out = lone.take();
  ASSERT_EQ(out.size(), 1u);
  EXPECT_TRUE(out[0].rst());
  EXPECT_EQ(out[0].seq, kOurs + 3);
  EXPECT_EQ(lone->next_deadline(), kNever);
}

// Otherwise the RST would not be at the peer's RCV.NXT (RFC 5961 3.2).
TEST(Close, ResetStaysBehindWhatIsQueuedOnTheCard) {
  Lone lone;
  lone.establish();
  lone.departs = false;
  lone.send("abc");
  lone->abort(lone.now);
  lone.pump();
  EXPECT_EQ(lone.out.back().kind, TransmitKind::kSegment);
  EXPECT_EQ(lone.out.back().tag, lone.out.front().tag + 1);
}

// Out of order: the FIN comes before the data that precedes it.
TEST(Close, FinAheadOfDataIsRemembered) {
  Lone lone;
  lone.establish();
  lone.receive(kTheirs + 5, kOurs, kTcpFin);
  EXPECT_EQ(lone->state(), State::kEstablished);
  EXPECT_EQ(lone.take().at(0).ack, kTheirs);
  lone.receive(kTheirs, kOurs, 0, "12345");
  EXPECT_EQ(lone->state(), State::kCloseWait);
  EXPECT_EQ(lone.take().at(0).ack, kTheirs + 6);
}

TEST(Close, BytesBehindThePeersFinAreNotTaken) {
  Lone lone;
  lone.establish();
  lone.receive(kTheirs + 2, kOurs, kTcpFin);
  lone.receive(kTheirs, kOurs, 0, "abcdef");
  EXPECT_EQ(lone.read(), "ab");
  EXPECT_EQ(lone->info().counters.data_after_fin, 1u);
}

struct LostAtClose {
  const char* name;
  int side;
  bool fin;  // else the ACK of the FIN
};

// Every one of the four segments is lost once; both ends still come to CLOSED.
TEST(Close, SurvivesTheLossOfEachSegment) {
  for (const LostAtClose& lost : {LostAtClose{"first FIN", 0, true}, LostAtClose{"its ACK", 1, false},
                                  LostAtClose{"second FIN", 1, true}, LostAtClose{"last ACK", 0, false}}) {
    Pair pair;
    pair.establish();
    bool done = false;
    bool peer_fin_seen = false;
    pair.side(1 - lost.side).tamper = [&](Packet& packet) { peer_fin_seen |= packet.segment.fin(); };
    pair.side(lost.side).drop = [&](const Packet& packet, std::uint64_t) {
      const bool match = lost.fin ? packet.segment.fin() : peer_fin_seen && !packet.segment.fin();
      const bool drop = match && !done;
      done |= match;
      return drop;
    };
    pair.a().to_send = 5000;
    pair.a().close_when_sent = true;
    pair.a().close_at_end = true;
    pair.b().close_at_end = true;
    pair.pump(0);
    pair.run_for(200s);
    EXPECT_TRUE(done) << lost.name;
    EXPECT_TRUE(pair.a().connection->is_closed()) << lost.name;
    EXPECT_TRUE(pair.b().connection->is_closed()) << lost.name;
    EXPECT_EQ(pair.b().received, 5000u) << lost.name;
    EXPECT_FALSE(pair.a().has_event(Event::kReset) || pair.b().has_event(Event::kReset)) << lost.name;
  }
}

TEST(Close, BothAtOnce) {
  Pair pair;
  pair.establish();
  pair.a().connection->close(pair.now());
  pair.b().connection->close(pair.now());
  pair.pump(0);
  pair.pump(1);
  pair.run_for(1s);
  EXPECT_EQ(pair.a().connection->state(), State::kTimeWait);
  EXPECT_EQ(pair.b().connection->state(), State::kTimeWait);
  pair.run_for(60s);
  EXPECT_TRUE(pair.a().connection->is_closed());
  EXPECT_TRUE(pair.b().connection->is_closed());
}

}  // namespace
}  // namespace sockwire::tcp::test
