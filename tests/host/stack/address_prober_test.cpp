// SPDX-License-Identifier: Apache-2.0
// RFC 5227 as a stack does it; duplicate address detection of IPv6 is in slaac_test.cpp.
#include "host/stack/address_prober.hpp"

#include <gtest/gtest.h>

#include "tests/host/stack/packets.hpp"

namespace sockwire::stack {
namespace {

using test::Bench;
using namespace std::chrono_literals;
using test::kOurs;
using test::kPeer;
using test::kPeerMac;

Config probing() {
  Config made = test::config();
  made.probe_ipv4 = true;
  return made;
}

struct Sent {
  TimePoint time;
  Ipv4Address sender;
  Ipv4Address target;
};

/// ARP requests, with their times.
std::vector<Sent> run(Bench& bench, Duration duration) {
  const TimePoint until = bench.now + duration;
  std::vector<Sent> sent;
  while (true) {
    for (const TxFrame& frame : bench.frames()) {
      if (load_be16(&frame.bytes[12]) != 0x0806) continue;
      sent.push_back({bench.now, Ipv4Address(load_be32(&frame.bytes[28])), Ipv4Address(load_be32(&frame.bytes[38]))});
    }
    const TimePoint next = bench.stack.next_deadline();
    if (next > until) break;
    bench.now = std::max(bench.now, next);
    bench.stack.on_timeout(bench.now);
  }
  bench.now = until;
  return sent;
}

void receive_arp(Bench& bench, MacAddress mac, Ipv4Address sender, Ipv4Address target) {
  bench.receive(test::ethernet(test::arp(1, mac, sender, MacAddress(), target), 0x0806, MacAddress::broadcast()));
}

// RFC 5227 1.1 and 2.1.1: three probes one to two seconds apart after at most one, two seconds of silence, two
// announcements two seconds apart.
TEST(AddressProber, ProbesWaitsAndAnnounces) {
  Bench bench(probing());
  const auto sent = run(bench, 30s);
  ASSERT_EQ(sent.size(), 5u);
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(sent[i].target, kOurs);
    EXPECT_EQ(sent[i].sender, i < 3 ? Ipv4Address() : kOurs);
  }
  EXPECT_LT(sent[0].time, TimePoint(1s));
  for (const std::size_t i : {1, 2}) {
    EXPECT_GE(sent[i].time - sent[i - 1].time, Duration(1s));
    EXPECT_LE(sent[i].time - sent[i - 1].time, Duration(2s));
  }
  EXPECT_EQ(sent[3].time - sent[2].time, Duration(2s));
  EXPECT_EQ(sent[4].time - sent[3].time, Duration(2s));
  EXPECT_TRUE(bench.stack.network().owns(kOurs));
  EXPECT_EQ(bench.stack.network().poll_address_event()->kind, AddressEvent::Kind::kUsable);
}

TEST(AddressProber, TentativeAddressIsNotUsed) {
  Bench bench(probing());
  (void)run(bench, 2s);
  EXPECT_FALSE(bench.stack.network().owns(kOurs));
  receive_arp(bench, kPeerMac, kPeer, kOurs);
  EXPECT_TRUE(run(bench, 0s).empty()) << "no answer";
  EXPECT_FALSE(bench.stack.tcp().connect(bench.now, {}, {}, {kPeer, 80}));
}

// RFC 5227 2.1.1: a packet from that address, or another's probe for it.
TEST(AddressProber, ConflictEndsTheAttempt) {
  for (const Ipv4Address sender : {kOurs, Ipv4Address()}) {
    Bench bench(probing());
    (void)run(bench, 2s);
    receive_arp(bench, kPeerMac, sender, sender == kOurs ? kPeer : kOurs);
    const auto event = bench.stack.network().poll_address_event();
    ASSERT_TRUE(event);
    EXPECT_EQ(event->kind, AddressEvent::Kind::kDuplicate);
    EXPECT_EQ(event->address, IpAddress(kOurs));
    EXPECT_TRUE(run(bench, 30s).empty());
    EXPECT_FALSE(bench.stack.network().owns(kOurs));
  }
}

// RFC 5227 2.1.1: our own probe, come back, is no conflict.
TEST(AddressProber, OurOwnProbeIsNoConflict) {
  Bench bench(probing());
  (void)run(bench, 2s);
  receive_arp(bench, test::kOurMac, Ipv4Address(), kOurs);
  EXPECT_FALSE(bench.stack.network().poll_address_event());
}

// RFC 5227 2.4 (c): defended by one announcement in ten seconds, and kept.
TEST(AddressProber, DefendsOnceInTenSeconds) {
  Bench bench;
  receive_arp(bench, kPeerMac, kOurs, kPeer);
  auto sent = run(bench, 0s);
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0].sender, kOurs);
  EXPECT_EQ(bench.stack.network().poll_address_event()->kind, AddressEvent::Kind::kConflict);
  bench.now += 9s;
  receive_arp(bench, kPeerMac, kOurs, kPeer);
  EXPECT_TRUE(run(bench, 0s).empty());
  bench.now += 1s;
  receive_arp(bench, kPeerMac, kOurs, kPeer);
  EXPECT_EQ(run(bench, 0s).size(), 1u);
  EXPECT_TRUE(bench.stack.network().owns(kOurs));
}

// Addresses come and go at run time, and their routes with them.
TEST(Network, AddressesComeAndGo) {
  Config none = test::config();
  none.ipv4 = {};
  none.gateway.reset();
  Bench bench(none);
  Network& network = bench.stack.network();
  EXPECT_EQ(network.next_hop(kPeer), std::nullopt);
  ASSERT_TRUE(network.add_address(bench.now, IpPrefix(kOurs, 24)));
  ASSERT_TRUE(network.add_address(bench.now, IpPrefix(Ipv4Address(10, 0, 0, 3), 24)));
  EXPECT_EQ(network.next_hop(kPeer), IpAddress(kPeer));
  EXPECT_EQ(network.source_for(kPeer), IpAddress(kOurs));
  network.remove_address(kOurs);
  EXPECT_EQ(network.next_hop(kPeer), IpAddress(kPeer)) << "the subnet is the other address's, too";
  EXPECT_EQ(network.own_address(), Ipv4Address(10, 0, 0, 3));
  network.remove_address(Ipv4Address(10, 0, 0, 3));
  EXPECT_EQ(network.next_hop(kPeer), std::nullopt);
  for (const char* bad : {"0.0.0.0/8", "127.0.0.1/8", "224.0.0.1/4", "2001:db8::1/64"}) {
    EXPECT_FALSE(network.add_address(bench.now, *IpPrefix::parse(bad))) << bad;
  }
}

}  // namespace
}  // namespace sockwire::stack
