// SPDX-License-Identifier: Apache-2.0
#include "host/stack/multicast_groups.hpp"

#include <gtest/gtest.h>

#include "tests/host/stack/packets.hpp"

namespace sockwire::stack {
namespace {

using test::Bench;
using namespace std::chrono_literals;
using test::operator+;
using test::be16;
using test::be32;
using test::Bytes;
using test::ip;

const IpAddress kGroup = Ipv4Address(239, 1, 2, 3);
const IpAddress kGroup6 = ip("ff05::1:3");
const IpAddress kRouterLink = ip("fe80::fe");

/// RFC 2236 2.
Bytes igmp(std::uint8_t type, std::uint8_t tenths, Ipv4Address group) {
  Bytes message = Bytes{type, tenths, 0, 0} + be32(group.value());
  store_be16(&message[2], internet_checksum(message));
  return message;
}

Bytes igmp_frame(const Bytes& message, Ipv4Address to) {
  test::IpOptions options;
  options.destination = to;
  options.ttl = 1;
  return test::ethernet(test::ipv4(2, message, options), 0x0800, group_mac(to));
}

Bytes query6(const IpAddress& group, std::uint16_t max_ms) {
  return test::ethernet6(test::icmpv6(130, 0, be16(max_ms) + be16(0) + test::raw(group),
                                      {.source = kRouterLink, .destination = ip("ff02::1"), .hop_limit = 1}),
                         group_mac(ip("ff02::1")));
}

// RFC 2236 3 and 8.10: told twice, ten seconds apart, to the group itself; TTL 1 and the router alert option (RFC
// 2113).
TEST(MulticastGroups, JoiningAnIpv4GroupIsReported) {
  Bench bench;
  ASSERT_TRUE(bench.stack.network().groups().join(bench.now, kGroup));
  bench.pass(0s);
  const auto frames = bench.frames();
  ASSERT_EQ(frames.size(), 1u);
  const Bytes& bytes = frames[0].bytes;
  EXPECT_EQ(to_string(MacAddress::from_bytes(bytes.data())), "01:00:5e:01:02:03");
  EXPECT_EQ(bytes[14], 0x46);
  EXPECT_EQ(bytes[22], 1) << "TTL";
  EXPECT_TRUE(checksum_holds(std::span(bytes).subspan(14, 24)));
  EXPECT_EQ(Bytes(bytes.begin() + 34, bytes.begin() + 38), Bytes({0x94, 4, 0, 0}));
  EXPECT_EQ(Bytes(bytes.begin() + 38, bytes.end()), igmp(0x16, 0, Ipv4Address(239, 1, 2, 3)));
  EXPECT_FALSE(frames[0].insert_l3 || frames[0].insert_l4);
  bench.pass(10s);
  EXPECT_EQ(bench.frames().size(), 1u);
  EXPECT_EQ(bench.stack.next_deadline(), kNever);
}

// RFC 2710 3: behind a hop-by-hop header with the router alert option, hop limit 1.
TEST(MulticastGroups, JoiningAnIpv6GroupIsReported) {
  Bench bench(test::config6());
  bench.pass(0s);
  bench.pass(10s);
  (void)bench.frames();
  ASSERT_TRUE(bench.stack.network().groups().join(bench.now, kGroup6));
  bench.pass(0s);
  const auto frames = bench.frames();
  ASSERT_EQ(frames.size(), 1u);
  const Bytes& bytes = frames[0].bytes;
  EXPECT_EQ(bytes[20], 0) << "hop-by-hop options";
  EXPECT_EQ(bytes[21], 1) << "hop limit";
  EXPECT_EQ(Bytes(bytes.begin() + 54, bytes.begin() + 62), Bytes({58, 0, 5, 2, 0, 0, 1, 0}));
  EXPECT_EQ(Bytes(bytes.begin() + 62, bytes.end()), Bytes({131, 0, 0, 0, 0, 0, 0, 0}) + test::raw(kGroup6));
  EXPECT_EQ(frames[0].l4_offset, 62);
  EXPECT_EQ(frames[0].checksum_offset, 64);
  EXPECT_EQ(frames[0].pseudo_sum, pseudo_header_sum(test::kOurs6, kGroup6, 58, 24));
}

// RFC 2236 3: a query is answered within its time; another member's answer makes ours needless.
TEST(MulticastGroups, QueryIsAnsweredOnce) {
  Bench bench;
  ASSERT_TRUE(bench.stack.network().groups().join(bench.now, kGroup));
  bench.pass(0s);
  bench.pass(10s);
  (void)bench.frames();
  bench.receive(igmp_frame(igmp(0x11, 50, Ipv4Address()), Ipv4Address(224, 0, 0, 1)));
  EXPECT_LT(bench.stack.next_deadline(), bench.now + 5s);
  bench.pass(5s);
  EXPECT_EQ(bench.frames().size(), 1u);
  bench.receive(igmp_frame(igmp(0x11, 50, Ipv4Address()), Ipv4Address(224, 0, 0, 1)));
  bench.receive(igmp_frame(igmp(0x16, 0, Ipv4Address(239, 1, 2, 3)), Ipv4Address(239, 1, 2, 3)));
  bench.pass(5s);
  EXPECT_TRUE(bench.frames().empty());
  // RFC 2236 3: who was not the last to report leaves in silence.
  bench.stack.network().groups().leave(kGroup);
  EXPECT_TRUE(bench.frames().empty());
}

TEST(MulticastGroups, MldQueryIsAnswered) {
  Bench bench(test::config6());
  bench.pass(0s);
  bench.pass(10s);
  (void)bench.frames();
  bench.receive(query6(IpAddress(), 1000));
  bench.pass(1s);
  EXPECT_EQ(bench.frames().size(), 1u) << "the solicited-node group";
  bench.receive(query6(kGroup6, 1000));
  bench.pass(1s);
  EXPECT_TRUE(bench.frames().empty()) << "not our group";
}

// RFC 2236 3, leave group: to all routers.
TEST(MulticastGroups, LeavingIsTold) {
  Bench bench;
  auto& groups = bench.stack.network().groups();
  ASSERT_TRUE(groups.join(bench.now, kGroup));
  ASSERT_TRUE(groups.join(bench.now, kGroup));
  bench.pass(0s);
  (void)bench.frames();
  groups.leave(kGroup);
  EXPECT_TRUE(groups.contains(kGroup)) << "joined twice";
  groups.leave(kGroup);
  EXPECT_FALSE(groups.contains(kGroup));
  const auto frames = bench.frames();
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_EQ(load_be32(&frames[0].bytes[30]), Ipv4Address(224, 0, 0, 2).value());
  EXPECT_EQ(frames[0].bytes[38], 0x17);
}

TEST(MulticastGroups, OnlyJoinedGroupsAreOurs) {
  Bench bench;
  const auto datagram_to = [&](Ipv4Address group) {
    test::IpOptions options;
    options.destination = group;
    bench.receive(test::ethernet(test::ipv4(17, test::udp(1, 2, {1}, false), options), 0x0800, group_mac(group)));
  };
  datagram_to(Ipv4Address(239, 1, 2, 3));
  EXPECT_EQ(bench.stack.counters().ipv4_not_ours, 1u);
  ASSERT_TRUE(bench.stack.network().groups().join(bench.now, kGroup));
  datagram_to(Ipv4Address(239, 1, 2, 3));
  datagram_to(Ipv4Address(224, 0, 0, 1));
  EXPECT_EQ(bench.stack.counters().udp_in, 2u);
  EXPECT_TRUE(bench.stack.network().wants_groups());
}

TEST(MulticastGroups, AreBounded) {
  Bench bench;
  auto& groups = bench.stack.network().groups();
  std::uint32_t joined = 0;
  for (std::uint32_t i = 0; i < 1000; ++i) joined += groups.join(bench.now, IpAddress::from_ipv4(0xef000001u + i));
  EXPECT_EQ(joined, 256u);
  EXPECT_FALSE(groups.join(bench.now, Ipv4Address(10, 0, 0, 1))) << "no group";
}

TEST(MulticastGroups, MalformedIsCounted) {
  Bench bench;
  Bytes bad = igmp(0x11, 50, Ipv4Address());
  bad[4] ^= 1;
  bench.receive(igmp_frame(bad, Ipv4Address(224, 0, 0, 1)));
  bench.receive(igmp_frame(Bytes(7), Ipv4Address(224, 0, 0, 1)));
  EXPECT_EQ(bench.stack.counters().igmp_malformed, 2u);
}

}  // namespace
}  // namespace sockwire::stack
