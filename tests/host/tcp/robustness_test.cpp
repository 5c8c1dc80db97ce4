// SPDX-License-Identifier: Apache-2.0
// Blind attacks and confused peers: RFC 5961, RFC 7323 5, and a storm of random segments.
#include <gtest/gtest.h>

#include <random>

#include "lone.hpp"

namespace sockwire::tcp::test {
namespace {

constexpr SeqNum kOurs = Lone::kIss + 1;
constexpr SeqNum kTheirs = Lone::kPeer + 1;

// RFC 5961 3.2: only exactly at RCV.NXT.
TEST(Reset, OnlyAtRcvNxt) {
  Lone lone;
  lone.establish();
  lone.receive(kTheirs + 70000, kOurs, wire::kTcpRst);
  EXPECT_TRUE(lone.take().empty()) << "outside of the window: silence";
  lone.receive(kTheirs + 1, kOurs, wire::kTcpRst);
  const auto out = lone.take();
  ASSERT_EQ(out.size(), 1u) << "inside: a challenge ACK";
  EXPECT_EQ(out[0].ack, kTheirs);
  EXPECT_EQ(lone->state(), State::kEstablished);
  EXPECT_EQ(lone->info().counters.bad_reset, 1u);
  lone.receive(kTheirs, kOurs, wire::kTcpRst);
  EXPECT_EQ(lone.take_events(), (std::vector<Event>{Event::kReset, Event::kClosed}));
  EXPECT_TRUE(lone.take().empty()) << "a RST is never answered";
}

// RFC 5961 4.2
TEST(Challenge, SynInAnEstablishedConnection) {
  Lone lone;
  lone.establish();
  lone.receive(kTheirs + 5, kOurs, wire::kTcpSyn);
  ASSERT_EQ(lone.take().size(), 1u);
  EXPECT_EQ(lone->state(), State::kEstablished);
  EXPECT_EQ(lone->info().counters.unexpected_syn, 1u);
}

// RFC 5961 5.2
TEST(Challenge, AckOfWhatWasNeverSent) {
  Lone lone;
  lone.establish();
  lone.receive(kTheirs, kOurs + 1, 0, "evil");
  ASSERT_EQ(lone.take().size(), 1u);
  lone.receive(kTheirs, kOurs - 100000, 0, "evil");
  ASSERT_EQ(lone.take().size(), 1u);
  EXPECT_EQ(lone->readable_bytes(), 0u);
  EXPECT_EQ(lone->info().counters.bad_ack, 2u);
}

// RFC 5961 7
TEST(Challenge, IsLimitedInRate) {
  Lone lone;
  lone.establish();
  for (int i = 0; i < 100; ++i) lone.receive(kTheirs + 5, kOurs, wire::kTcpSyn);
  EXPECT_EQ(lone.take().size(), 10u);
  EXPECT_EQ(lone->info().counters.challenge_acks_limited, 90u);
  lone.advance(1s);
  lone.receive(kTheirs + 5, kOurs, wire::kTcpSyn);
  EXPECT_EQ(lone.take().size(), 1u);
}

TEST(Challenge, SegmentWithoutAckIsDropped) {
  Lone lone;
  lone.establish();
  const std::uint8_t byte = 1;
  Segment segment = lone.segment(kTheirs, SeqNum(0), 0);
  segment.payload = {&byte, 1};
  lone.deliver(segment);
  EXPECT_EQ(lone->readable_bytes(), 0u);
  EXPECT_EQ(lone->info().counters.no_ack_flag, 1u);
}

class PawsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    lone.config.timestamps = true;
    lone.establish({1460, std::nullopt, Timestamps{1000, 0}, false});
  }
  void receive(SeqNum seq, std::uint32_t tsval, const std::string& data) {
    Segment segment = lone.segment(seq, kOurs, wire::kTcpAckFlag);
    segment.options.timestamps = Timestamps{tsval, 0};
    segment.payload = {reinterpret_cast<const std::uint8_t*>(data.data()), data.size()};
    lone.deliver(segment);
  }
  Lone lone;
};

// RFC 7323 4.3: what is echoed comes from the segment that reaches back to the last ACK.
TEST_F(PawsTest, EchoesTheEarliestUnacknowledged) {
  receive(kTheirs, 1005, "abc");
  receive(kTheirs + 3, 1009, "def");
  lone.advance(40ms);
  const auto out = lone.take();
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(out[0].options.timestamps->tsecr, 1005u);
}

