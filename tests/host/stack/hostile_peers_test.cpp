// SPDX-License-Identifier: Apache-2.0
// Peers that want to use us up: what each kind of attack costs in memory and in packets is bounded.
#include <gtest/gtest.h>

#include "tests/host/stack/counted_memory.hpp"
#include "tests/host/stack/packets.hpp"

namespace sockwire::stack {
namespace {

using test::be16;
using test::be32;
using test::Bench;
using test::Bytes;
using test::kOurs;
using test::operator+;
using namespace std::chrono_literals;

constexpr std::uint8_t kSyn = 0x02;
constexpr std::uint8_t kPshAck = 0x18;
constexpr std::uint8_t kAck = 0x10;
constexpr std::uint16_t kPort = 80;

struct Part {
  std::uint32_t seq = 0;
  std::uint32_t ack = 0;
  std::uint8_t flags = 0;
  std::uint16_t window = 65535;
  Bytes options{};  ///< A multiple of four bytes.
  Bytes payload{};
};

/// The attacker, at any address beyond the gateway.
class Hostile : public ::testing::Test {
 protected:
  Hostile() {
    // The gateway, so that answers have a way.
    bench.receive(test::ethernet(test::arp(1, test::kPeerMac, Ipv4Address(10, 0, 0, 254), MacAddress(), kOurs), 0x0806,
                                 MacAddress::broadcast()));
    (void)bench.frames();
  }
  void listen(std::size_t backlog) { listener = *bench.stack.tcp().listen({}, {kOurs, kPort}, backlog); }

  void arrive(Ipv4Address from, std::uint16_t port, const Part& part) {
    const auto offset = static_cast<std::uint8_t>((20 + part.options.size()) / 4 << 4);
    const Bytes segment = be16(port) + be16(kPort) + be32(part.seq) + be32(part.ack) + Bytes{offset, part.flags} +
                          be16(part.window) + be32(0) + part.options + part.payload;
    const Bytes sound = test::with_l4_checksum(segment, 16, 6, from, kOurs);
    bench.receive(test::ethernet(test::ipv4(6, sound, {.source = from, .destination = kOurs})));
  }
  /// Frames that came out, without what they were about.
  std::size_t drain() {
    std::size_t count = 0;
    while (auto output = bench.stack.poll_transmit(bench.now, bench.room)) {
      const auto* frame = std::get_if<TxFrame>(&*output);
      const auto* send = std::get_if<TxSend>(&*output);
      if (frame != nullptr && frame->report) bench.stack.on_sent(bench.now, *frame->report, bench.now);
      if (send != nullptr) {
        count += (send->payload_bytes + send->mss - 1) / send->mss;
        bench.stack.on_sent(bench.now, send->key, bench.now);
      }
      count += frame != nullptr ? 1 : 0;
    }
    return count;
  }
  /// Lets time pass. Returns how many frames came out.
  std::size_t pass(Duration time) {
    const TimePoint end = bench.now + time;
    std::size_t frames = drain();
    while (bench.stack.next_deadline() <= end) {
      bench.now = std::max(bench.now, bench.stack.next_deadline());
      bench.stack.on_timeout(bench.now);
      frames += drain();
    }
    bench.now = end;
    return frames;
  }
  /// A connection from there: our initial sequence number is what its SYN-ACK says.
  ConnectionId open(Ipv4Address from, std::uint16_t port, std::uint16_t window, const Bytes& options = {}) {
    arrive(from, port, {.seq = 1000, .flags = kSyn, .options = options});
    const auto frames = bench.frames();
    EXPECT_EQ(frames.size(), 1u);
    ours = load_be32(&frames.at(0).bytes[38]) + 1;
    if (frames[0].report) bench.stack.on_sent(bench.now, *frames[0].report, bench.now);
    arrive(from, port, {.seq = 1001, .ack = ours, .flags = kAck, .window = window});
    (void)drain();
    return bench.stack.tcp().accept(listener).value_or(kNoConnection);
  }

