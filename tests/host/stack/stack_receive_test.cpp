// SPDX-License-Identifier: Apache-2.0
// Who gets a frame, and under which name it is counted if nobody does.
#include <gtest/gtest.h>

#include "tests/host/stack/packets.hpp"

namespace sockwire::stack {
namespace {

using test::Bench;
using test::operator+;
using test::Bytes;
using test::kOurMac;

struct Drop {
  const char* what;
  Bytes frame;
  std::uint64_t Counters::* counter;
};

test::IpOptions to(Ipv4Address destination) {
  test::IpOptions options;
  options.destination = destination;
  return options;
}

test::IpOptions from(Ipv4Address source) {
  test::IpOptions options;
  options.source = source;
  return options;
}

Bytes broken(Bytes frame, std::size_t at) {
  frame[at] ^= 0x40;
  return frame;
}

std::vector<Drop> drops() {
  const Bytes syn = test::tcp(1000, 80, 1, 0, 0x02);
  const Bytes good = test::ethernet(test::ipv4(6, syn));
  test::IpOptions fragment;
  fragment.fragment = 0x2000;
  return {
      {"13 bytes", Bytes(13), &Counters::frame_short},
      {"another MAC address", test::ethernet(test::ipv4(6, syn), 0x0800, MacAddress({2, 0, 0, 0, 0, 9})),
       &Counters::frame_not_ours},
      {"VLAN 5", test::ethernet(Bytes{0, 5, 8, 0} + test::ipv4(6, syn), 0x8100), &Counters::frame_vlan},
      {"IPv6", test::ethernet(Bytes(40), 0x86dd), &Counters::frame_ipv6},
      {"LLDP", test::ethernet(Bytes(40), 0x88cc), &Counters::frame_type_unknown},
      {"IPv4 header checksum", broken(good, 14 + 8), &Counters::ipv4_checksum},
      {"IPv4 version", broken(good, 14), &Counters::ipv4_malformed},
      {"another host", test::ethernet(test::ipv4(6, syn, to(Ipv4Address(10, 0, 0, 7)))), &Counters::ipv4_not_ours},
      {"from a multicast address", test::ethernet(test::ipv4(6, syn, from(Ipv4Address(224, 0, 0, 1)))),
       &Counters::ipv4_source},
      {"from loopback", test::ethernet(test::ipv4(6, syn, from(Ipv4Address(127, 0, 0, 1)))), &Counters::ipv4_source},
      {"from ourselves", test::ethernet(test::ipv4(6, syn, from(test::kOurs))), &Counters::ipv4_source},
      {"a lone fragment", test::ethernet(test::ipv4(6, syn + Bytes(4), fragment)), &Counters::fragments_in},
      {"TCP checksum", broken(good, 34 + 4), &Counters::tcp_checksum},
      {"TCP cut short", test::ethernet(test::ipv4(6, test::with_l4_checksum(Bytes(18), 16, 6))),
       &Counters::tcp_malformed},
      {"TCP to a broadcast address",
       test::ethernet(
           test::ipv4(6,
                      test::with_l4_checksum(test::be16(1000) + test::be16(80) + Bytes(8) + Bytes{0x50, 2} + Bytes(6),
                                             16, 6, test::kPeer, Ipv4Address(10, 0, 0, 255)),
                      to(Ipv4Address(10, 0, 0, 255)))),
       &Counters::tcp_group_address},
      {"UDP cut short", test::ethernet(test::ipv4(17, Bytes(7))), &Counters::udp_malformed},
      {"UDP checksum", broken(test::ethernet(test::ipv4(17, test::udp(1, 2, {1, 2}))), 34 + 8),
       &Counters::udp_checksum},
      {"ICMP cut short", test::ethernet(test::ipv4(1, Bytes(7))), &Counters::icmp_malformed},
      {"from a broadcast address", test::ethernet(test::ipv4(6, syn, from(Ipv4Address(10, 0, 0, 255)))),
       &Counters::ipv4_source},
      {"ICMP source quench", test::ethernet(test::ipv4(1, test::icmp(4, 0, Bytes(32)))), &Counters::icmp_type_unknown},
      {"ICMP redirect", test::ethernet(test::ipv4(1, test::icmp(5, 1, Bytes(32)))), &Counters::icmp_type_unknown},
  };
}

TEST(StackReceive, EveryDropHasItsName) {
  for (const Drop& drop : drops()) {
    Bench bench;
    bench.receive(drop.frame);
    EXPECT_EQ(bench.stack.counters().*drop.counter, 1u) << drop.what;
    EXPECT_TRUE(bench.frames().empty()) << drop.what;
  }
}

TEST(StackReceive, TheCardsVerdictIsBelieved) {
  const Bytes frame = test::ethernet(test::ipv4(6, test::tcp(1000, 80, 1, 0, 0x02)));
  Bench bench;
  bench.receive(frame, Verdict::kBad, Verdict::kGood);
  EXPECT_EQ(bench.stack.counters().ipv4_checksum, 1u);
  bench.receive(frame, Verdict::kGood, Verdict::kBad);
  EXPECT_EQ(bench.stack.counters().tcp_checksum, 1u);
  bench.receive(broken(frame, 34 + 4), Verdict::kGood, Verdict::kGood);
  EXPECT_EQ(bench.stack.counters().tcp_no_connection, 1u) << "nobody sums it again";
}

// IEEE 802.1Q table 9-2: VID 0 carries a priority only.
TEST(StackReceive, PriorityTagIsNoVlan) {
  Bench bench;
  bench.receive(test::ethernet(Bytes{0xa0, 0, 8, 0} + test::ipv4(6, test::tcp(1000, 80, 1, 0, 0x02)), 0x8100));
  EXPECT_EQ(bench.stack.counters().tcp_no_connection, 1u);
}

// RFC 768: no checksum was made.
TEST(StackReceive, UdpWithoutChecksumIsTaken) {
  Bench bench;
  bench.receive(test::ethernet(test::ipv4(17, test::udp(1, 2, {1, 2}, false))));
  EXPECT_EQ(bench.stack.counters().udp_checksum, 0u);
  EXPECT_EQ(bench.stack.counters().udp_no_port, 1u);
}

TEST(StackReceive, ArpIsAnswered) {
  Bench bench;
  bench.receive(test::ethernet(test::arp(1, test::kPeerMac, test::kPeer, MacAddress(), test::kOurs), 0x0806,
                               MacAddress::broadcast()));
  const auto frames = bench.frames();
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_FALSE(frames[0].insert_l3);
  EXPECT_FALSE(frames[0].insert_l4);
}

TEST(StackReceive, NothingIsHandedOutWithoutRoom) {
  Bench bench;
  bench.receive(test::ethernet(test::arp(1, test::kPeerMac, test::kPeer, MacAddress(), test::kOurs), 0x0806));
  bench.room.frames = false;
  EXPECT_TRUE(bench.frames().empty());
  bench.room.frames = true;
  EXPECT_EQ(bench.frames().size(), 1u);
}

}  // namespace
}  // namespace sockwire::stack
