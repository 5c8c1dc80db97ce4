// SPDX-License-Identifier: Apache-2.0
#include "host/stack/ipv4.hpp"

#include <gtest/gtest.h>

#include "tests/host/stack/packets.hpp"

namespace sockwire::stack {
namespace {

using test::operator+;
using test::Bytes;

TEST(Ipv4, ReadsAPacketAndDropsThePadding) {
  const Bytes bytes = test::ipv4(17, {1, 2, 3}) + Bytes(23, 0);
  const auto packet = parse_ipv4(bytes);
  ASSERT_TRUE(packet);
  EXPECT_EQ(packet->source, test::kPeer);
  EXPECT_EQ(packet->destination, test::kOurs);
  EXPECT_EQ(packet->protocol, 17);
  EXPECT_EQ(packet->payload.size(), 3u);
  EXPECT_FALSE(packet->fragment);
}

// RFC 791 3.1: IHL counts 32-bit words, 5 at least; total length counts the header, too.
TEST(Ipv4, RefusesImpossibleLengths) {
  Bytes bytes = test::ipv4(17, {1, 2, 3, 4});
  EXPECT_FALSE(parse_ipv4(std::span(bytes).first(19)));
  EXPECT_FALSE(parse_ipv4(std::span(bytes).first(23))) << "cut short";
  EXPECT_TRUE(parse_ipv4(std::span(bytes).first(23), true));
  bytes[0] = 0x44;
  EXPECT_FALSE(parse_ipv4(bytes)) << "header of 16 bytes";
  bytes[0] = 0x47;
  EXPECT_FALSE(parse_ipv4(bytes)) << "header beyond the end";
  bytes[0] = 0x65;
  EXPECT_FALSE(parse_ipv4(bytes)) << "version 6";
  bytes[0] = 0x45;
  bytes[3] = 19;
  EXPECT_FALSE(parse_ipv4(bytes)) << "total length below the header's";
}

TEST(Ipv4, SkipsOptions) {
  Bytes bytes = test::ipv4(17, Bytes{1, 1, 1, 1, 0xaa});
  bytes[0] = 0x46;
  const auto packet = parse_ipv4(bytes);
  ASSERT_TRUE(packet);
  EXPECT_EQ(packet->header.size(), 24u);
  EXPECT_EQ(packet->payload.size(), 1u);
  EXPECT_EQ(packet->payload[0], 0xaa);
}

// RFC 791 3.1: MF or an offset makes a fragment; DF does not.
TEST(Ipv4, KnowsFragments) {
  test::IpOptions options;
  options.fragment = 0x2000;
  EXPECT_TRUE(parse_ipv4(test::ipv4(17, {1}, options))->fragment);
  EXPECT_TRUE(parse_ipv4(test::ipv4(17, {1}, options))->first_fragment);
  options.fragment = 0x0001;
  EXPECT_TRUE(parse_ipv4(test::ipv4(17, {1}, options))->fragment);
  EXPECT_FALSE(parse_ipv4(test::ipv4(17, {1}, options))->first_fragment);
  options.fragment = 0x4000;
  EXPECT_FALSE(parse_ipv4(test::ipv4(17, {1}, options))->fragment);
}

TEST(Ipv4, WritesWhatItReads) {
  Bytes bytes(24);
  IpHeader header;
  header.source = test::kOurs;
  header.destination = test::kPeer;
  header.protocol = 6;
  header.ttl = 63;
  header.traffic_class = 0x02;
  header.id = 0x1234;
  write_ipv4_header(header, 4, bytes.data());
  const auto packet = parse_ipv4(bytes);
  ASSERT_TRUE(packet);
  EXPECT_EQ(packet->source, test::kOurs);
  EXPECT_EQ(packet->destination, test::kPeer);
  EXPECT_EQ(packet->protocol, 6);
  EXPECT_EQ(packet->ttl, 63);
  EXPECT_EQ(packet->id, 0x1234u);
  EXPECT_EQ(packet->traffic_class, 2);
  EXPECT_EQ(bytes[6], 0x40) << "DF";
  EXPECT_EQ(packet->payload.size(), 4u);
}

}  // namespace
}  // namespace sockwire::stack
