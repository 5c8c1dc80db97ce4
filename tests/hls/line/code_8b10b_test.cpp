// SPDX-License-Identifier: Apache-2.0
// 8b/10b against the tables of IEEE 802.3 clause 36.2.4 as they are printed, and a reference that shares no table with
// the kernel's.
#include "hls/line/code_8b10b.hpp"

#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "tests/hls/line/reference_8b10b.hpp"
#include "tests/hls/line/symbols.hpp"
#include "tests/hls/line/table_36_1.hpp"

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

// Tables 36-1a to 36-1e and 36-2.
TEST(Code8b10b, EncodesTheTablesAsTheyArePrinted) {
  std::istringstream table(kTable36_1);
  int rows = 0;
  for (std::string negative, positive; table >> negative >> positive; ++rows) {
    for (bool disparity : {false, true}) {
      const std::string expected = disparity ? positive : negative;
      EXPECT_EQ(text(encode_8b10b(character(rows, false), disparity)), expected)
          << "D" << rows % 32 << "." << rows / 32;
    }
  }
  EXPECT_EQ(rows, 256);
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
