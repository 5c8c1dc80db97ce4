// SPDX-License-Identifier: Apache-2.0
#include "host/tcp/isn.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace sockwire::tcp {
namespace {

using namespace std::chrono_literals;

SipHashKey counting_key() {
  SipHashKey key;
  for (std::size_t i = 0; i < key.size(); ++i) key[i] = static_cast<std::uint8_t>(i);
  return key;
}

std::vector<std::uint8_t> counting_bytes(std::size_t count) {
  std::vector<std::uint8_t> bytes(count);
  for (std::size_t i = 0; i < count; ++i) bytes[i] = static_cast<std::uint8_t>(i);
  return bytes;
}

// "SipHash: a fast short-input PRF", appendix A: key 00..0f, message 00..0e.
TEST(SipHash, GivesThePapersVector) { EXPECT_EQ(siphash24(counting_key(), counting_bytes(15)), 0xa129ca6149be45e5u); }

// The reference implementation's vectors_sip64, lengths 0, 1, 8.
TEST(SipHash, GivesTheReferenceVectors) {
  EXPECT_EQ(siphash24(counting_key(), counting_bytes(0)), 0x726fdb47dd0e0e31u);
  EXPECT_EQ(siphash24(counting_key(), counting_bytes(1)), 0x74f839c593dc67fdu);
  EXPECT_EQ(siphash24(counting_key(), counting_bytes(8)), 0x93f5f5799a932462u);
}

class Isn : public ::testing::Test {
 protected:
  IsnGenerator generator{counting_key()};
  Endpoint local{IpAddress::from_ipv4(0x0a000001), 40000};
  Endpoint remote{IpAddress::from_ipv4(0x0a000002), 80};
};

// RFC 6528 3 (RFC 9293 3.4.1): M is a clock that ticks every 4 microseconds.
TEST_F(Isn, FollowsAFourMicrosecondClock) {
  const SeqNum start = generator.iss(local, remote, TimePoint(0s));
  EXPECT_EQ(generator.iss(local, remote, TimePoint(3us)), start);
  EXPECT_EQ(generator.iss(local, remote, TimePoint(4us)), start + 1);
  EXPECT_EQ(generator.iss(local, remote, TimePoint(1s)), start + 250000);
}

// RFC 6528 3: each of the four, and the key, matters.
TEST_F(Isn, DependsOnTheWholeTupleAndTheKey) {
  const TimePoint now(1s);
  const SeqNum base = generator.iss(local, remote, now);
  EXPECT_NE(generator.iss({local.address, 40001}, remote, now), base);
  EXPECT_NE(generator.iss(local, {remote.address, 81}, now), base);
  EXPECT_NE(generator.iss({IpAddress::from_ipv4(0x0a000003), 40000}, remote, now), base);
  EXPECT_NE(generator.iss(local, {IpAddress::from_ipv4(0x0a000003), 80}, now), base);
  EXPECT_NE(generator.iss(remote, local, now), base);
  EXPECT_NE(IsnGenerator(SipHashKey{}).iss(local, remote, now), base);
}

// RFC 7323 5.4
TEST_F(Isn, TimestampOffsetIsOfThePairOfHosts) {
  const std::uint32_t base = generator.timestamp_offset(local, remote);
  EXPECT_EQ(generator.timestamp_offset({local.address, 1}, {remote.address, 2}), base);
  EXPECT_NE(generator.timestamp_offset(local, {IpAddress::from_ipv4(0x0a000003), 80}), base);
}

}  // namespace
}  // namespace sockwire::tcp
