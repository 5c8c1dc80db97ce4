// SPDX-License-Identifier: Apache-2.0
// The sums by themselves, and their insertion into frames whose checksums are published.
#include "hls/checksum/checksum_insert.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <type_traits>
#include <vector>

#include "hls/base/process.hpp"

namespace sockwire {
namespace {

using Bytes = std::vector<std::uint8_t>;

template <int kBytes>
Beat<kBytes> beat_at(const Bytes& bytes, std::size_t at) {
  Beat<kBytes> beat;
  for (std::size_t i = 0; i < kBytes && at + i < bytes.size(); ++i) {
    beat.data.range(static_cast<int>(8 * i + 7), static_cast<int>(8 * i)) = bytes[at + i];
    beat.keep[static_cast<int>(i)] = 1;
  }
  beat.last = at + kBytes >= bytes.size();
  return beat;
}

template <int kBytes>
std::uint16_t sum_of(const Bytes& bytes) {
  InternetSum sum = 0;
  for (std::size_t i = 0; i < bytes.size(); i += kBytes) {
    const Beat<kBytes> beat = beat_at<kBytes>(bytes, i);
    sum += beat_sum<kBytes>(beat.data, beat.keep, (i & 1) != 0);
  }
  return static_cast<std::uint16_t>(fold_again(fold_once(sum)));
}

// RFC 1071 section 3: the numerical example.
TEST(InternetSum, TheExampleOfRfc1071) {
  const Bytes bytes = {0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7};
  EXPECT_EQ(sum_of<1>(bytes), 0xddf2);
  EXPECT_EQ(sum_of<8>(bytes), 0xddf2);
  EXPECT_EQ(checksum_of(0xddf2), 0x220du);
}

// RFC 1071 section 4.1: an odd byte at the end counts as the high half of a word.
TEST(InternetSum, AnOddByteIsPaddedWithZero) {
  EXPECT_EQ(sum_of<1>({0x12, 0x34, 0x56}), 0x1234 + 0x5600);
  EXPECT_EQ(sum_of<8>({0x12, 0x34, 0x56}), 0x1234 + 0x5600);
}

TEST(InternetSum, TheLongestFrameOfOnesDoesNotOverflow) {
  const Bytes ones(card::kFrameBytesMax, 0xFF);
  EXPECT_EQ(sum_of<1>(ones), 0xFFFF);
  EXPECT_EQ(sum_of<8>(ones), 0xFFFF);
}

template <int kBytes>
class Inserter {
 public:
  Bytes frame(const ChecksumPlan& plan, const Bytes& bytes, unsigned stall_seed = 0) {
    std::mt19937 random(stall_seed);
    Bytes out;
    std::size_t at = 0;
    bool planned = false;
    for (int cycle = 0; cycle < 20'000; ++cycle) {
      const bool stall = stall_seed != 0 && random() % 2 == 0;
      if (!planned && !checksum_.full()) {
        checksum_.push(plan);
        planned = true;
      }
      if (at < bytes.size() && !in_.full() && !(stall_seed != 0 && random() % 2 == 0)) {
        in_.push(beat_at<kBytes>(bytes, at));
        at += kBytes;
      }
      bool last = false;
      if (!out_.empty() && !stall) {
        const Beat<kBytes> beat = out_.pop();
        for (int i = 0; i < kBytes; ++i) {
          if (beat.keep[i]) out.push_back(static_cast<std::uint8_t>(beat.data.range(8 * i + 7, 8 * i)));
        }
        last = beat.last;
      }
      process_.step(&checksum_insert<kBytes>, packets_, queue_, in_, checksum_, out_, busy_);
      tick(packets_, queue_, in_, checksum_, out_, busy_);
      if (last) return out;
    }
    return {};
  }

 private:
  Process<ChecksumInsertState<kBytes>> process_;
  bram<PacketWord<kBytes>, kPacketBytes / kBytes> packets_;
  mem<SummedFrame, kPacketQueue> queue_;
  stream<Beat<kBytes>> in_, out_;
  stream<ChecksumPlan> checksum_;
  wire<bool> busy_;
};

template <typename Width>
class ChecksumInsert : public ::testing::Test {
 public:
  Inserter<Width::value> inserter;
};

using Widths = ::testing::Types<std::integral_constant<int, 1>, std::integral_constant<int, 8>>;
TYPED_TEST_SUITE(ChecksumInsert, Widths);

// The IPv4 header that the encyclopaedia article "Internet checksum" works through: b861.
TYPED_TEST(ChecksumInsert, APublishedIpv4Header) {
  Bytes bytes(14, 0xEE);
  const Bytes header = {0x45, 0x00, 0x00, 0x73, 0x00, 0x00, 0x40, 0x00, 0x40, 0x11,
                        0xDE, 0xAD, 0xc0, 0xa8, 0x00, 0x01, 0xc0, 0xa8, 0x00, 0xc7};
  bytes.insert(bytes.end(), header.begin(), header.end());
  bytes.resize(bytes.size() + 95, 0x5A);
  ChecksumPlan plan;
  plan.insert_l3 = true;
  plan.l3_word = 7;
  Bytes expected = bytes;
  expected[24] = 0xb8;
  expected[25] = 0x61;
  EXPECT_EQ(this->inserter.frame(plan, bytes), expected);
}

// An ICMP echo request, worked by hand: its checksum has no pseudo header (RFC 792).
TYPED_TEST(ChecksumInsert, SumsWithoutAPseudoHeader) {
  Bytes bytes(34, 0x11);
  const Bytes icmp = {0x08, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x09, 'a', 'b', 'c'};
  bytes.insert(bytes.end(), icmp.begin(), icmp.end());
  ChecksumPlan plan;
  plan.insert_l4 = true;
  plan.l4_word = 17;
  plan.checksum_word = 18;
  // 0800 + 0001 + 0009 + 6162 + 6300 = cc6c; its complement.
  Bytes expected = bytes;
  expected[36] = 0x33;
  expected[37] = 0x93;
  EXPECT_EQ(this->inserter.frame(plan, bytes), expected);
}

TYPED_TEST(ChecksumInsert, NothingIsInsertedUnasked) {
  Bytes bytes(77);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i);
  EXPECT_EQ(this->inserter.frame(ChecksumPlan(), bytes), bytes);
}

TYPED_TEST(ChecksumInsert, FramesOfAllLengthsComeThroughStalls) {
  for (std::size_t length = 14; length < 1519; length += length < 100 ? 1 : 71) {
    Bytes bytes(length);
    for (std::size_t i = 0; i < length; ++i) bytes[i] = static_cast<std::uint8_t>(i * 7 + length);
    EXPECT_EQ(this->inserter.frame(ChecksumPlan(), bytes, static_cast<unsigned>(length)), bytes);
  }
}

}  // namespace
}  // namespace sockwire
