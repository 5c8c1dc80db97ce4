// SPDX-License-Identifier: Apache-2.0
// The connection above a card that queues: departure is an event, and soft state is kept fresh.
#include <gtest/gtest.h>

#include "lone.hpp"
#include "pair.hpp"

namespace sockwire::tcp::test {
namespace {

constexpr SeqNum kOurs = Lone::kIss + 1;
constexpr SeqNum kTheirs = Lone::kPeer + 1;
constexpr std::uint32_t kMss = 1460;

std::string text(std::size_t bytes) { return std::string(bytes, 'x'); }

class Departure : public ::testing::Test {
 protected:
  void SetUp() override {
    lone.establish();
    lone.departs = false;
  }
  Lone lone;
};

TEST_F(Departure, NothingThatHasNotLeftIsSentAgain) {
  lone.send(text(kMss));
  const auto tag = lone.take().at(0).tag;
  lone.advance(1h);
  EXPECT_TRUE(lone.take().empty());
  EXPECT_EQ(lone->next_deadline(), kNever);
  // RFC 6298 5.1: from when it was sent.
  lone.depart(tag);
  EXPECT_EQ(lone->next_deadline(), lone.now + 200ms);
  lone.advance(200ms);
  EXPECT_EQ(lone.take().size(), 1u);
}

TEST_F(Departure, RoundTripRunsFromTheDeparture) {
  lone.send(text(kMss));
  const auto tag = lone.take().at(0).tag;
  lone.now += 80ms;  // in the card's queue
  lone->on_sent(lone.now, tag, lone.now);
  lone.now += 8ms;
  lone.receive(kTheirs, kOurs + kMss);
  // The handshake's sample was 0: SRTT = 7/8 * 0 + 1/8 * 8 ms.
  EXPECT_EQ(lone->info().srtt, Duration(1ms));
}

TEST_F(Departure, RetransmissionThatStillWaitsIsNotRepeated) {
  lone.send(text(4 * kMss));
  lone.depart(lone.take().at(0).tag);
  lone.advance(200ms);
  ASSERT_EQ(lone.take().size(), 1u);
  lone.advance(10s);
  EXPECT_TRUE(lone.take().empty());
  EXPECT_EQ(lone->info().timeouts, 1u);
}

// What a time-out sends again ends where the card's queue begins.
TEST_F(Departure, TimeoutLeavesTheQueueAlone) {
  lone.send(text(2 * kMss));
  const auto tag = lone.take().at(0).tag;
  lone.send(text(2 * kMss));
  const auto queued = lone.take().at(0).tag;
  lone.depart(tag);
  lone.advance(200ms);
  auto out = lone.take();
  ASSERT_EQ(out.size(), 1u);
  lone.depart(queued);
  lone.depart(out[0].tag);
  lone.receive(kTheirs, kOurs + kMss);
  EXPECT_TRUE(lone.take().empty()) << "what was queued fills the window of two segments";
  lone.receive(kTheirs, kOurs + kMss);  // a segment has left the network
  out = lone.take();
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(out[0].seq, kOurs + kMss);
  EXPECT_EQ(out[0].payload_bytes, kMss) << "the other two are not lost";
}

TEST_F(Departure, SkippedTagsHaveLeftToo) {
  lone->set_nodelay(lone.now, true);
  lone.send("a");
  lone.send("b");
  ASSERT_EQ(lone.out.size(), 2u);
  lone.depart(lone.out[1].tag);
  EXPECT_FALSE(lone->has_undeparted());
  lone.depart(lone.out[0].tag);  // late and harmless
}

TEST_F(Departure, LostCardIsRepairedByRetransmission) {
  lone.send(text(3 * kMss));
  lone.take();
  lone->on_card_lost(lone.now);
  lone.pump();
  EXPECT_FALSE(lone->has_undeparted());
  lone.advance(200ms);
  const auto out = lone.take();
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(out[0].seq, kOurs);
}

// The queued segments are stamped with the newest ACK as they leave: no ACK of its own.
TEST_F(Departure, AckRidesOnTheQueue) {
  lone.send(text(8 * kMss));
  const auto tag = lone.take().at(0).tag;
  lone.receive(kTheirs, kOurs, 0, "abc");
  auto out = lone.take();
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(out[0].kind, TransmitKind::kRefresh);
  EXPECT_EQ(out[0].ack, kTheirs + 3);
  lone.advance(1s);
  EXPECT_TRUE(lone.take().empty()) << "the delayed ACK too";
  // It may have left before the refresh reached the card.
  lone.depart(tag);
  out = lone.take();
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(out[0].kind, TransmitKind::kPureAck);
  EXPECT_EQ(out[0].ack, kTheirs + 3);
}

TEST_F(Departure, AckThatLaterDataCarriesNeedsNoOther) {
  lone->set_nodelay(lone.now, true);
  lone.send("a");
  lone.receive(kTheirs, kOurs, 0, text(2 * kMss));
  lone.send("b");
  auto out = lone.take();
  ASSERT_EQ(out.size(), 3u);
  EXPECT_EQ(out[1].kind, TransmitKind::kRefresh);
  EXPECT_EQ(out[2].kind, TransmitKind::kSegment);
  EXPECT_EQ(out[2].ack, kTheirs + 2 * kMss);
  lone.depart(out[2].tag);
  EXPECT_TRUE(lone.take().empty());
}

TEST_F(Departure, WindowThatOpensRefreshesTheQueue) {
  lone.send(text(8 * kMss));
  lone.receive(kTheirs, kOurs, 0, text(50000));
  lone.take();
  lone.read();
  const auto out = lone.take();
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(out[0].kind, TransmitKind::kRefresh);
  EXPECT_EQ(out[0].window, 65535);
}

// RFC 5681 4.2: the peer counts them, so they cannot wait.
TEST_F(Departure, DuplicateAcksDoNotRide) {
  lone.send(text(8 * kMss));
  lone.take();
  for (int i = 1; i <= 3; ++i) {
    lone.receive(kTheirs + 10 * i, kOurs, 0, "abc");
    const auto out = lone.take();
    ASSERT_EQ(out.size(), 1u);
    EXPECT_EQ(out[0].kind, TransmitKind::kPureAck);
    EXPECT_EQ(out[0].ack, kTheirs);
  }
}

// No small change in the middle of bulk while the card has work.
TEST(DepartureOfBulk, WaitsForAWorthwhileSizeWhileTheCardHasWork) {
  Lone lone;
  lone.config.initial_window_segments = 24;
  lone.establish();
  lone.departs = false;
  lone.room = 8 * kMss;
  lone.send(text(65536));
  const auto queued = lone.take();
  ASSERT_EQ(queued.size(), 3u);  // 8 segments each
  lone.receive(kTheirs, kOurs + kMss);
  EXPECT_TRUE(lone.take().empty()) << "two segments could go";
  lone.depart(queued[0].tag);
  EXPECT_TRUE(lone.take().empty()) << "eight wait behind the head";
  lone.depart(queued[1].tag);
  const auto out = lone.take();
  ASSERT_EQ(out.size(), 1u) << "only the head is left, and that may be all but gone";
  EXPECT_EQ(out[0].payload_bytes, 2 * kMss);
}

struct Load {
  double bits_per_second;
  bool timestamps;
  std::size_t card_room;
};

/// Goodput of both directions as a part of what the wire allows for the MSS in use, over the last 8 of 12 MB.
std::pair<double, double> goodput(const Load& load, bool duplex, std::uint64_t* pure_acks) {
  Pair pair;
  pair.config_a.timestamps = pair.config_b.timestamps = load.timestamps;
  pair.config_a.max_transmit_bytes = pair.config_b.max_transmit_bytes = load.card_room / 4;
  for (int i = 0; i < 2; ++i) {
    pair.side(i).wire.bits_per_second = load.bits_per_second;
    pair.side(i).wire.latency = 2us;
    pair.side(i).wire.card_room = load.card_room;
    pair.side(i).log_transmits = false;
  }
  pair.establish();
  pair.a().to_send = 20 << 20;
  pair.b().to_send = duplex ? 20 << 20 : 0;
  pair.pump(0);
  pair.pump(1);
  pair.run_until([&] { return pair.b().received >= 4u << 20; });
  const TimePoint start = pair.now();
  const std::uint64_t to_b = pair.b().received;
  const std::uint64_t to_a = pair.a().received;
  const std::uint64_t acks = pair.a().pure_acks + pair.b().pure_acks;
  pair.run_until([&] { return pair.b().received >= 12u << 20; });
  const double seconds = static_cast<double>((pair.now() - start).count()) / 1e9;
  const double mss = load.timestamps ? 1448.0 : 1460.0;
  const double allowed = load.bits_per_second / 8 * mss / 1538.0 * seconds;
  *pure_acks = pair.a().pure_acks + pair.b().pure_acks - acks;
  return {static_cast<double>(pair.b().received - to_b) / allowed,
          static_cast<double>(pair.a().received - to_a) / allowed};
}

// The project's own figures, with a card that reports departures 1:1.
TEST(Goodput, FillsACleanWire) {
  for (const Load& load : {Load{1e9, false, 32 << 10}, Load{1e9, true, 32 << 10}, Load{1e10, false, 64 << 10},
                           Load{1e10, true, 64 << 10}, Load{1e8, true, 32 << 10}}) {
    std::uint64_t pure_acks = 0;
    EXPECT_GE(goodput(load, false, &pure_acks).first, 0.999) << load.bits_per_second << " " << load.timestamps;
    const auto [ab, ba] = goodput(load, true, &pure_acks);
    EXPECT_GE(ab, 0.97) << load.bits_per_second << " " << load.timestamps;
    EXPECT_GE(ba, 0.97) << load.bits_per_second << " " << load.timestamps;
    EXPECT_LT(pure_acks, 100u) << "acknowledgements ride on data";
  }
}

}  // namespace
}  // namespace sockwire::tcp::test
