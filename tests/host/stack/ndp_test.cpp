// SPDX-License-Identifier: Apache-2.0
// Neighbour discovery as a stack does it.
#include "host/stack/ndp.hpp"

#include <gtest/gtest.h>

#include "tests/host/stack/packets.hpp"

namespace sockwire::stack {
namespace {

using test::Bench;
using namespace std::chrono_literals;
using test::operator+;
using test::be32;
using test::Bytes;
using test::icmpv6;
using test::ip;
using test::Ip6Options;
using test::kOurMac;
using test::kOurs6;
using test::kPeer6;
using test::kPeerMac;
using test::raw;

/// What a frame of ICMPv6 says.
struct Message {
  explicit Message(const TxFrame& frame) : bytes(frame.bytes.begin() + 54, frame.bytes.end()) {
    to = MacAddress::from_bytes(frame.bytes.data());
    std::array<std::uint8_t, 16> address{};
    std::copy_n(&frame.bytes[22], 16, address.begin());
    source = IpAddress(address);
    std::copy_n(&frame.bytes[38], 16, address.begin());
    destination = IpAddress(address);
    hop_limit = frame.bytes[21];
  }
  MacAddress to;
  IpAddress source;
  IpAddress destination;
  std::uint8_t hop_limit;
  Bytes bytes;
};

Bytes mac_option(std::uint8_t type, const MacAddress& mac) { return Bytes{type, 1} + test::mac(mac); }

struct NdpTest : testing::Test {
  NdpTest() {
    bench.pass(0s);
    (void)bench.frames();  // the report of our group
  }
  Bench bench{test::config6()};

  std::vector<Message> messages() {
    std::vector<Message> taken;
    for (const TxFrame& frame : bench.frames()) taken.emplace_back(frame);
    return taken;
  }
  void advertise(std::uint8_t flags, const Bytes& options, const IpAddress& target = kPeer6) {
    bench.receive(test::ethernet6(icmpv6(136, 0, Bytes{flags, 0, 0, 0} + raw(target) + options,
                                         {.source = target, .destination = kOurs6, .hop_limit = 255})));
  }
  void solicit(const Ip6Options& options, const Bytes& rest) {
    bench.receive(test::ethernet6(icmpv6(135, 0, be32(0) + rest, options)));
  }
  std::optional<NeighbourCache::View> peer() { return bench.stack.network().neighbours(false).view(kPeer6); }
  void ask() { ASSERT_TRUE(bench.stack.icmp().send_echo(bench.now, kPeer6, 1, 4)); }
};

// RFC 4291 2.7.1: the low 24 bits behind ff02::1:ff00:0/104, with its own example.
TEST(Ndp, SolicitedNodeGroup) {
  EXPECT_EQ(to_string(solicited_node(ip("4037::01:800:200e:8c6c"))), "ff02::1:ff0e:8c6c");
  // RFC 2464 7: 33:33 and the low 32 bits.
  EXPECT_EQ(to_string(group_mac(ip("ff02::1:ff0e:8c6c"))), "33:33:ff:0e:8c:6c");
  // RFC 1112 6.4: the low 23 bits.
  EXPECT_EQ(to_string(group_mac(ip("239.129.2.3"))), "01:00:5e:01:02:03");
}

// RFC 4861 7.2.2: to the solicited-node group, hop limit 255, with our MAC address.
TEST_F(NdpTest, AsksTheSolicitedNodeGroup) {
  ask();
  const auto sent = messages();
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(to_string(sent[0].to), "33:33:ff:00:00:02");
  EXPECT_EQ(sent[0].source, kOurs6);
  EXPECT_EQ(sent[0].destination, ip("ff02::1:ff00:2"));
  EXPECT_EQ(sent[0].hop_limit, 255);
  EXPECT_EQ(sent[0].bytes, Bytes({135, 0, 0, 0, 0, 0, 0, 0}) + raw(kPeer6) + mac_option(1, kOurMac));
}

// RFC 4861 7.2.5 and 7.3.2: what waited goes out; a solicited answer makes it reachable, another stale.
TEST_F(NdpTest, AnswerResolves) {
  ask();
  (void)messages();
  advertise(0x60, mac_option(2, kPeerMac));
  EXPECT_EQ(peer()->state, NeighbourState::kReachable);
  const auto sent = messages();
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0].to, kPeerMac);
  EXPECT_EQ(sent[0].bytes[0], 128);
}

TEST_F(NdpTest, UnsolicitedAnswerIsStale) {
  advertise(0x20, mac_option(2, kPeerMac));
  EXPECT_FALSE(peer()) << "RFC 4861 7.2.5: nobody asked for it";
  ask();
  advertise(0x20, mac_option(2, kPeerMac));
  EXPECT_EQ(peer()->state, NeighbourState::kDelay) << "RFC 4861 7.3.3: stale, and what waited went by it";
}

// RFC 4861 7.2.5, II: without the override flag another MAC address only raises doubt.
TEST_F(NdpTest, OverrideFlagDecides) {
  const MacAddress other({2, 0, 0, 0, 0, 9});
  ask();
  advertise(0x60, mac_option(2, kPeerMac));
  advertise(0x40, mac_option(2, other));
  EXPECT_EQ(peer()->mac, kPeerMac);
  EXPECT_EQ(peer()->state, NeighbourState::kStale);
  advertise(0x20, mac_option(2, other));
  EXPECT_EQ(peer()->mac, other);
  EXPECT_EQ(peer()->state, NeighbourState::kStale);
  advertise(0x60, mac_option(2, kPeerMac));
  EXPECT_EQ(peer()->mac, kPeerMac);
  EXPECT_EQ(peer()->state, NeighbourState::kReachable);
}

