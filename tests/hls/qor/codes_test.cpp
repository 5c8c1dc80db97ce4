// SPDX-License-Identifier: Apache-2.0
// The kernels of the quality table that compute sums and codes, against the standards' own vectors and bit-serial or
// plain references.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "tests/hls/qor/crc32_byte.hpp"
#include "tests/hls/qor/crc32_wide.hpp"
#include "tests/hls/qor/encoder_8b10b.hpp"
#include "tests/hls/qor/internet_checksum.hpp"
#include "tests/hls/qor/pipe.hpp"
#include "tests/hls/qor/scrambler.hpp"

namespace sockwire {
namespace {

constexpr unsigned kSeed = 7;

Bytes text_bytes(const std::string& text) { return {text.begin(), text.end()}; }

using Checksum = Pipe<InternetChecksumState, Beat<8>, ap_uint<16>>;

/// RFC 1071 in its plain words, sum modulo 2^16 - 1 of a number without bounds.
unsigned plain_checksum(const Bytes& bytes) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) sum += std::uint64_t(bytes[i]) << (i % 2 == 0 ? 8 : 0);
  const std::uint64_t folded = sum == 0 ? 0 : (sum - 1) % 0xFFFF + 1;
  return static_cast<unsigned>(0xFFFF ^ folded);
}

// RFC 1071 section 3: the numerical example sums to ddf2.
TEST(QorInternetChecksum, TheExampleOfRfc1071) {
  Checksum checksum(internet_checksum);
  const auto out = checksum.put(beats_of<8>({0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7}));
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(out[0], 0xFFFFu ^ 0xddf2u);
}

TEST(QorInternetChecksum, FramesOfEveryLengthOneAfterTheOther) {
  Checksum checksum(internet_checksum);
  std::mt19937 random(kSeed);
  for (std::size_t length = 1; length < 200; ++length) {
    const Bytes bytes = length % 3 == 0 ? Bytes(length, 0xFF) : random_bytes(random, length);
    const auto out = checksum.put(beats_of<8>(bytes));
    ASSERT_EQ(out.size(), 1u);
    EXPECT_EQ(out[0], plain_checksum(bytes)) << length << " bytes, seed " << kSeed;
  }
}

template <typename Pipe, int kBytes>
void expect_fcs(Pipe& pipe) {
  // The check value of CRC-32 in the catalogues of CRC algorithms.
  const auto check = pipe.put(beats_of<kBytes>(text_bytes("123456789")));
  ASSERT_EQ(check.size(), 1u);
  EXPECT_EQ(check[0], 0xCBF43926u);
  std::mt19937 random(kSeed);
  for (std::size_t length = 1; length < 200; ++length) {
    const Bytes bytes = random_bytes(random, length);
    const auto out = pipe.put(beats_of<kBytes>(bytes));
    ASSERT_EQ(out.size(), 1u);
    EXPECT_EQ(out[0], test::plain_fcs(bytes)) << length << " bytes, seed " << kSeed;
  }
}

TEST(QorCrc32, ByteByByte) {
  Pipe<Crc32ByteState, Beat<1>, ap_uint<32>> pipe(crc32_byte);
  expect_fcs<decltype(pipe), 1>(pipe);
}

TEST(QorCrc32, EightBytesABeat) {
  Pipe<Crc32WideState, Beat<8>, ap_uint<32>> pipe(crc32_wide);
  expect_fcs<decltype(pipe), 8>(pipe);
}

// IEEE 802.3 clause 49.2.6, figure 49-8: a shift register, bit by bit; and figure 49-10 gives the plain bits back.
TEST(QorScrambler, AsTheShiftRegisterOfClause49) {
  std::mt19937_64 random(kSeed);
  std::vector<Block66> blocks(500);
  for (Block66& block : blocks) {
    block.header = random() % 2 == 0 ? 1 : 2;
    block.payload = random() % 4 == 0 ? 0 : random();
  }
  Pipe<ScramblerState, Block66, Block66> pipe(scrambler);
  const auto out = pipe.put(blocks);
  ASSERT_EQ(out.size(), blocks.size());
  std::array<bool, 59> s{};  // s[k] is what the register's stage Sk-1 holds: the bit k times ago
  s.fill(true);
  std::array<bool, 59> received = s;
  const auto shift = [](std::array<bool, 59>& stages, bool bit) {
    std::rotate(stages.rbegin(), stages.rbegin() + 1, stages.rend());
    stages[1] = bit;
  };
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    EXPECT_EQ(out[i].header, blocks[i].header);
    for (int bit = 0; bit < 64; ++bit) {
      const bool sent = out[i].payload[bit];
      ASSERT_EQ(sent, blocks[i].payload[bit] ^ s[39] ^ s[58]) << "block " << i << " bit " << bit;
      shift(s, sent);
      ASSERT_EQ(sent ^ received[39] ^ received[58], blocks[i].payload[bit]);
      shift(received, sent);
    }
  }
}

