// SPDX-License-Identifier: Apache-2.0
// The receive buffer of a card behind a serial link: what is merged, what is dropped, what goes first.
#include "hls/link/coalescer.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <random>
#include <vector>

#include "hls/base/process.hpp"

namespace sockwire::test {
namespace {

using Bytes = std::vector<std::uint8_t>;
using card::Event;

constexpr std::uint8_t kGoodTcp = 0x45;  // L3 good, L4 good, TCP
constexpr std::uint8_t kGoodUdp = 0x85;

/// A flow of TCP segments over Ethernet and IPv4, as events.
struct Segment {
  std::uint16_t port = 1000;
  std::uint32_t seq = 1;
  std::uint32_t ack = 77;
  std::uint8_t flags = 0x10;
  std::uint8_t tos = 0;
  std::uint32_t tsval = 5;
  std::size_t payload = 100;
};

Bytes event_of(Event type, std::uint8_t status, std::uint8_t l4, std::uint8_t payload_offset, const Bytes& body,
               std::uint32_t credits = 0) {
  Bytes event(16);
  event[0] = static_cast<std::uint8_t>(type);
  event[1] = 9;
  event[2] = static_cast<std::uint8_t>(body.size());
  event[3] = static_cast<std::uint8_t>(body.size() >> 8);
  for (int i = 0; i < 4; ++i) event[4 + static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(credits >> (8 * i));
  event[13] = status;
  event[14] = l4;
  event[15] = payload_offset;
  event.insert(event.end(), body.begin(), body.end());
  return event;
}

void put16(Bytes& bytes, std::size_t at, std::size_t value) {
  bytes[at] = static_cast<std::uint8_t>(value >> 8);
  bytes[at + 1] = static_cast<std::uint8_t>(value);
}
void put32(Bytes& bytes, std::size_t at, std::uint32_t value) {
  put16(bytes, at, value >> 16);
  put16(bytes, at + 2, value & 0xFFFF);
}

/// 14 of Ethernet, 20 of IPv4, 20 of TCP, 12 of the timestamp option (RFC 7323), payload that depends on seq alone.
Bytes frame_of(const Segment& segment) {
  Bytes frame(66 + segment.payload);
  for (std::size_t i = 0; i < 12; ++i) frame[i] = static_cast<std::uint8_t>(2 * i);
  put16(frame, 12, 0x0800);
  frame[14] = 0x45;
  frame[15] = segment.tos;
  put16(frame, 16, 52 + segment.payload);
  put16(frame, 18, segment.seq & 0xFFFF);  // identification
  frame[22] = 64;
  frame[23] = 6;
  put16(frame, 24, segment.seq ^ 0x1234);  // a checksum: any
  put32(frame, 26, 0x0A000001);
  put32(frame, 30, 0x0A000002);
  put16(frame, 34, segment.port);
  put16(frame, 36, 80);
  put32(frame, 38, segment.seq);
  put32(frame, 42, segment.ack);
  frame[46] = 0x80;
  frame[47] = segment.flags;
  put16(frame, 48, 500);
  put16(frame, 50, segment.seq ^ 0x4321);
  frame[54] = frame[55] = 1;
  frame[56] = 8;
  frame[57] = 10;
  put32(frame, 58, segment.tsval);
  for (std::size_t i = 0; i < segment.payload; ++i) {
    frame[66 + i] = static_cast<std::uint8_t>((segment.seq + i) * 2654435761u >> 11);
  }
  return frame;
}

Bytes receive(const Segment& segment) { return event_of(Event::kReceive, kGoodTcp, 34, 66, frame_of(segment)); }

class Bench {
 public:
  void send(Bytes event) {
    for (std::size_t i = 0; i < event.size(); ++i) {
      Beat<1> beat;
      beat.data = event[i];
      beat.keep = 1;
      beat.last = i + 1 == event.size();
      in_.push_back(beat);
    }
  }
  /// So many cycles, in which the link takes a byte with this probability.
  void run(int cycles, double takes = 1) {
    std::bernoulli_distribution take(takes);
    for (int i = 0; i < cycles; ++i) {
      if (!in_.empty() && !events_.full()) {
        events_.push(in_.front());
        in_.pop_front();
      }
      if (!out_.empty() && take(random_)) {
        const Beat<1> beat = out_.pop();
        event_.push_back(static_cast<std::uint8_t>(beat.data));
        if (beat.last) {
          came.push_back(event_);
          event_.clear();
        }
      }
      process_.step(coalescer, memory_, urgent_, entries_, headers_, events_, out_, counters_, busy_);
      tick(memory_, urgent_, entries_, headers_, events_, out_, counters_, busy_);
      for (int bit = 0; bit < kCoalescerCounters; ++bit) counted[bit] += counters_.read()[bit] ? 1 : 0;
    }
  }
  bool taken() const { return in_.empty(); }
  bool busy() const { return busy_.value() || out_.under_way(); }

  std::vector<Bytes> came;
  int counted[kCoalescerCounters] = {};

 private:
  std::mt19937 random_{1};
  Process<CoalescerState> process_;
  bram<ap_uint<8>, kCoalescerBytes> memory_;
  bram<ap_uint<9>, kUrgentBytes> urgent_;
  mem<CoalescerEntry, kCoalescerEvents> entries_;
  mem<ap_uint<8>, 128> headers_;
  stream<Beat<1>> events_;
  stream<Beat<1>> out_;
  pulse<kCoalescerCounters> counters_;
  wire<bool> busy_;
  std::deque<Beat<1>> in_;
  Bytes event_;
};

/// Two segments behind one that is being sent; returns how many events they became.
std::size_t events_of(const Bytes& first, const Bytes& second) {
  Bench bench;
  bench.send(receive({.port = 1, .payload = 500}));  // keeps the link busy
  bench.run(700, 0);
  bench.send(first);
  bench.send(second);
  bench.run(4000, 0);
  EXPECT_TRUE(bench.taken());
  bench.run(4000);
  return bench.came.size() - 1;
}

TEST(Coalescer, MergesSegmentsThatContinueOneAnother) {
  Bench bench;
  bench.send(receive({.port = 1, .payload = 500}));
  bench.run(700, 0);
  Segment segment{.seq = 0xFFFFFF80, .payload = 100};  // over the end of the sequence numbers
  Bytes whole;
  for (int i = 0; i < 4; ++i) {
    if (i == 3) segment.flags = 0x18;  // PSH on the last
    bench.send(receive(segment));
    const Bytes frame = frame_of(segment);
    whole.insert(whole.end(), frame.begin() + (i == 0 ? 0 : 66), frame.end());
    segment.seq += 100;
  }
  bench.run(2000, 0);
  bench.run(3000);
  ASSERT_EQ(bench.came.size(), 2u);
  const Bytes& merged = bench.came[1];
  EXPECT_EQ(merged[0], static_cast<std::uint8_t>(Event::kCoalesced));
  EXPECT_EQ(merged[2] | merged[3] << 8, 466);
  EXPECT_EQ(merged[14], 4);
  EXPECT_EQ(merged[15], 66);
  put16(whole, 16, 52 + 400);
  EXPECT_TRUE(Bytes(merged.begin() + 16, merged.end()) == whole);
  EXPECT_EQ(bench.counted[unsigned(CoalescerCounter::kMerged)], 3);
}

TEST(Coalescer, MergesNothingThatDiffers) {
  const Segment first{};
  const Segment next{.seq = 101};
  EXPECT_EQ(events_of(receive(first), receive(next)), 1u);
  const auto differs = [&](auto change) {
    Segment second = next;
    change(second);
    return events_of(receive(first), receive(second));
  };
  EXPECT_EQ(differs([](Segment& s) { s.seq = 102; }), 2u);
  EXPECT_EQ(differs([](Segment& s) { s.port = 1001; }), 2u);
  EXPECT_EQ(differs([](Segment& s) { s.ack = 78; }), 2u);
  EXPECT_EQ(differs([](Segment& s) { s.tos = 3; }), 2u);       // congestion experienced
  EXPECT_EQ(differs([](Segment& s) { s.flags = 0x11; }), 2u);  // FIN
  EXPECT_EQ(differs([](Segment& s) { s.flags = 0x50; }), 2u);  // ECE
  EXPECT_EQ(differs([](Segment& s) { s.tsval = 6; }), 2u);     // another option
  EXPECT_EQ(differs([](Segment& s) { s.payload = 0; }), 2u);   // a pure ACK
}

TEST(Coalescer, MergesNothingWithAPureAckOrABadSegment) {
  EXPECT_EQ(events_of(receive({.payload = 0}), receive({.seq = 1})), 2u);
  Bytes bad = receive({.seq = 101});
  bad[13] = 0x49;  // the transport checksum is wrong
  EXPECT_EQ(events_of(receive({}), bad), 2u);
  Bytes padded = receive({.payload = 1});
  padded.push_back(0);
  padded[2] += 1;
  EXPECT_EQ(events_of(padded, receive({.seq = 2})), 2u);
}

TEST(Coalescer, HoldsBackNothingThatCouldGo) {
  Bench bench;
  bench.send(receive({}));
  bench.run(500);
  EXPECT_EQ(bench.came.size(), 1u);
  EXPECT_FALSE(bench.busy());
}

TEST(Coalescer, AnEventIsBoundedInBytesAndSegments) {
  Bench bench;
  bench.send(receive({.port = 1, .payload = 500}));
  bench.run(700, 0);
  Segment segment{.payload = 1448};
  for (int i = 0; i < 7; ++i) {
    bench.send(receive(segment));
    segment.seq += 1448;
  }
  bench.run(20000, 0);
  bench.run(20000);
  ASSERT_EQ(bench.came.size(), 3u);
  EXPECT_EQ(bench.came[1][14], 5);
  EXPECT_LE(bench.came[1].size(), std::size_t{kCoalescedBytesMax});
  EXPECT_EQ(bench.came[2][14], 2);
}

TEST(Coalescer, WhatIsNoFrameGoesFirstAndCreditsAreTheNewest) {
  Bench bench;
  for (int i = 0; i < 4; ++i) bench.send(receive({.port = static_cast<std::uint16_t>(i), .payload = 500}));
  bench.run(3000, 0);
  bench.send(event_of(Event::kSent, 0, 0, 0, Bytes(8, 1), 0x11223344));
  bench.send(event_of(Event::kCredit, 0, 0, 0, {}, 0x55667788));
  bench.run(100, 0);
  bench.run(6000);
  ASSERT_EQ(bench.came.size(), 5u);  // the CREDIT went with the others
  EXPECT_EQ(bench.came[1][0], static_cast<std::uint8_t>(Event::kSent));
  for (std::size_t i = 1; i < 5; ++i) EXPECT_EQ(bench.came[i][4], 0x88) << i;
  bench.send(event_of(Event::kCredit, 0, 0, 0, {}, 0x99));
  bench.run(100);
  ASSERT_EQ(bench.came.size(), 6u);  // alone it goes
}

TEST(Coalescer, ShedsBulkFirstAndTcpNever) {
  Bench bench;
  Bytes udp_frame = frame_of({.payload = 500});
  udp_frame[23] = 17;
  const Bytes udp = event_of(Event::kReceive, kGoodUdp, 34, 42, udp_frame);
  Bytes dns_frame = udp_frame;
  put16(dns_frame, 34, 53);
  const Bytes dns = event_of(Event::kReceive, kGoodUdp, 34, 42, dns_frame);
  bench.send(receive({.port = 1, .payload = 1400}));
  for (int i = 0; i < 11; ++i) bench.send(receive({.port = static_cast<std::uint16_t>(2 + i), .payload = 1400}));
  bench.run(40000, 0);
  static_assert(12 * (1400 + 82) > kCoalescerBytes / 2 && 12 * (1400 + 82) < kCoalescerBytes * 7 / 8);
  bench.send(udp);
  bench.send(dns);
  bench.run(3000, 0);
  EXPECT_EQ(bench.counted[unsigned(CoalescerCounter::kShedBulk)], 1);
  EXPECT_EQ(bench.counted[unsigned(CoalescerCounter::kShedOther)], 0);
  for (int i = 0; i < 8; ++i) bench.send(receive({.port = static_cast<std::uint16_t>(20 + i), .payload = 1400}));
  static_assert(20 * (1400 + 82) > kCoalescerBytes * 7 / 8);
  bench.send(dns);
  bench.run(40000, 0);
  EXPECT_EQ(bench.counted[unsigned(CoalescerCounter::kShedOther)], 1);
  bench.run(80000);
  EXPECT_EQ(bench.came.size(), 12u + 1 + 8);
}

// Flows mixed at random, a link that takes bytes now and then: what comes out, its merged events taken apart, is what
// went in, flow by flow.
TEST(Coalescer, LosesAndInventsNothing) {
  for (const unsigned seed : {1u, 2u, 3u}) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    Bench bench;
    std::vector<Segment> flows(3);
    std::vector<Bytes> sent(3);
    std::vector<Bytes> came(3);
    std::size_t seen = 0;
    for (int round = 0; round < 400; ++round) {
      const std::size_t flow = random() % 8 == 0 ? random() % 3 : 0;
      Segment& segment = flows[flow];
      segment.port = static_cast<std::uint16_t>(2000 + flow);
      segment.payload = random() % 5 == 0 ? 0 : 1 + random() % 700;
      if (random() % 6 == 0) ++segment.tsval;
      const Bytes frame = frame_of(segment);
      sent[flow].insert(sent[flow].end(), frame.begin() + 66, frame.end());
      bench.send(receive(segment));
      segment.seq += static_cast<std::uint32_t>(segment.payload);
      if (random() % 4 == 0) bench.send(event_of(Event::kSent, 0, 0, 0, Bytes(8, 2)));
      bench.run(600, random() % 3 == 0 ? 1.0 : 0.4);
    }
    bench.run(60000);
    for (; seen < bench.came.size(); ++seen) {
      const Bytes& event = bench.came[seen];
      if (event[0] == static_cast<std::uint8_t>(Event::kSent)) continue;
      ASSERT_EQ(event.size(), 16u + (event[2] | event[3] << 8));
      const std::size_t flow = static_cast<std::size_t>(event[16 + 34] << 8 | event[16 + 35]) - 2000;
      ASSERT_LT(flow, 3u);
      came[flow].insert(came[flow].end(), event.begin() + 16 + 66, event.end());
    }
    for (std::size_t flow = 0; flow < 3; ++flow) EXPECT_TRUE(came[flow] == sent[flow]) << flow;
    EXPECT_GT(bench.counted[unsigned(CoalescerCounter::kMerged)], 50);
    EXPECT_TRUE(bench.taken());
    EXPECT_FALSE(bench.busy());
  }
}

}  // namespace
}  // namespace sockwire::test
