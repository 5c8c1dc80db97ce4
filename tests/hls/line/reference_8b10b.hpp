// SPDX-License-Identifier: Apache-2.0
// 8b/10b in the standard's own form: columns of strings for either running disparity, which is counted bit by bit
// (IEEE 802.3 clause 36.2.4). Shares nothing with hls/line/code_8b10b.hpp.
#pragma once

#include <algorithm>
#include <optional>
#include <string>

namespace sockwire::test {

/// Both columns of a sub-block: while the running disparity is negative, and positive.
struct Columns {
  const char* negative;
  const char* positive;
};

/// abcdei of D0 to D31 (the left parts of table 36-1).
inline constexpr Columns kSixColumns[32] = {
    {"100111", "011000"}, {"011101", "100010"}, {"101101", "010010"}, {"110001", "110001"}, {"110101", "001010"},
    {"101001", "101001"}, {"011001", "011001"}, {"111000", "000111"}, {"111001", "000110"}, {"100101", "100101"},
    {"010101", "010101"}, {"110100", "110100"}, {"001101", "001101"}, {"101100", "101100"}, {"011100", "011100"},
    {"010111", "101000"}, {"011011", "100100"}, {"100011", "100011"}, {"010011", "010011"}, {"110010", "110010"},
    {"001011", "001011"}, {"101010", "101010"}, {"011010", "011010"}, {"111010", "000101"}, {"110011", "001100"},
    {"100110", "100110"}, {"010110", "010110"}, {"110110", "001001"}, {"001110", "001110"}, {"101110", "010001"},
    {"011110", "100001"}, {"101011", "010100"}};

/// fghj of .0 to .7, by the running disparity in the middle of the code-group.
inline constexpr Columns kFourColumns[8] = {{"1011", "0100"}, {"1001", "1001"}, {"0101", "0101"}, {"1100", "0011"},
                                            {"1101", "0010"}, {"1010", "1010"}, {"0110", "0110"}, {"1110", "0001"}};

/// Table 36-2, whole.
struct SpecialRow {
  int x, y;
  Columns code;
};
inline constexpr SpecialRow kSpecialRows[12] = {
    {28, 0, {"0011110100", "1100001011"}}, {28, 1, {"0011111001", "1100000110"}},
    {28, 2, {"0011110101", "1100001010"}}, {28, 3, {"0011110011", "1100001100"}},
    {28, 4, {"0011110010", "1100001101"}}, {28, 5, {"0011111010", "1100000101"}},
    {28, 6, {"0011110110", "1100001001"}}, {28, 7, {"0011111000", "1100000111"}},
    {23, 7, {"1110101000", "0001010111"}}, {27, 7, {"1101101000", "0010010111"}},
    {29, 7, {"1011101000", "0100010111"}}, {30, 7, {"0111101000", "1000010111"}}};

/// The running disparity behind a sub-block: clause 36.2.4.4.
inline bool disparity_after(const std::string& sub_block, bool positive) {
  const auto ones = 2 * static_cast<std::size_t>(std::count(sub_block.begin(), sub_block.end(), '1'));
  if (ones > sub_block.size() || sub_block == "000111" || sub_block == "0011") return true;
  if (ones < sub_block.size() || sub_block == "111000" || sub_block == "1100") return false;
  return positive;
}

inline bool disparity_after_group(const std::string& group, bool positive) {
  return disparity_after(group.substr(6), disparity_after(group.substr(0, 6), positive));
}

/// The code-group of an octet, or of a special character; empty if there is no such special character.
inline std::string reference_encode(int octet, bool special, bool positive) {
  const int x = octet % 32;
  const int y = octet / 32;
  if (special) {
    for (const SpecialRow& row : kSpecialRows) {
      if (row.x == x && row.y == y) return positive ? row.code.positive : row.code.negative;
    }
    return "";
  }
  const std::string six = positive ? kSixColumns[x].positive : kSixColumns[x].negative;
  const bool middle = disparity_after(six, positive);
  std::string four = middle ? kFourColumns[y].positive : kFourColumns[y].negative;
  // Five equal bits across the seam: D.x.7 has another form then.
  if (four == "1110" && six.substr(4) == "11") four = "0111";
  if (four == "0001" && six.substr(4) == "00") four = "1000";
  return six + four;
}

struct ReferenceCharacter {
  int octet;
  bool special;
};

/// What the column of this running disparity has at `group`, if anything.
inline std::optional<ReferenceCharacter> reference_decode(const std::string& group, bool positive) {
  for (int octet = 0; octet < 256; ++octet) {
    for (const bool special : {false, true}) {
      if (reference_encode(octet, special, positive) == group) return ReferenceCharacter{octet, special};
    }
  }
  return std::nullopt;
}

}  // namespace sockwire::test
