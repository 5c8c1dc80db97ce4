// SPDX-License-Identifier: Apache-2.0
#include "host/stack/arp.hpp"

#include <gtest/gtest.h>

#include "tests/host/stack/packets.hpp"

namespace sockwire::stack {
namespace {

using namespace std::chrono_literals;
using test::operator+;
using test::Bytes;
using test::kOurMac;
using test::kOurs;
using test::kPeer;
using test::kPeerMac;
using test::kStart;

struct ArpTest : testing::Test {
  Counters counters;
  FrameQueue queue{counters.neighbour_queue_dropped};
  Interface interface = lan();
  Arp arp{NeighbourConfig{}, interface, queue, counters};
  NeighbourCache& cache = arp.cache();

  static Interface lan() {
    Interface made(kOurMac, 1500);
    EXPECT_TRUE(made.add({.prefix = Ipv4Interface{kOurs, 24}}));
    return made;
  }

  void reply(TimePoint now, Ipv4Address from = kPeer, MacAddress mac = kPeerMac) {
    arp.on_packet(now, test::arp(2, mac, from, kOurMac, kOurs));
  }
  std::vector<Bytes> frames() {
    std::vector<Bytes> taken;
    while (auto frame = queue.pop()) taken.push_back(std::move(frame->bytes));
    return taken;
  }
  static TxFrame packet(std::uint8_t mark) {
    TxFrame frame;
    frame.bytes.resize(60);
    frame.bytes[59] = mark;
    return frame;
  }
};

// RFC 826, packet generation: a broadcast request with our addresses and the wanted one.
TEST_F(ArpTest, AsksByBroadcast) {
  EXPECT_FALSE(cache.lookup(kStart, kPeer));
  const auto sent = frames();
  ASSERT_EQ(sent.size(), 1u);
  const Bytes expected = test::mac(MacAddress::broadcast()) + test::mac(kOurMac) + test::be16(0x0806) +
                         test::arp(1, kOurMac, kOurs, MacAddress(), kPeer);
  EXPECT_EQ(sent[0], expected);
}

TEST_F(ArpTest, ReplyResolves) {
  EXPECT_FALSE(cache.lookup(kStart, kPeer));
  reply(kStart + 1ms);
  const auto outcome = cache.poll_outcome();
  ASSERT_TRUE(outcome);
  EXPECT_TRUE(outcome->found);
  EXPECT_EQ(outcome->neighbour, kPeer);
  EXPECT_EQ(cache.lookup(kStart + 1ms, kPeer), kPeerMac);
  EXPECT_EQ(cache.next_deadline(), kNever);
}

// RFC 1122 2.3.2.1: no more than one request a second for the same address.
TEST_F(ArpTest, AsksAgainOncePerSecondAndGivesUp) {
  EXPECT_FALSE(cache.lookup(kStart, kPeer));
  EXPECT_FALSE(cache.lookup(kStart + 500ms, kPeer));
  EXPECT_EQ(frames().size(), 1u);
  EXPECT_EQ(cache.next_deadline(), kStart + 1s);
  cache.on_timeout(kStart + 1s);
  EXPECT_EQ(frames().size(), 1u);
  cache.on_timeout(kStart + 2s);
  EXPECT_EQ(frames().size(), 1u);
  cache.on_timeout(kStart + 3s);
  EXPECT_EQ(frames().size(), 0u);
  const auto outcome = cache.poll_outcome();
  ASSERT_TRUE(outcome);
  EXPECT_FALSE(outcome->found);
  EXPECT_EQ(counters.neighbour_unanswered, 1u);
  EXPECT_EQ(cache.size(), 0u);
  EXPECT_EQ(cache.next_deadline(), kNever);
}

// RFC 826, packet reception: a request to us is answered, and teaches us the asker's address.
TEST_F(ArpTest, AnswersAndLearns) {
  arp.on_packet(kStart, test::arp(1, kPeerMac, kPeer, MacAddress(), kOurs));
  const auto sent = frames();
  ASSERT_EQ(sent.size(), 1u);
  const Bytes expected =
      test::mac(kPeerMac) + test::mac(kOurMac) + test::be16(0x0806) + test::arp(2, kOurMac, kOurs, kPeerMac, kPeer);
  EXPECT_EQ(sent[0], expected);
  EXPECT_EQ(cache.lookup(kStart, kPeer), kPeerMac);
  EXPECT_TRUE(frames().empty());
}

// RFC 826: the merge flag. What others say to others changes entries, and makes none.
TEST_F(ArpTest, OthersPacketsUpdateButDoNotCreate) {
  const Ipv4Address other(10, 0, 0, 3);
  arp.on_packet(kStart, test::arp(1, kPeerMac, kPeer, MacAddress(), other));
  EXPECT_EQ(cache.size(), 0u);
  EXPECT_EQ(counters.arp_not_for_us, 1u);
  EXPECT_FALSE(cache.lookup(kStart, kPeer));
  reply(kStart);
  const MacAddress moved({0x02, 0, 0, 0, 0, 0x99});
  arp.on_packet(kStart, test::arp(1, moved, kPeer, MacAddress(), other));
  EXPECT_EQ(cache.lookup(kStart, kPeer), moved);
}

TEST_F(ArpTest, UnaskedReplyMakesNoEntry) {
  reply(kStart);
  EXPECT_EQ(cache.size(), 0u);
}

// RFC 5227 2.1.1: a probe has no sender address.
TEST_F(ArpTest, ProbeIsAnsweredAndTeachesNothing) {
  arp.on_packet(kStart, test::arp(1, kPeerMac, Ipv4Address(), MacAddress(), kOurs));
  EXPECT_EQ(frames().size(), 1u);
  EXPECT_EQ(cache.size(), 0u);
}

TEST_F(ArpTest, ConflictIsCountedAndNotLearned) {
  arp.on_packet(kStart, test::arp(1, kPeerMac, kOurs, MacAddress(), kOurs));
  EXPECT_EQ(counters.arp_conflict, 1u);
  EXPECT_TRUE(frames().empty());
}

TEST_F(ArpTest, MalformedIsCounted) {
  arp.on_packet(kStart, Bytes(27));
  Bytes packet = test::arp(1, kPeerMac, kPeer, MacAddress(), kOurs);
  packet[1] = 6;  // IEEE 802 networks
  arp.on_packet(kStart, packet);
  arp.on_packet(kStart, test::arp(3, kPeerMac, kPeer, MacAddress(), kOurs));
  arp.on_packet(kStart, test::arp(1, MacAddress::broadcast(), kPeer, MacAddress(), kOurs));
  EXPECT_EQ(counters.arp_malformed, 4u);
  EXPECT_TRUE(frames().empty());
}

// RFC 1122 2.3.2.1 (2): a point-to-point request to the cached address tells whether it still holds; packets go on.
TEST_F(ArpTest, AgedEntryIsCheckedByUnicastWhileInUse) {
  EXPECT_FALSE(cache.lookup(kStart, kPeer));
  reply(kStart);
  (void)frames();
  EXPECT_EQ(cache.lookup(kStart + 59s, kPeer), kPeerMac);
  EXPECT_TRUE(frames().empty());
  EXPECT_EQ(cache.lookup(kStart + 60s, kPeer), kPeerMac);
  auto sent = frames();
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(MacAddress::from_bytes(sent[0].data()), kPeerMac);
  EXPECT_EQ(cache.lookup(kStart + 60s, kPeer), kPeerMac);
  EXPECT_TRUE(frames().empty()) << "asked once";
  reply(kStart + 61s);
  EXPECT_EQ(cache.lookup(kStart + 62s, kPeer), kPeerMac);
  EXPECT_TRUE(frames().empty());
  EXPECT_EQ(cache.next_deadline(), kNever);
}

TEST_F(ArpTest, UnansweredCheckForgets) {
  EXPECT_FALSE(cache.lookup(kStart, kPeer));
  reply(kStart);
  (void)frames();
  EXPECT_TRUE(cache.lookup(kStart + 60s, kPeer));
  for (int i = 1; i <= 3; ++i) cache.on_timeout(kStart + 60s + i * 1s);
  EXPECT_EQ(cache.size(), 0u);
  (void)frames();
  EXPECT_FALSE(cache.lookup(kStart + 64s, kPeer));
  EXPECT_EQ(MacAddress::from_bytes(frames().at(0).data()), MacAddress::broadcast());
}

TEST_F(ArpTest, LongUnusedEntryIsAskedForAnew) {
  EXPECT_FALSE(cache.lookup(kStart, kPeer));
  reply(kStart);
  (void)frames();
  EXPECT_FALSE(cache.lookup(kStart + 10min, kPeer));
  EXPECT_EQ(MacAddress::from_bytes(frames().at(0).data()), MacAddress::broadcast());
}

// RFC 1122 2.3.2.2: the latest packet at least is saved, and sent when the address is known.
TEST_F(ArpTest, PacketsWaitInABoundedQueue) {
  for (std::uint8_t i = 1; i <= 6; ++i) cache.send(kStart, kPeer, packet(i));
  EXPECT_EQ(frames().size(), 1u) << "the request";
  EXPECT_EQ(counters.neighbour_queue_dropped, 2u);
  reply(kStart + 1ms);
  const auto sent = frames();
  ASSERT_EQ(sent.size(), 4u);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(sent[i][59], i + 3);
    EXPECT_EQ(MacAddress::from_bytes(sent[i].data()), kPeerMac);
  }
}

TEST_F(ArpTest, CacheIsBoundedAndForgetsTheLeastUsed) {
  NeighbourConfig config;
  config.max_entries = 3;
  Arp few(config, interface, queue, counters);
  NeighbourCache& small = few.cache();
  const auto learn = [&](std::uint8_t number) {
    few.on_packet(kStart, test::arp(1, kPeerMac, Ipv4Address(10, 0, 0, number), MacAddress(), kOurs));
  };
  learn(11);
  learn(12);
  learn(13);
  EXPECT_TRUE(small.lookup(kStart, Ipv4Address(10, 0, 0, 11)));
  learn(14);
  EXPECT_EQ(small.size(), 3u);
  EXPECT_EQ(counters.neighbour_evicted, 1u);
  EXPECT_TRUE(small.lookup(kStart, Ipv4Address(10, 0, 0, 11)));
  EXPECT_TRUE(small.lookup(kStart, Ipv4Address(10, 0, 0, 13)));
  EXPECT_FALSE(small.lookup(kStart, Ipv4Address(10, 0, 0, 12))) << "the one used longest ago";
}

TEST_F(ArpTest, FloodOfRequestsIsBounded) {
  for (int i = 0; i < 1000; ++i) arp.on_packet(kStart, test::arp(1, kPeerMac, kPeer, MacAddress(), kOurs));
  EXPECT_LE(frames().size(), 256u);
  EXPECT_GT(counters.neighbour_queue_dropped, 0u);
}

}  // namespace
}  // namespace sockwire::stack