// RFC 7323 5.3 R1
TEST_F(PawsTest, OldTimestampIsAcknowledgedAndDropped) {
  receive(kTheirs, 2000, "abc");
  lone.advance(40ms);
  lone.take();
  receive(kTheirs + 3, 1999, "def");
  const auto out = lone.take();
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(out[0].ack, kTheirs + 3);
  EXPECT_EQ(lone.read(), "abc");
  EXPECT_EQ(lone->info().counters.paws_rejected, 1u);
}

// RFC 7323 5.5
TEST_F(PawsTest, After24DaysAnyTimestampIsTaken) {
  receive(kTheirs, 2000, "abc");
  lone.advance(25 * 24h);
  receive(kTheirs + 3, 1, "def");
  EXPECT_EQ(lone.read(), "abcdef");
}

// RFC 7323 3.2
TEST_F(PawsTest, SegmentWithoutTimestampIsDropped) {
  lone.receive(kTheirs, kOurs, 0, "abc");
  EXPECT_EQ(lone->readable_bytes(), 0u);
  EXPECT_EQ(lone->info().counters.timestamps_missing, 1u);
}

// RFC 7323 5.2: "A RST is not subject to PAWS".
TEST_F(PawsTest, ResetNeedsNoTimestamp) {
  lone.receive(kTheirs, kOurs, wire::kTcpRst);
  EXPECT_TRUE(lone->is_closed());
}

// RFC 7323 4.1: our clock ticks every millisecond, from a random offset.
TEST(TimestampClock, TicksInMilliseconds) {
  Lone lone;
  lone.config.timestamps = true;
  lone.config.timestamp_offset = 0xfffffff0u;
  lone.establish({1460, std::nullopt, Timestamps{1, 0}, false});
  lone.send("a");
  const std::uint32_t first = lone.take().at(0).options.timestamps->tsval;
  EXPECT_EQ(first, 0xfffffff0u + 1000u);
  Segment ack = lone.segment(kTheirs, kOurs + 1, wire::kTcpAckFlag);
  ack.options.timestamps = Timestamps{2, first};
  lone.now += 25ms;
  lone.deliver(ack);
  lone.send("b");
  EXPECT_EQ(lone.take().at(0).options.timestamps->tsval, first + 25);
}

// Whatever comes, the connection neither crashes nor talks for ever nor sends beyond what it may.
TEST(Storm, RandomSegmentsDoNoHarm) {
  for (unsigned seed = 1; seed <= 60; ++seed) {
    std::mt19937 random(seed);
    Lone lone;
    lone.config.timestamps = random() % 2 == 0;
    lone.establish({1460, std::nullopt, Timestamps{1, 0}, false});
    const std::string data(3000, 'z');
    for (int i = 0; i < 500 && !lone->is_closed(); ++i) {
      Segment segment =
          lone.segment(lone->rcv_nxt() + static_cast<std::uint32_t>(static_cast<int>(random() % 6000) - 3000),
                       lone->snd_una() + static_cast<std::uint32_t>(static_cast<int>(random() % 4000) - 1000),
                       static_cast<int>(random() % 256));
      if (random() % 8 != 0) segment.flags |= wire::kTcpAckFlag;
      if (random() % 16 != 0)
        segment.flags &= static_cast<std::uint8_t>(~(wire::kTcpRst | wire::kTcpSyn | wire::kTcpFin));
      if (random() % 2 == 0) segment.seq = lone->rcv_nxt();
      segment.window = static_cast<std::uint16_t>(random());
      segment.payload = {reinterpret_cast<const std::uint8_t*>(data.data()), random() % data.size()};
      if (random() % 4 != 0) segment.options.timestamps = Timestamps{static_cast<std::uint32_t>(random() % 10), 0};
      lone.departs = random() % 4 != 0;
      lone.deliver(segment);
      if (random() % 3 == 0) lone.send(data.substr(0, random() % data.size()));
      if (random() % 4 == 0) lone.read();
      if (random() % 5 == 0) lone.advance(Duration(random() % 1000000000));
      if (random() % 100 == 0) lone->shutdown_write(lone.now);
      ASSERT_LT(lone.out.size(), 200u) << "seed " << seed;
      for (const Transmit& t : lone.take()) ASSERT_LE(t.payload_bytes, kMaxTransmitBytes) << "seed " << seed;
      ASSERT_LE(lone->readable_bytes(), 65536u) << "seed " << seed;
    }
  }
}

}  // namespace
}  // namespace sockwire::tcp::test
