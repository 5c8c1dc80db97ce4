// SPDX-License-Identifier: Apache-2.0
#include "host/stack/internet_checksum.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "host/base/ipv4_address.hpp"

namespace sockwire::stack {
namespace {

// RFC 1071 3, the example: 00 01 f2 03 f4 f5 f6 f7 sums to ddf2 (2ddf0 before the carries are added).
TEST(InternetChecksum, SumsTheExampleOfTheRfc) {
  const std::vector<std::uint8_t> bytes = {0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7};
  EXPECT_EQ(ones_complement_sum(bytes), 0xddf2);
  EXPECT_EQ(internet_checksum(bytes), 0x220d);
}

// RFC 1071 1 (1): an odd byte is the high half of a word.
TEST(InternetChecksum, OddByteIsTheHighHalf) {
  const std::vector<std::uint8_t> bytes = {0x12, 0x34, 0x56};
  EXPECT_EQ(ones_complement_sum(bytes), 0x1234 + 0x5600);
}

TEST(InternetChecksum, EveryTailLengthAgreesWithWordByWord) {
  for (std::size_t size = 0; size < 40; ++size) {
    std::vector<std::uint8_t> bytes(size);
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(0xff - 7 * i);
    std::uint32_t expected = 0;
    for (std::size_t i = 0; i < size; ++i) {
      expected += i % 2 == 0 ? std::uint32_t{bytes[i]} << 8 : std::uint32_t{bytes[i]};
      expected = (expected & 0xffff) + (expected >> 16);
    }
    EXPECT_EQ(ones_complement_sum(bytes), expected) << size;
  }
}

// RFC 1071 1: "minus zero" is what a good packet sums to.
TEST(InternetChecksum, HoldsWhenFilledIn) {
  std::vector<std::uint8_t> bytes = {0x45, 0x00, 0x00, 0x1c, 0x00, 0x00};
  const std::uint16_t checksum = internet_checksum(bytes);
  bytes[4] = static_cast<std::uint8_t>(checksum >> 8);
  bytes[5] = static_cast<std::uint8_t>(checksum);
  EXPECT_TRUE(checksum_holds(bytes));
  bytes[1] ^= 1;
  EXPECT_FALSE(checksum_holds(bytes));
}

// RFC 9293 3.1: source, destination, zero and protocol, length.
TEST(InternetChecksum, PseudoHeaderIsItsWordsSum) {
  const std::vector<std::uint8_t> header = {192, 0, 2, 1, 198, 51, 100, 7, 0, 6, 0x05, 0xb4};
  EXPECT_EQ(pseudo_header_sum(Ipv4Address(192, 0, 2, 1), Ipv4Address(198, 51, 100, 7), 6, 0x05b4),
            ones_complement_sum(header));
}

// RFC 8200 8.1: source, destination, length in 32 bits, zeros and next header.
TEST(InternetChecksum, Ipv6PseudoHeaderIsItsWordsSum) {
  const IpAddress source = *IpAddress::parse("2001:db8::1:ffff");
  const IpAddress destination = *IpAddress::parse("fe80::fedc:ba98:7654:3210");
  std::vector<std::uint8_t> header(source.bytes().begin(), source.bytes().end());
  header.insert(header.end(), destination.bytes().begin(), destination.bytes().end());
  for (const int byte : {0, 0, 0x05, 0xb4, 0, 0, 0, 58}) header.push_back(static_cast<std::uint8_t>(byte));
  EXPECT_EQ(pseudo_header_sum(source, destination, 58, 0x05b4), ones_complement_sum(header));
}

}  // namespace
}  // namespace sockwire::stack
