// SPDX-License-Identifier: Apache-2.0
#include "sim/phy/soft_mac.hpp"

#include <gtest/gtest.h>

#include <numeric>

#include "sim/phy/random.hpp"

namespace sockwire::sim {
namespace {

std::vector<std::uint8_t> pattern(std::size_t bytes, std::uint64_t seed = 1) {
  Random random(seed);
  std::vector<std::uint8_t> frame(bytes);
  for (auto& byte : frame) byte = static_cast<std::uint8_t>(random.next());
  return frame;
}

template <int kBytes>
std::vector<ReceivedFrame> decode(FrameDecoder<kBytes>& decoder, const Burst<kBytes>& burst) {
  std::vector<ReceivedFrame> frames;
  std::uint64_t now = 1000;
  for (const auto& line : burst.lines) {
    if (decoder.push(now++, line)) frames.push_back(decoder.frame());
  }
  if (decoder.push(now, Line<kBytes>{})) frames.push_back(decoder.frame());
  return frames;
}

template <typename Width>
class SoftMac : public testing::Test {};
using Widths = testing::Types<std::integral_constant<int, 1>, std::integral_constant<int, 8>>;
TYPED_TEST_SUITE(SoftMac, Widths);

// The check value of CRC-32/ISO-HDLC for "123456789", from the catalogue of parametrised CRC algorithms.
TEST(FrameCheckSequence, HasTheStandardsCheckValue) {
  const std::string digits = "123456789";
  EXPECT_EQ(frame_check_sequence(std::vector<std::uint8_t>(digits.begin(), digits.end())), 0xCBF43926u);
}

TYPED_TEST(SoftMac, RoundTripsEveryLength) {
  constexpr int kBytes = TypeParam::value;
  FrameEncoder<kBytes> encoder;
  FrameDecoder<kBytes> decoder;
  for (std::size_t bytes = kMinFrameBytes; bytes <= kMaxFrameBytes; ++bytes) {
    const auto frame = pattern(bytes, bytes);
    const auto received = decode(decoder, encoder.encode(frame));
    ASSERT_EQ(received.size(), 1u) << bytes;
    ASSERT_EQ(received[0].fault, FrameFault::kNone) << bytes;
    ASSERT_EQ(received[0].bytes, frame) << bytes;
  }
}

TYPED_TEST(SoftMac, PadsShortFrames) {
  constexpr int kBytes = TypeParam::value;
  FrameEncoder<kBytes> encoder;
  FrameDecoder<kBytes> decoder;
  const auto received = decode(decoder, encoder.encode(pattern(14)));
  ASSERT_EQ(received.size(), 1u);
  auto expected = pattern(14);
  expected.resize(60);
  EXPECT_EQ(received[0].bytes, expected);
}

TYPED_TEST(SoftMac, NamesEachFault) {
  constexpr int kBytes = TypeParam::value;
  FrameEncoder<kBytes> encoder;
  FrameDecoder<kBytes> decoder;
  const auto fault = [&](std::size_t bytes, std::uint32_t fcs_error) {
    const auto frame = pattern(bytes);
    const auto received = decode(decoder, encoder.encode_raw(frame, frame_check_sequence(frame) ^ fcs_error));
    return received.size() == 1 ? received[0].fault : FrameFault::kNoStart;
  };
  EXPECT_EQ(fault(59, 0), FrameFault::kRunt);
  EXPECT_EQ(fault(60, 0), FrameFault::kNone);
  EXPECT_EQ(fault(60, 0x00100000), FrameFault::kFcs);
  EXPECT_EQ(fault(1518, 0), FrameFault::kNone);
  EXPECT_EQ(fault(1519, 0), FrameFault::kGiant);
  EXPECT_EQ(decoder.counts()[static_cast<std::size_t>(FrameFault::kNone)], 2u);
}

TEST(SoftMac1, TakesAFrameWithAnOddNibbleIfItsFcsIsRight) {
  FrameEncoder<1> encoder;
  FrameDecoder<1> decoder;
  auto burst = encoder.encode(pattern(80));
  Line<1> dribble;
  dribble.dribble = true;
  burst.lines.push_back(dribble);
  EXPECT_EQ(decode(decoder, burst).at(0).fault, FrameFault::kNone);
  burst.lines[20].data ^= 1;
  EXPECT_EQ(decode(decoder, burst).at(0).fault, FrameFault::kAlignment);
}

TEST(SoftMac1, SeesReceiveErrors) {
  FrameEncoder<1> encoder;
  FrameDecoder<1> decoder;
  auto burst = encoder.encode(pattern(80));
  burst.lines[30].error = true;
  EXPECT_EQ(decode(decoder, burst).at(0).fault, FrameFault::kSymbolError);
}

TEST(SoftMac8, SeesControlCharactersInAFrame) {
  FrameEncoder<8> encoder;
  FrameDecoder<8> decoder;
  auto burst = encoder.encode(pattern(80));
  burst.lines[4].control = 0x10;
  burst.lines[4].data.range(39, 32) = kXgmiiError;
  EXPECT_EQ(decode(decoder, burst).at(0).fault, FrameFault::kSymbolError);
}

// IEEE 802.3 46.3.1.4: the deficit idle count keeps the average gap at 12 octets, and no gap is below 9.
TEST(SoftMac8, GapsAverageTwelveOctets) {
  Random random(5);
  FrameEncoder<8> encoder;
  std::uint64_t octets = 0;  // from the first /S/ on
  std::uint64_t position = 0;
  std::uint64_t last_terminate = 0;
  constexpr int kFrames = 10'000;
  std::uint64_t gaps = 0;
  for (int i = 0; i < kFrames; ++i) {
    const auto burst = encoder.encode(pattern(60 + random.below(1455)));
    if (i > 0) position += 8 * static_cast<std::uint64_t>(burst.gap_before);
    for (const auto& line : burst.lines) {
      for (int lane = 0; lane < 8; ++lane, ++position) {
        if (!line.control[lane]) continue;
        const auto byte = static_cast<std::uint8_t>(line.data >> (8 * lane));
        if (byte == kXgmiiTerminate) last_terminate = position;
        if (byte == kXgmiiStart) {
          ASSERT_EQ(lane % 4, 0);
          if (i > 0) {
            const auto gap = position - last_terminate;
            ASSERT_GE(gap, 9u);
            ASSERT_LE(gap, 15u);
            gaps += gap;
          }
        }
      }
    }
    octets = position;
  }
  EXPECT_GT(octets, 0u);
  EXPECT_NEAR(static_cast<double>(gaps) / (kFrames - 1), 12.0, 0.001);
}

// 60 octets of frame and 24 around it: 10.5 columns each at the line rate.
TEST(SoftMac8, SmallestFramesTakeTenAndAHalfColumns) {
  FrameEncoder<8> encoder;
  std::size_t columns = 0;
  for (int i = 0; i < 1000; ++i) {
    const auto burst = encoder.encode(pattern(60));
    columns += burst.lines.size() + (i > 0 ? static_cast<std::size_t>(burst.gap_before) : 0);
  }
  EXPECT_NEAR(static_cast<double>(columns), 10500, 2);
}

}  // namespace
}  // namespace sockwire::sim
