// SPDX-License-Identifier: Apache-2.0
// 64b/66b and its scrambler against a reference that goes bit by bit (IEEE 802.3 clause 49.2).
#include "hls/line/code_64b66b.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "tests/hls/line/reference_64b66b.hpp"

namespace sockwire::test {
namespace {

constexpr unsigned kSeed = 49;

BitText text(const Block66& block) {
  BitText bits;
  for (int i = 0; i < 2; ++i) bits += block.sync[i] ? '1' : '0';
  for (int i = 0; i < 64; ++i) bits += block.data[i] ? '1' : '0';
  return bits;
}

/// Lanes of these kinds with random contents; /E/ among the control characters if `errors`.
Line<8> random_lanes(const std::string& kinds, bool errors, std::mt19937& random) {
  Line<8> line;
  for (int lane = 0; lane < 8; ++lane) {
    unsigned value = random() & 0xFF;
    const char kind = kinds[static_cast<std::size_t>(lane)];
    if (kind == 'S') value = 0xFB;
    if (kind == 'T') value = 0xFD;
    if (kind == 'O') value = random() % 2 == 0 ? 0x9C : 0x5C;
    if (kind == 'C') value = kControlRows[random() % (errors ? 8 : 7)].character;
    line.data.range(8 * lane + 7, 8 * lane) = value;
    line.control[lane] = kind != 'D';
  }
  return line;
}

BlockType type_of(const std::string& kinds) {
  if (kinds == "DDDDDDDD") return BlockType::kData;
  if (kinds.find('S') != std::string::npos) return BlockType::kStart;
  if (kinds.find('T') != std::string::npos) return BlockType::kTerminate;
  return BlockType::kControl;
}

TEST(Code64b66b, EveryRowOfFigure49_7BothWays) {
  std::mt19937 random(kSeed);
  std::vector<std::string> rows{"DDDDDDDD"};
  for (const BlockRow& row : kBlockRows) rows.emplace_back(row.lanes);
  ASSERT_EQ(rows.size(), 16u);
  for (const std::string& kinds : rows) {
    for (int round = 0; round < 200; ++round) {
      const Line<8> line = random_lanes(kinds, kinds != "CCCCCCCC", random);
      const EncodedBlock encoded = encode_block(line);
      ASSERT_EQ(encoded.type, type_of(kinds)) << kinds << ", seed " << kSeed;
      ASSERT_EQ(text(encoded.block), reference_block(line)) << kinds << ", seed " << kSeed;
      const DecodedBlock decoded = decode_block(encoded.block);
      ASSERT_EQ(decoded.type, type_of(kinds)) << kinds;
      ASSERT_EQ(decoded.line.data, line.data) << kinds;
      ASSERT_EQ(decoded.line.control, line.control) << kinds;
    }
  }
}

// Clause 49.2.13.2.3: whatever is none of the rows is an error; eight control characters with /E/ among them are one,
// too.
TEST(Code64b66b, WhatHasNoRowIsAnError) {
  std::mt19937 random(kSeed);
  int errors = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string kinds;
    for (int lane = 0; lane < 8; ++lane) kinds += "DDDCCCSTO"[random() % 9];
    const Line<8> line = random_lanes(kinds, true, random);
    const bool none = reference_block(line).empty();
    errors += none;
    EXPECT_TRUE(!none || encode_block(line).type == BlockType::kError) << kinds;
  }
  EXPECT_GT(errors, 10'000);
  Line<8> line;
  line.data.range(15, 8) = 0xFE;
  EXPECT_EQ(encode_block(line).type, BlockType::kError);
}

TEST(Code64b66b, DecodesWhateverComesAsTheReference) {
  std::mt19937_64 random(kSeed);
  int good = 0;
  for (int round = 0; round < 200'000; ++round) {
    Block66 block;
    block.sync = random() % 8 == 0 ? random() : std::uint64_t{kSyncControl};
    block.data = random();
    if (random() % 4 != 0) block.data.range(7, 0) = kBlockRows[random() % 15].type;
    // Codes that exist are rare among random ones.
    for (int lane = 0; lane < 8 && round % 2 == 0; ++lane) {
      block.data.range(7 * lane + 14, 7 * lane + 8) = kControlRows[random() % 8].code;
    }
    const DecodedBlock decoded = decode_block(block);
    Line<8> line;
    const bool known = reference_lanes(text(block), line);
    bool all_control_with_error = block.sync == kSyncControl && block.data.range(7, 0) == 0x1E;
    bool error = false;
    for (int lane = 0; lane < 8; ++lane) error = error || lane_of(line, lane) == 0xFE;
    all_control_with_error = all_control_with_error && error;
    ASSERT_EQ(decoded.type != BlockType::kError, known && !all_control_with_error) << text(block);
    if (decoded.type == BlockType::kError) continue;
    ++good;
    ASSERT_EQ(decoded.line.data, line.data) << text(block);
    ASSERT_EQ(decoded.line.control, line.control) << text(block);
  }
  EXPECT_GT(good, 10'000);
}

// Table 49-1, figure 49-7.
TEST(Code64b66b, TheErrorBlockIsEInEveryLane) {
  Line<8> line;
  ASSERT_TRUE(reference_lanes(text({kSyncControl, kErrorPayload}), line));
  EXPECT_EQ(line.data, xgmii::kErrorLanes);
  EXPECT_EQ(line.control, 0xFFu);
}

// An idle block behind a register of ones, worked out by another project's program (Essenceia/ethernet-physical-layer,
// tb/64b66b_tb.v: 1e becomes 7bfff0800000001e).
TEST(Scrambler64b66b, APublishedVector) {
  ap_uint<58> history = (std::uint64_t(1) << 58) - 1;
  EXPECT_EQ(scramble(history, 0x1E), 0x7bfff0800000001eULL);
}

TEST(Scrambler64b66b, AsTheShiftRegisterBitByBit) {
  std::mt19937_64 random(kSeed);
  ShiftRegister58 reference(true);
  ShiftRegister58 back(false);
  ap_uint<58> history = (std::uint64_t(1) << 58) - 1;
  ap_uint<58> received = 0;  // as a receiver that has just been switched on
  for (int block = 0; block < 2000; ++block) {
    const std::uint64_t plain = random() % 4 == 0 ? 0x1E : random();
    const ap_uint<64> scrambled = scramble(history, plain);
    const ap_uint<64> descrambled = descramble(received, scrambled);
    for (int bit = 0; bit < 64; ++bit) {
      ASSERT_EQ(scrambled[bit], reference.scramble((plain >> bit) & 1)) << "block " << block << " bit " << bit;
      ASSERT_EQ(descrambled[bit], back.descramble(scrambled[bit])) << "block " << block << " bit " << bit;
    }
    ASSERT_TRUE(block == 0 || descrambled == plain) << "58 bits after it began a descrambler is right";
  }
}

}  // namespace
}  // namespace sockwire::test
