// SPDX-License-Identifier: Apache-2.0
// Which SACK blocks our acknowledgements carry: the worked examples of RFC 2018 section 7 and RFC 2883 section 4, with
// their numbers (so the peer's stream is numbered from 5000 or 3000 on).
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "lone.hpp"

namespace sockwire::tcp::test {
namespace {

using Blocks = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

class Sack : public ::testing::Test {
 protected:
  void start(std::uint32_t first, bool timestamps = false) {
    offset_ = Lone::kPeer + 1 - first;
    lone.config.timestamps = timestamps;
    Options options{1460, std::nullopt, std::nullopt, true};
    if (timestamps) options.timestamps = Timestamps{1, 0};
    lone.establish(options);
  }
  /// 500 bytes from `seq` arrive; returns the SACK blocks of the ACK that follows, which is for `ack`.
  Blocks arrives(std::uint32_t seq, std::uint32_t ack) {
    lone.take();
    Segment segment = lone.segment(offset_ + seq, Lone::kIss + 1, wire::kTcpAckFlag);
    const std::string payload(500, 'x');
    segment.payload = {reinterpret_cast<const std::uint8_t*>(payload.data()), payload.size()};
    if (lone->info().timestamps) segment.options.timestamps = Timestamps{2, 0};
    lone.deliver(segment);
    lone.advance(50ms);  // if the ACK is a delayed one
    const auto out = lone.take();
    EXPECT_EQ(out.size(), 1u);
    if (out.empty()) return {};
    EXPECT_EQ(out[0].ack, offset_ + ack);
    Blocks blocks;
    for (std::size_t i = 0; i < out[0].options.sack.count; ++i) {
      const SackBlock& block = out[0].options.sack.at[i];
      blocks.push_back({block.begin - offset_, block.end - offset_});
    }
    return blocks;
  }

  Lone lone;
  SeqNum offset_;
};

// RFC 2018 7, case 1.
TEST_F(Sack, InOrderDataHasNoBlocks) {
  start(5000);
  EXPECT_EQ(arrives(5000, 5500), Blocks{});
  EXPECT_EQ(arrives(5500, 6000), Blocks{});
}

// RFC 2018 7, case 2: the first segment is dropped.
TEST_F(Sack, OneHoleIsOneGrowingBlock) {
  start(5000);
  for (std::uint32_t seq = 5500; seq < 9000; seq += 500) EXPECT_EQ(arrives(seq, 5000), (Blocks{{5500, seq + 500}}));
}

// RFC 2018 7, case 3: the second, fourth, sixth and eighth are dropped; then the fourth comes, and then the second.
TEST_F(Sack, NewestBlockIsFirst) {
  start(5000);
  EXPECT_EQ(arrives(5000, 5500), Blocks{});
  EXPECT_EQ(arrives(6000, 5500), (Blocks{{6000, 6500}}));
  EXPECT_EQ(arrives(7000, 5500), (Blocks{{7000, 7500}, {6000, 6500}}));
  EXPECT_EQ(arrives(8000, 5500), (Blocks{{8000, 8500}, {7000, 7500}, {6000, 6500}}));
  EXPECT_EQ(arrives(6500, 5500), (Blocks{{6000, 7500}, {8000, 8500}}));
  EXPECT_EQ(arrives(5500, 7500), (Blocks{{8000, 8500}}));
}

// RFC 2018 3: four blocks fit, three beside timestamps.
TEST_F(Sack, AsManyBlocksAsFit) {
  start(5000);
  for (std::uint32_t seq = 6000; seq <= 11000; seq += 1000) arrives(seq, 5000);
  EXPECT_EQ(arrives(12000, 5000), (Blocks{{12000, 12500}, {11000, 11500}, {10000, 10500}, {9000, 9500}}));
  lone = Lone();
  start(5000, true);
  for (std::uint32_t seq = 6000; seq <= 11000; seq += 1000) arrives(seq, 5000);
  EXPECT_EQ(arrives(12000, 5000), (Blocks{{12000, 12500}, {11000, 11500}, {10000, 10500}}));
}

// RFC 2883 4.1.1: a duplicate segment, once.
TEST_F(Sack, DuplicateIsReportedOnce) {
  start(3000);
  arrives(3000, 3500);
  arrives(3500, 4000);
  EXPECT_EQ(arrives(3000, 4000), (Blocks{{3000, 3500}}));
  EXPECT_EQ(arrives(4000, 4500), Blocks{});
}

// RFC 2883 4.1.2: a duplicate besides a hole.
TEST_F(Sack, DuplicateComesBeforeTheBlocks) {
  start(3000);
  arrives(3000, 3500);
  arrives(3500, 4000);
  EXPECT_EQ(arrives(4500, 4000), (Blocks{{4500, 5000}}));
  EXPECT_EQ(arrives(3000, 4000), (Blocks{{3000, 3500}, {4500, 5000}}));
}

// RFC 2883 4.1.3: a duplicate of what lies behind a hole.
TEST_F(Sack, DuplicateBehindAHoleIsFollowedByItsBlock) {
  start(3500);
  arrives(3500, 4000);
  EXPECT_EQ(arrives(4500, 4000), (Blocks{{4500, 5000}}));
  EXPECT_EQ(arrives(5000, 4000), (Blocks{{4500, 5500}}));
  EXPECT_EQ(arrives(5000, 4000), (Blocks{{5000, 5500}, {4500, 5500}}));
}

// RFC 2018 2: no blocks for a peer that has not asked for them.
TEST_F(Sack, NoneForAPeerWithoutIt) {
  lone.establish();
  offset_ = Lone::kPeer + 1 - 5000;
  EXPECT_EQ(arrives(6000, 5000), Blocks{});
}

}  // namespace
}  // namespace sockwire::tcp::test
