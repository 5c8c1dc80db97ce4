// SPDX-License-Identifier: Apache-2.0
#include "host/stack/ipv6.hpp"

#include <gtest/gtest.h>

#include "tests/host/stack/packets.hpp"

namespace sockwire::stack {
namespace {

using test::operator+;
using test::be16;
using test::be32;
using test::Bytes;

/// An extension header of eight bytes.
Bytes extension(std::uint8_t next, const Bytes& rest) {
  Bytes header = Bytes{next, 0} + rest;
  header.resize(8);
  return header;
}

const Bytes kTcp(20, 0x11);

// RFC 8200 3.
TEST(Ipv6, ReadsAPacketAndDropsThePadding) {
  Bytes bytes = test::ipv6(17, {1, 2, 3}) + Bytes(23);
  bytes[0] = 0x6a;
  bytes[1] = 0xb0;
  const auto parsed = parse_ipv6(bytes);
  EXPECT_EQ(parsed.problem, Ipv6Problem::kNone);
  EXPECT_EQ(parsed.packet.source, test::kPeer6);
  EXPECT_EQ(parsed.packet.destination, test::kOurs6);
  EXPECT_EQ(parsed.packet.protocol, 17);
  EXPECT_EQ(parsed.packet.ttl, 64);
  EXPECT_EQ(parsed.packet.traffic_class, 0xab);
  EXPECT_EQ(parsed.packet.payload.size(), 3u);
  EXPECT_FALSE(parsed.packet.fragment);
}

TEST(Ipv6, RefusesImpossibleLengths) {
  Bytes bytes = test::ipv6(17, {1, 2, 3, 4});
  EXPECT_EQ(parse_ipv6(std::span(bytes).first(39)).problem, Ipv6Problem::kMalformed);
  EXPECT_EQ(parse_ipv6(std::span(bytes).first(43)).problem, Ipv6Problem::kMalformed) << "cut short";
  EXPECT_EQ(parse_ipv6(std::span(bytes).first(43), true).problem, Ipv6Problem::kNone);
  bytes[0] = 0x45;
  EXPECT_EQ(parse_ipv6(bytes).problem, Ipv6Problem::kMalformed) << "version 4";
  EXPECT_EQ(parse_ipv6(test::ipv6(60, {6, 1, 0, 0, 0, 0, 0, 0})).problem, Ipv6Problem::kMalformed) << "header too long";
  EXPECT_EQ(parse_ipv6(test::ipv6(60, {6, 0, 1})).problem, Ipv6Problem::kMalformed) << "header cut short";
}

// RFC 8200 4.1: the recommended order.
TEST(Ipv6, WalksTheExtensionHeaders) {
  const Bytes pad = {1, 4, 0, 0, 0, 0};
  const Bytes payload = extension(60, {5, 2, 0, 0, 1, 0}) + extension(43, pad) + extension(60, {0, 0}) +
                        extension(6, {0x1e, 4, 0, 0, 0, 0}) + kTcp;
  const auto parsed = parse_ipv6(test::ipv6(0, payload));
  EXPECT_EQ(parsed.problem, Ipv6Problem::kNone) << "router alert, PadN, a routing header that is used up, unknown 00";
  EXPECT_EQ(parsed.packet.protocol, 6);
  EXPECT_EQ(parsed.packet.header.size(), 40u + 32);
  EXPECT_EQ(parsed.packet.payload.size(), kTcp.size());
}

// RFC 8200 4.2: the two high bits of an unknown option say what becomes of the packet.
TEST(Ipv6, UnknownOptionsDoAsTheirBitsSay) {
  struct Case {
    std::uint8_t option;
    bool to_group;
    Ipv6Problem problem;
    bool report;
  };
  for (const Case& each :
       {Case{0x1e, false, Ipv6Problem::kNone, false}, Case{0x5e, false, Ipv6Problem::kUnknownOption, false},
        Case{0x9e, false, Ipv6Problem::kUnknownOption, true}, Case{0x9e, true, Ipv6Problem::kUnknownOption, true},
        Case{0xde, false, Ipv6Problem::kUnknownOption, true}, Case{0xde, true, Ipv6Problem::kUnknownOption, false}}) {
    test::Ip6Options options;
    if (each.to_group) options.destination = test::ip("ff02::1");
    const auto parsed = parse_ipv6(test::ipv6(60, extension(6, {0, each.option, 3, 0, 0, 0}) + kTcp, options));
    EXPECT_EQ(parsed.problem, each.problem) << int{each.option};
    EXPECT_EQ(parsed.report, each.report) << int{each.option};
    EXPECT_EQ(parsed.pointer, each.problem == Ipv6Problem::kNone ? 0u : 43u);
  }
  EXPECT_EQ(parse_ipv6(test::ipv6(60, extension(6, {0x1e, 5, 0, 0, 0, 0}) + kTcp)).problem, Ipv6Problem::kMalformed)
      << "an option beyond its header";
}

// RFC 5095: a type 0 routing header with segments left; RFC 8200 4.4: unknown types alike. The pointer shows the type.
TEST(Ipv6, RefusesRoutingHeaders) {
  const auto parsed = parse_ipv6(test::ipv6(43, extension(6, {0, 1, 0, 0, 0, 0}) + kTcp));
  EXPECT_EQ(parsed.problem, Ipv6Problem::kErroneousField);
  EXPECT_TRUE(parsed.report);
  EXPECT_EQ(parsed.pointer, 42u);
}

// RFC 8200 4: code 1, and the pointer to the field that names it; hop-by-hop options anywhere but first are unknown.
TEST(Ipv6, ReportsUnknownNextHeaders) {
  auto parsed = parse_ipv6(test::ipv6(99, kTcp));
  EXPECT_EQ(parsed.problem, Ipv6Problem::kUnknownNextHeader);
  EXPECT_EQ(parsed.pointer, 6u);
  parsed = parse_ipv6(test::ipv6(60, extension(0, {1, 4}) + extension(6, {1, 4}) + kTcp));
  EXPECT_EQ(parsed.problem, Ipv6Problem::kUnknownNextHeader);
  EXPECT_EQ(parsed.pointer, 40u);
  EXPECT_TRUE(parsed.report);
}

// RFC 8504 5.3: a limit that a host may set.
TEST(Ipv6, BearsSoManyHeadersAndNoMore) {
  Bytes payload = kTcp;
  for (int i = 0; i < 8; ++i) payload = extension(i == 0 ? 6 : 60, {1, 4}) + payload;
  EXPECT_EQ(parse_ipv6(test::ipv6(60, payload)).problem, Ipv6Problem::kNone);
  EXPECT_EQ(parse_ipv6(test::ipv6(60, extension(60, {1, 4}) + payload)).problem, Ipv6Problem::kTooManyHeaders);
}

// RFC 8200 4.5; RFC 6946: an atomic fragment is a whole packet.
TEST(Ipv6, KnowsFragments) {
  const auto with = [](std::uint16_t word) { return test::ipv6(44, Bytes{6, 0} + be16(word) + be32(0xcafe) + kTcp); };
  auto parsed = parse_ipv6(with(0x0001));
  EXPECT_TRUE(parsed.packet.fragment);
  EXPECT_TRUE(parsed.packet.first_fragment);
  EXPECT_EQ(parsed.packet.id, 0xcafeu);
  parsed = parse_ipv6(with(0x00a8));
  EXPECT_TRUE(parsed.packet.fragment);
  EXPECT_EQ(parsed.packet.fragment_offset, 168u);
  EXPECT_FALSE(parsed.packet.more_fragments);
  parsed = parse_ipv6(with(0));
  EXPECT_FALSE(parsed.packet.fragment);
  EXPECT_EQ(parsed.packet.protocol, 6);
}

TEST(Ipv6, WritesWhatItReads) {
  IpHeader header;
  header.source = test::kOurs6;
  header.destination = test::kPeer6;
  header.protocol = 6;
  header.ttl = 63;
  header.traffic_class = 0x12;
  Bytes bytes(40 + 20);
  write_ipv6_header(header, 20, bytes.data());
  const auto parsed = parse_ipv6(bytes);
  EXPECT_EQ(parsed.problem, Ipv6Problem::kNone);
  EXPECT_EQ(parsed.packet.source, test::kOurs6);
  EXPECT_EQ(parsed.packet.destination, test::kPeer6);
  EXPECT_EQ(parsed.packet.ttl, 63);
  EXPECT_EQ(parsed.packet.traffic_class, 0x12);
  EXPECT_EQ(parsed.packet.payload.size(), 20u);
}

}  // namespace
}  // namespace sockwire::stack