  Bench bench;
  ListenerId listener = 0;
  std::uint32_t ours = 0;
};

constexpr Ipv4Address kAttacker(198, 51, 100, 7);

// RFC 4987: forged SYNs take no more than the backlog, and who is there still gets through.
TEST_F(Hostile, ASynFloodLeavesRoomForOthers) {
  listen(16);
  for (std::uint32_t i = 0; i < 100; ++i) arrive(Ipv4Address(0xc6336400u + i), 1024, {.seq = i, .flags = kSyn});
  (void)drain();
  const std::size_t before = sockwire::test::held_bytes();
  for (std::uint32_t i = 0; i < 20'000; ++i) {
    arrive(Ipv4Address(0xc0000200u + i), 1024, {.seq = i, .flags = kSyn});
    (void)drain();
  }
  EXPECT_LE(sockwire::test::held_bytes(), before + 16'384);
  EXPECT_NE(open(kAttacker, 4000, 65535), kNoConnection);
}

// "Sockstress": a window of zero holds what is queued, and a probe now and then; nothing else.
TEST_F(Hostile, ClosedWindowsCostWhatIsQueuedAndFewProbes) {
  constexpr std::size_t kConnections = 500;
  constexpr std::size_t kQueued = 2000;
  listen(1000);
  const std::size_t before = sockwire::test::held_bytes();
  for (std::size_t i = 0; i < kConnections; ++i) {
    const ConnectionId id = open(kAttacker, static_cast<std::uint16_t>(2000 + i), 0);
    ASSERT_NE(id, kNoConnection);
    EXPECT_EQ(bench.stack.tcp().send(bench.now, id, Bytes(kQueued)), kQueued);
  }
  EXPECT_LE(sockwire::test::held_bytes() - before, kConnections * (kQueued + 6000));
  // Without an answer each is given up in the end.
  const std::size_t frames = pass(60min);
  EXPECT_LE(frames, kConnections * 20);
  EXPECT_EQ(pass(60min), 0u);
}

// A tiny MSS makes segments of 48 bytes at least, so that a megabyte is not a million packets.
TEST_F(Hostile, ATinyMssIsNotHeeded) {
  listen(4);
  const ConnectionId id = open(kAttacker, 4000, 65535, Bytes{2, 4, 0, 1});
  ASSERT_NE(id, kNoConnection);
  EXPECT_EQ(bench.stack.tcp().connection(id)->info().mss, 48u);
}

// One byte here, one there: what is kept of the holes is bounded, whatever the window.
TEST_F(Hostile, SingleBytesWithHolesDoNotPileUp) {
  listen(4);
  const ConnectionId id = open(kAttacker, 4000, 65535);
  ASSERT_NE(id, kNoConnection);
  const std::size_t before = sockwire::test::held_bytes();
  for (std::uint32_t at = 1; at < 60'000; at += 2) {
    arrive(kAttacker, 4000, {.seq = 1001 + at, .ack = ours, .flags = kPshAck, .payload = {1}});
    (void)drain();
  }
  EXPECT_LE(sockwire::test::held_bytes() - before, 200'000u);
  EXPECT_GT(bench.stack.tcp().connection(id)->info().counters.reassembly_full, 0u);
}

// RFC 5961 5 and 7: blind data is not taken, and what it provokes is limited.
TEST_F(Hostile, BlindDataIsNotTakenAndProvokesLittle) {
  listen(4);
  const ConnectionId id = open(kAttacker, 4000, 65535);
  ASSERT_NE(id, kNoConnection);
  std::size_t answers = 0;
  for (std::uint32_t guess = 0; guess < 5'000; ++guess) {
    arrive(kAttacker, 4000,
           {.seq = 1001, .ack = ours + 100'000 + guess * 800'000, .flags = kPshAck, .payload = Bytes(10)});
    answers += drain();
  }
  EXPECT_EQ(bench.stack.tcp().connection(id)->readable_bytes(), 0u);
  EXPECT_LE(answers, 20u);
}

}  // namespace
}  // namespace sockwire::stack
