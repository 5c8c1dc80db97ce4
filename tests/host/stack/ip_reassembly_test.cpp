// SPDX-License-Identifier: Apache-2.0
#include "host/stack/ip_reassembly.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "tests/host/stack/packets.hpp"

namespace sockwire::stack {
namespace {

using namespace std::chrono_literals;
using test::operator+;
using test::Bytes;
using test::kStart;

Bytes content(std::size_t bytes) {
  Bytes made(bytes);
  for (std::size_t i = 0; i < bytes; ++i) made[i] = static_cast<std::uint8_t>(i * 7 + i / 256);
  return made;
}

const Bytes kHeader(20, 0x45);

/// [from, to) of a datagram.
IpPacket piece(const Bytes& datagram, std::size_t from, std::size_t to, std::uint32_t id = 1, bool ipv4 = true) {
  IpPacket packet;
  packet.source = ipv4 ? IpAddress(test::kPeer) : test::kPeer6;
  packet.destination = ipv4 ? IpAddress(test::kOurs) : test::kOurs6;
  packet.protocol = 17;
  packet.id = id;
  packet.fragment = true;
  packet.first_fragment = from == 0;
  packet.more_fragments = to < datagram.size();
  packet.fragment_offset = static_cast<std::uint32_t>(from);
  packet.header = kHeader;
  packet.payload = std::span(datagram).subspan(from, to - from);
  return packet;
}

struct ReassemblyTest : testing::Test {
  Counters counters;
  IpReassembly reassembly{counters};
};

Bytes bytes_of(const std::optional<IpPacket>& packet) {
  return packet ? Bytes(packet->payload.begin(), packet->payload.end()) : Bytes();
}

// RFC 791 3.2, RFC 815: any order, and several datagrams at once.
TEST_F(ReassemblyTest, AnyOrderGivesTheDatagram) {
  for (unsigned seed = 1; seed <= 50; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    const Bytes datagram = content(200 + random() % 9000);
    std::vector<std::pair<std::size_t, std::size_t>> cuts;
    for (std::size_t at = 0; at < datagram.size();) {
      const std::size_t end = std::min<std::size_t>(datagram.size(), at + 8 * (24 + random() % 160));
      cuts.emplace_back(at, end);
      at = end;
    }
    std::shuffle(cuts.begin(), cuts.end(), random);
    const bool ipv4 = random() % 2 == 0;
    for (std::size_t i = 0; i < cuts.size(); ++i) {
      ASSERT_FALSE(reassembly.add(kStart, piece(datagram, cuts[i].first, cuts[i].second, 8, !ipv4)) &&
                   i + 1 < cuts.size());
      const auto whole = reassembly.add(kStart, piece(datagram, cuts[i].first, cuts[i].second, 7, ipv4));
      ASSERT_EQ(whole.has_value(), i + 1 == cuts.size());
      if (!whole) continue;
      EXPECT_EQ(bytes_of(whole), datagram);
      EXPECT_FALSE(whole->fragment);
      EXPECT_EQ(whole->header.size(), kHeader.size());
      EXPECT_EQ(whole->header.data() + whole->header.size(), whole->payload.data());
    }
    EXPECT_EQ(reassembly.datagrams(), 0u);
    EXPECT_EQ(reassembly.bytes(), 0u);
  }
}

// RFC 5722 4, RFC 8200 4.5: an overlap ends the datagram, and what still comes of it is dropped, too.
TEST_F(ReassemblyTest, OverlapEndsTheDatagram) {
  const Bytes datagram = content(64);
  EXPECT_FALSE(reassembly.add(kStart, piece(datagram, 0, 24)));
  EXPECT_FALSE(reassembly.add(kStart, piece(datagram, 16, 40)));
  EXPECT_EQ(counters.fragment_overlap, 1u);
  EXPECT_FALSE(reassembly.add(kStart, piece(datagram, 24, 40)));
  EXPECT_FALSE(reassembly.add(kStart, piece(datagram, 40, 64)));
  EXPECT_FALSE(reassembly.add(kStart, piece(datagram, 0, 24)));
  EXPECT_EQ(counters.fragment_overlap, 4u);
  EXPECT_EQ(counters.reassembled, 0u);
}

TEST_F(ReassemblyTest, NothingLiesBeyondTheLastFragment) {
  const Bytes datagram = content(64);
  EXPECT_FALSE(reassembly.add(kStart, piece(datagram, 40, 64)));
  const Bytes longer = content(96);
  EXPECT_FALSE(reassembly.add(kStart, piece(longer, 64, 88)));
  EXPECT_EQ(counters.fragment_overlap, 1u);
  EXPECT_FALSE(reassembly.add(kStart, piece(longer, 64, 88, 2)));
  EXPECT_FALSE(reassembly.add(kStart, piece(datagram, 40, 64, 2))) << "a last one before another";
  EXPECT_EQ(counters.fragment_overlap, 2u);
}

// RFC 8200 4.5: exact duplicates do no harm.
TEST_F(ReassemblyTest, DuplicateIsDropped) {
  const Bytes datagram = content(48);
  EXPECT_FALSE(reassembly.add(kStart, piece(datagram, 0, 24)));
  EXPECT_FALSE(reassembly.add(kStart, piece(datagram, 0, 24)));
  EXPECT_EQ(counters.fragment_duplicate, 1u);
  EXPECT_EQ(bytes_of(reassembly.add(kStart, piece(datagram, 24, 48))), datagram);
}

// RFC 791 3.2: units of eight bytes; the ping of death: offset and length beyond 65535.
TEST_F(ReassemblyTest, ImpossibleFragmentsAreDropped) {
  const Bytes datagram = content(70000);
  EXPECT_FALSE(reassembly.add(kStart, piece(datagram, 0, 23)));
  EXPECT_FALSE(reassembly.add(kStart, piece(datagram, 65528, 65544)));
  EXPECT_FALSE(reassembly.add(kStart, piece(datagram, 8, 8)));
  EXPECT_EQ(counters.fragment_malformed, 3u);
  EXPECT_EQ(reassembly.datagrams(), 0u);
}

// RFC 8200 4.5: after sixty seconds; "time exceeded" only if the first fragment is there.
TEST_F(ReassemblyTest, IncompleteOnesEndAfterAMinute) {
  const Bytes datagram = content(48);
  EXPECT_FALSE(reassembly.add(kStart, piece(datagram, 0, 24, 1)));
  EXPECT_FALSE(reassembly.add(kStart + 1s, piece(datagram, 24, 48, 2)));
  EXPECT_EQ(reassembly.next_deadline(), kStart + 60s);
  reassembly.on_timeout(kStart + 60s - 1ns);
  EXPECT_EQ(reassembly.datagrams(), 2u);
  reassembly.on_timeout(kStart + 61s);
  EXPECT_EQ(reassembly.datagrams(), 0u);
  EXPECT_EQ(reassembly.bytes(), 0u);
  EXPECT_EQ(counters.reassembly_timeout, 2u);
  const auto expired = reassembly.poll_expired();
  ASSERT_TRUE(expired);
  EXPECT_EQ(expired->id, 1u);
  EXPECT_EQ(expired->payload.size(), 24u);
  EXPECT_FALSE(reassembly.poll_expired());
}

TEST_F(ReassemblyTest, FloodIsBounded) {
  const Bytes datagram = content(8192);
  for (std::uint32_t id = 0; id < 20000; ++id) {
    (void)reassembly.add(kStart, piece(datagram, 8 * (id % 100), 8 * (id % 100) + 1400, id));
    ASSERT_LE(reassembly.bytes(), ReassemblyLimits().max_bytes);
    ASSERT_LE(reassembly.datagrams(), ReassemblyLimits().max_datagrams);
  }
  EXPECT_GT(counters.reassembly_evicted, 0u);
  // One datagram in the smallest pieces.
  for (std::size_t at = 0; at < 8000; at += 8) (void)reassembly.add(kStart, piece(datagram, at, at + 8, 1u << 20));
  EXPECT_LE(reassembly.bytes(), ReassemblyLimits().max_bytes);
}

// RFC 3168 5.3.
TEST_F(ReassemblyTest, CongestionOfOneIsThatOfAll) {
  const Bytes datagram = content(48);
  IpPacket marked = piece(datagram, 24, 48);
  marked.traffic_class = 0x03;
  IpPacket first = piece(datagram, 0, 24);
  first.traffic_class = 0x02;
  EXPECT_FALSE(reassembly.add(kStart, marked));
  EXPECT_EQ(reassembly.add(kStart, first)->traffic_class, 0x03);
}

}  // namespace
}  // namespace sockwire::stack
