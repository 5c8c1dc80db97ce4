// SPDX-License-Identifier: Apache-2.0
// 8b/10b against the tables of IEEE 802.3 clause 36.2.4: rows as they are printed, and a reference that shares no table
// with the kernel's.
#include "hls/line/code_8b10b.hpp"

#include <gtest/gtest.h>

#include <string>

#include "tests/hls/line/reference_8b10b.hpp"
#include "tests/hls/line/symbols.hpp"

namespace sockwire::test {
namespace {

std::string text(const CodeGroup& group) {
  std::string out;
  for (int bit = 0; bit < 10; ++bit) out += group[bit] ? '1' : '0';
  return out;
}

CodeGroup group_of(const std::string& text) {
  CodeGroup out = 0;
  for (int bit = 0; bit < 10; ++bit) out[bit] = text[static_cast<std::size_t>(bit)] == '1';
  return out;
}

Character character(int octet, bool control) {
  Character out;
  out.octet = static_cast<unsigned>(octet);
  out.control = control;
  return out;
}

struct Row {
  int x, y;
  const char* negative;
  const char* positive;
};

// IEEE 802.3 table 36-1a, D0.0 to D20.0 (the same in AMD's AM002, "8B/10B Valid Characters"); then those of tables
// 36-1a to 36-1e in which something special happens: .3 with its two forms, .7 with P7 and A7.
constexpr Row kDataRows[] = {
    {0, 0, "1001110100", "0110001011"},  {1, 0, "0111010100", "1000101011"},  {2, 0, "1011010100", "0100101011"},
    {3, 0, "1100011011", "1100010100"},  {4, 0, "1101010100", "0010101011"},  {5, 0, "1010011011", "1010010100"},
    {6, 0, "0110011011", "0110010100"},  {7, 0, "1110001011", "0001110100"},  {8, 0, "1110010100", "0001101011"},
    {9, 0, "1001011011", "1001010100"},  {10, 0, "0101011011", "0101010100"}, {11, 0, "1101001011", "1101000100"},
    {12, 0, "0011011011", "0011010100"}, {13, 0, "1011001011", "1011000100"}, {14, 0, "0111001011", "0111000100"},
    {15, 0, "0101110100", "1010001011"}, {16, 0, "0110110100", "1001001011"}, {17, 0, "1000111011", "1000110100"},
    {18, 0, "0100111011", "0100110100"}, {19, 0, "1100101011", "1100100100"}, {20, 0, "0010111011", "0010110100"},
    {21, 5, "1010101010", "1010101010"}, {2, 2, "1011010101", "0100100101"},  {5, 6, "1010010110", "1010010110"},
    {16, 2, "0110110101", "1001000101"}, {10, 3, "0101011100", "0101010011"}, {7, 3, "1110001100", "0001110011"},
    {11, 7, "1101001110", "1101001000"}, {13, 7, "1011001110", "1011001000"}, {14, 7, "0111001110", "0111001000"},
    {17, 7, "1000110111", "1000110001"}, {18, 7, "0100110111", "0100110001"}, {20, 7, "0010110111", "0010110001"},
    {23, 7, "1110100001", "0001011110"}, {27, 7, "1101100001", "0010011110"}, {31, 7, "1010110001", "0101001110"}};

TEST(Code8b10b, RowsOfTheTablesAsTheyArePrinted) {
  for (const Row& row : kDataRows) {
    for (bool positive : {false, true}) {
      const std::string expected = positive ? row.positive : row.negative;
      EXPECT_EQ(text(encode_8b10b(character(32 * row.y + row.x, false), positive)), expected)
          << "D" << row.x << "." << row.y;
    }
  }
  for (const SpecialRow& row : kSpecialRows) {
    for (bool positive : {false, true}) {
      const std::string expected = positive ? row.code.positive : row.code.negative;
      EXPECT_EQ(text(encode_8b10b(character(32 * row.y + row.x, true), positive)), expected)
          << "K" << row.x << "." << row.y;
    }
  }
}

TEST(Code8b10b, EncodesEveryCharacterAsTheReference) {
  int characters = 0;
  for (int octet = 0; octet < 256; ++octet) {
    for (const bool special : {false, true}) {
      for (const bool positive : {false, true}) {
        const std::string expected = reference_encode(octet, special, positive);
        if (expected.empty()) continue;
        ++characters;
        bool disparity = positive;
        EXPECT_EQ(text(encode_8b10b(character(octet, special), disparity)), expected) << octet << special << positive;
        EXPECT_EQ(disparity, disparity_after_group(expected, positive)) << octet << special << positive;
        EXPECT_TRUE(is_code_group(static_cast<unsigned>(group_of(expected)))) << expected;
      }
    }
  }
  EXPECT_EQ(characters, 2 * (256 + 12));
}

TEST(Code8b10b, DecodesEveryCodeGroupAsTheReference) {
  int valid = 0;
  for (unsigned bits = 0; bits < 1024; ++bits) {
    const std::string group = text(CodeGroup(bits));
    for (const bool positive : {false, true}) {
      const auto expected = reference_decode(group, positive);
      bool disparity = positive;
      const DecodedGroup decoded = decode_8b10b(bits, disparity);
      EXPECT_EQ(decoded.valid, expected.has_value()) << group << positive;
      EXPECT_EQ(disparity, disparity_after_group(group, positive)) << group << positive;
      if (!expected || !decoded.valid) continue;
      ++valid;
      EXPECT_EQ(decoded.character.octet, static_cast<unsigned>(expected->octet)) << group << positive;
      EXPECT_EQ(decoded.character.control, expected->special) << group << positive;
    }
  }
  EXPECT_EQ(valid, 2 * (256 + 12));
}

// Clause 36.2.4.9: the comma is in K28.1, K28.5 and K28.7, and nowhere across two code-groups unless K28.7 is one.
TEST(Code8b10b, TheCommaIsWhereACodeGroupBegins) {
  for (int octet = 0; octet < 256; ++octet) {
    for (int second = 0; second < 256; ++second) {
      for (const bool positive : {false, true}) {
        const std::string first = reference_encode(octet, false, positive);
        const std::string both = first + reference_encode(second, false, disparity_after_group(first, positive));
        for (int at = 0; at + 7 <= 20; ++at) {
          ap_uint<7> seven = 0;
          for (int bit = 0; bit < 7; ++bit) seven[bit] = both[static_cast<std::size_t>(at + bit)] == '1';
          ASSERT_FALSE(is_comma(seven)) << both << " at " << at;
        }
      }
    }
  }
  for (const SpecialRow& row : kSpecialRows) {
    const bool comma = row.x == 28 && (row.y == 1 || row.y == 5 || row.y == 7);
    EXPECT_EQ(is_comma(group_of(row.code.negative).range(6, 0)), comma);
    EXPECT_EQ(is_comma(group_of(row.code.positive).range(6, 0)), comma);
  }
}

}  // namespace
}  // namespace sockwire::test