std::string code_text(const ap_uint<10>& code) {
  std::string text;
  for (int bit = 9; bit >= 0; --bit) text += code[bit] ? '1' : '0';
  return text;
}

/// One character's code from either disparity, and whether the disparity is positive afterwards.
std::pair<std::string, bool> encoded(const Character& character, bool positive) {
  Encoder8b10bState state;
  state.positive = positive;
  stream<Character> in;
  stream<ap_uint<10>> out;
  in.push(character);
  tick(in, out);
  encoder_8b10b(state, in, out);
  in.finish(true);
  out.finish(true);
  tick(in, out);
  return {code_text(out.front()), state.positive};
}

Character character(unsigned x, unsigned y, bool control) {
  Character result;
  result.octet = y << 5 | x;
  result.control = control;
  return result;
}

std::vector<Character> characters() {
  std::vector<Character> all;
  for (unsigned octet = 0; octet < 256; ++octet) all.push_back(character(octet & 31, octet >> 5, false));
  for (unsigned y = 0; y < 8; ++y) all.push_back(character(28, y, true));
  for (const unsigned x : {23, 27, 29, 30}) all.push_back(character(x, 7, true));
  return all;
}

// Rows of IEEE 802.3 tables 36-1a and 36-2: current RD -, current RD +.
TEST(QorEncoder8b10b, RowsOfTheStandardsTables) {
  struct Row {
    unsigned x, y;
    bool control;
    const char* negative;
    const char* positive;
  };
  const Row rows[] = {{0, 0, false, "1001110100", "0110001011"},  {1, 0, false, "0111010100", "1000101011"},
                      {3, 0, false, "1100011011", "1100010100"},  {7, 0, false, "1110001011", "0001110100"},
                      {21, 5, false, "1010101010", "1010101010"}, {11, 7, false, "1101001110", "1101001000"},
                      {13, 7, false, "1011001110", "1011001000"}, {14, 7, false, "0111001110", "0111001000"},
                      {17, 7, false, "1000110111", "1000110001"}, {18, 7, false, "0100110111", "0100110001"},
                      {20, 7, false, "0010110111", "0010110001"}, {31, 7, false, "1010110001", "0101001110"},
                      {10, 3, false, "0101011100", "0101010011"}, {28, 0, true, "0011110100", "1100001011"},
                      {28, 1, true, "0011111001", "1100000110"},  {28, 2, true, "0011110101", "1100001010"},
                      {28, 3, true, "0011110011", "1100001100"},  {28, 4, true, "0011110010", "1100001101"},
                      {28, 5, true, "0011111010", "1100000101"},  {28, 6, true, "0011110110", "1100001001"},
                      {28, 7, true, "0011111000", "1100000111"},  {23, 7, true, "1110101000", "0001010111"},
                      {27, 7, true, "1101101000", "0010010111"},  {29, 7, true, "1011101000", "0100010111"},
                      {30, 7, true, "0111101000", "1000010111"}};
  for (const Row& row : rows) {
    const Character in = character(row.x, row.y, row.control);
    EXPECT_EQ(encoded(in, false).first, row.negative) << (row.control ? "K" : "D") << row.x << "." << row.y;
    EXPECT_EQ(encoded(in, true).first, row.positive) << (row.control ? "K" : "D") << row.x << "." << row.y;
  }
}

// What the code is for: no code says two things, the disparity is +-1 at each end, no run is longer than five, and the
// comma is in K28.1, K28.5 and K28.7 alone.
TEST(QorEncoder8b10b, IsDecodableAndBalancedAndHasShortRuns) {
  std::map<std::string, std::size_t> owner;
  const auto all = characters();
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (const bool positive : {false, true}) {
      const auto [code, after] = encoded(all[i], positive);
      const auto ones = std::count(code.begin(), code.end(), '1');
      EXPECT_EQ(2 * (ones - 5), 2 * (int(after) - int(positive))) << code;
      EXPECT_EQ(owner.emplace(code, i).first->second, i) << code << " says two things";
      const std::string begin = code.substr(0, 7);
      const bool comma = begin == "0011111" || begin == "1100000";
      const unsigned y = static_cast<unsigned>(all[i].octet >> 5);
      EXPECT_EQ(comma, all[i].control && (all[i].octet & 31) == 28 && (y == 1 || y == 5 || y == 7)) << code;
      for (const Character& next : all) {
        const std::string both = code + encoded(next, after).first;
        EXPECT_EQ(both.find("000000"), std::string::npos) << both;
        EXPECT_EQ(both.find("111111"), std::string::npos) << both;
      }
    }
  }
}

}  // namespace
}  // namespace sockwire