// RFC 4861 7.2.4: solicited, override, our MAC address; 7.2.3: the asker is learned, stale.
TEST_F(NdpTest, AnswersAndLearns) {
  solicit({.source = kPeer6, .destination = ip("ff02::1:ff00:1"), .hop_limit = 255},
          raw(kOurs6) + mac_option(1, kPeerMac));
  const auto sent = messages();
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0].to, kPeerMac);
  EXPECT_EQ(sent[0].source, kOurs6);
  EXPECT_EQ(sent[0].destination, kPeer6);
  EXPECT_EQ(sent[0].hop_limit, 255);
  EXPECT_EQ(sent[0].bytes, Bytes({136, 0, 0, 0, 0x60, 0, 0, 0}) + raw(kOurs6) + mac_option(2, kOurMac));
  EXPECT_EQ(peer()->mac, kPeerMac);
}

// RFC 4861 7.2.4: a question from nobody is answered to all nodes, unsolicited.
TEST_F(NdpTest, AnswersWhoHasNoAddressYet) {
  solicit({.source = IpAddress(), .destination = ip("ff02::1:ff00:1"), .hop_limit = 255}, raw(kOurs6));
  const auto sent = messages();
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0].destination, ip("ff02::1"));
  EXPECT_EQ(sent[0].bytes[4], 0x20);
}

// RFC 4861 7.1.1 and 7.1.2, each rule.
TEST_F(NdpTest, WhatBreaksTheRulesIsDropped) {
  const Ip6Options good{.source = kPeer6, .destination = ip("ff02::1:ff00:1"), .hop_limit = 255};
  Ip6Options far = good;
  far.hop_limit = 254;
  Ip6Options nobody = good;
  nobody.source = IpAddress();
  Ip6Options to_us = nobody;
  to_us.destination = kOurs6;
  solicit(far, raw(kOurs6));
  bench.receive(test::ethernet6(icmpv6(135, 1, be32(0) + raw(kOurs6), good)));
  solicit(good, Bytes(15));
  solicit(good, raw(ip("ff02::1:ff00:1")));
  solicit(good, raw(kOurs6) + Bytes{1, 0, 0, 0, 0, 0, 0, 0});
  solicit(good, raw(kOurs6) + Bytes{1, 2, 0, 0, 0, 0, 0, 0});
  solicit(nobody, raw(kOurs6) + mac_option(1, kPeerMac));
  solicit(to_us, raw(kOurs6));
  bench.receive(test::ethernet6(icmpv6(136, 0, Bytes{0x40, 0, 0, 0} + raw(kPeer6),
                                       {.source = kPeer6, .destination = ip("ff02::1"), .hop_limit = 255})));
  EXPECT_EQ(bench.stack.counters().ndp_malformed, 9u);
  EXPECT_TRUE(messages().empty());
  EXPECT_FALSE(peer());
}

// RFC 4861 7.3.3: stale, delay, probe by unicast, gone; packets go on meanwhile.
TEST_F(NdpTest, UnreachabilityIsDetected) {
  ask();
  advertise(0x60, mac_option(2, kPeerMac));
  bench.pass(30s);
  (void)messages();
  ask();
  EXPECT_EQ(messages().size(), 1u) << "it is still used";
  EXPECT_EQ(peer()->state, NeighbourState::kDelay);
  bench.pass(5s);
  EXPECT_EQ(peer()->state, NeighbourState::kProbe);
  for (int i = 0; i < 3; ++i) {
    const auto sent = messages();
    ASSERT_EQ(sent.size(), 1u) << i;
    EXPECT_EQ(sent[0].bytes[0], 135);
    EXPECT_EQ(sent[0].to, kPeerMac) << "by unicast";
    EXPECT_EQ(sent[0].destination, kPeer6);
    bench.pass(1s);
  }
  EXPECT_FALSE(peer());
}

TEST_F(NdpTest, AProbeThatIsAnsweredEndsIt) {
  ask();
  advertise(0x60, mac_option(2, kPeerMac));
  bench.pass(30s);
  ask();
  bench.pass(5s);
  advertise(0x40, Bytes());
  EXPECT_EQ(peer()->state, NeighbourState::kReachable) << "RFC 4861 7.2.5: the option may be missing";
  (void)messages();
  bench.pass(10s);
  EXPECT_TRUE(messages().empty());
}

// RFC 4861 7.2.2: MAX_MULTICAST_SOLICIT questions a second apart, then an error.
TEST_F(NdpTest, NobodyThereEndsThePing) {
  ask();
  EXPECT_EQ(messages().size(), 1u);
  for (int i = 0; i < 2; ++i) {
    bench.pass(1s);
    EXPECT_EQ(messages().size(), 1u);
  }
  bench.pass(1s);
  EXPECT_TRUE(messages().empty());
  const auto event = bench.stack.icmp().poll_event();
  ASSERT_TRUE(event);
  EXPECT_EQ(event->kind, EchoEvent::Kind::kNoNeighbour);
  EXPECT_EQ(event->from, kPeer6);
}

TEST_F(NdpTest, FloodOfAskersIsBounded) {
  for (std::uint32_t i = 1; i < 5000; ++i) {
    auto address = kPeer6.bytes();
    store_be32(&address[12], i + 16);
    solicit({.source = IpAddress(address), .destination = ip("ff02::1:ff00:1"), .hop_limit = 255},
            raw(kOurs6) + mac_option(1, kPeerMac));
  }
  EXPECT_LE(bench.stack.network().neighbours(false).size(), 64u);
  EXPECT_LE(bench.frames().size(), 256u);
}

}  // namespace
}  // namespace sockwire::stack
