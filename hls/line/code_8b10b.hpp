// SPDX-License-Identifier: Apache-2.0
// The 8b/10b transmission code (IEEE 802.3 clause 36.2.4): an octet HGFEDCBA is sent as abcdei by EDCBA and then fghj
// by HGF, each in one of two forms by the running disparity before it (tables 36-1 and 36-2).
#pragma once

#include "hls/line/line_code.hpp"

namespace sockwire {

/// A D character, or one of the twelve K characters (K28.0 to K28.7, K23.7, K27.7, K29.7, K30.7).
struct Character {
  ap_uint<8> octet = 0;
  bool control = false;
};

// The characters that 1000BASE-X uses by name (table 36-3).
constexpr unsigned kK28_5 = 0xBC;
constexpr unsigned kK27_7 = 0xFB;  ///< /S/
constexpr unsigned kK29_7 = 0xFD;  ///< /T/
constexpr unsigned kK23_7 = 0xF7;  ///< /R/
constexpr unsigned kK30_7 = 0xFE;  ///< /V/
constexpr unsigned kD5_6 = 0xC5;   ///< ends /I1/
constexpr unsigned kD16_2 = 0x50;  ///< ends /I2/
constexpr unsigned kD21_5 = 0xB5;  ///< /C1/
constexpr unsigned kD2_2 = 0x42;   ///< /C2/

namespace detail {

/// A sub-block's code while the running disparity is negative, its first bit in bit 0.
struct SubBlock {
  std::uint8_t code;
  bool complemented;  ///< while it is positive the code is the complement
  bool unbalanced;    ///< it changes the running disparity
};

/// Written as the standard does, the first bit leftmost.
constexpr SubBlock sub_block(int bits, unsigned written, bool complemented, bool unbalanced) {
  unsigned code = 0;
  for (int i = 0; i < bits; ++i) code |= ((written >> i) & 1) << (bits - 1 - i);
  return {static_cast<std::uint8_t>(code), complemented, unbalanced};
}
constexpr SubBlock flips6(unsigned written) { return sub_block(6, written, true, true); }
constexpr SubBlock stays6(unsigned written) { return sub_block(6, written, false, false); }
constexpr SubBlock flips4(unsigned written) { return sub_block(4, written, true, true); }
constexpr SubBlock stays4(unsigned written) { return sub_block(4, written, false, false); }
/// Balanced, but in two forms all the same.
constexpr SubBlock turns4(unsigned written) { return sub_block(4, written, true, false); }

/// abcdei by EDCBA.
constexpr SubBlock kSixBits[32] = {
    flips6(0b100111), flips6(0b011101), flips6(0b101101), stays6(0b110001),
    flips6(0b110101), stays6(0b101001), stays6(0b011001), sub_block(6, 0b111000, true, false),
    flips6(0b111001), stays6(0b100101), stays6(0b010101), stays6(0b110100),
    stays6(0b001101), stays6(0b101100), stays6(0b011100), flips6(0b010111),
    flips6(0b011011), stays6(0b100011), stays6(0b010011), stays6(0b110010),
    stays6(0b001011), stays6(0b101010), stays6(0b011010), flips6(0b111010),
    flips6(0b110011), stays6(0b100110), stays6(0b010110), flips6(0b110110),
    stays6(0b001110), flips6(0b101110), flips6(0b011110), flips6(0b101011)};
constexpr SubBlock kSixBitsOfK28 = flips6(0b001111);

/// fghj by HGF.
constexpr SubBlock kFourBits[8] = {flips4(0b1011), stays4(0b1001), stays4(0b0101), turns4(0b1100),
                                   flips4(0b1101), stays4(0b1010), stays4(0b0110), flips4(0b1110)};
constexpr SubBlock kFourBitsOfControl[8] = {flips4(0b1011), turns4(0b0110), turns4(0b1010), turns4(0b1100),
                                            flips4(0b1101), turns4(0b0101), turns4(0b1001), flips4(0b0111)};
/// D.x.7 where kFourBits[7] would make a run of five, and all K.x.7.
constexpr SubBlock kFourBitsOfA7 = flips4(0b0111);

/// Is D.x.7 of the kind A7, the running disparity before fghj being this?
inline bool is_a7(const ap_uint<5>& x, bool positive) {
  return positive ? x == 11 || x == 13 || x == 14 : x == 17 || x == 18 || x == 20;
}

/// What a received sub-block can be.
struct ReceivedSubBlock {
  std::uint8_t value;
  bool after_negative;  ///< it may come while the running disparity is negative
  bool after_positive;
  bool makes_positive;  ///< the running disparity afterwards (clause 36.2.4.4), whether it was allowed or not
  bool makes_negative;
};

struct SixBitsReceived {
  ReceivedSubBlock of[64];
};
constexpr SixBitsReceived six_bits_received() {
  SixBitsReceived table{};
  for (unsigned code = 0; code < 64; ++code) {
    ReceivedSubBlock& entry = table.of[code];
    for (unsigned x = 0; x < 32; ++x) {
      const SubBlock& six = kSixBits[x];
      const unsigned positive = six.complemented ? ~six.code & 63u : six.code;
      if (code == six.code || code == positive) entry.value = static_cast<std::uint8_t>(x);
      if (code == six.code) entry.after_negative = true;
      if (code == positive) entry.after_positive = true;
    }
    unsigned ones = 0;
    for (int bit = 0; bit < 6; ++bit) ones += (code >> bit) & 1;
    const SubBlock d7 = kSixBits[7];
    entry.makes_positive = ones > 3 || code == (~d7.code & 63u);
    entry.makes_negative = ones < 3 || code == d7.code;
  }
  return table;
}

/// Of data: those of K28 are these, complemented if the running disparity before them is negative. Without the codes
/// of A7.
struct FourBitsReceived {
  ReceivedSubBlock of[16];
};
constexpr FourBitsReceived four_bits_received() {
  FourBitsReceived table{};
  for (unsigned code = 0; code < 16; ++code) {
    ReceivedSubBlock& entry = table.of[code];
    for (unsigned y = 0; y < 8; ++y) {
      const SubBlock& four = kFourBits[y];
      const unsigned positive = four.complemented ? ~four.code & 15u : four.code;
      if (code == four.code || code == positive) entry.value = static_cast<std::uint8_t>(y);
      if (code == four.code) entry.after_negative = true;
      if (code == positive) entry.after_positive = true;
    }
    unsigned ones = 0;
    for (int bit = 0; bit < 4; ++bit) ones += (code >> bit) & 1;
    const SubBlock x3 = kFourBits[3];
    entry.makes_positive = ones > 2 || code == (~x3.code & 15u);
    entry.makes_negative = ones < 2 || code == x3.code;
  }
  return table;
}

}  // namespace detail

/// Encodes and moves the running disparity on. Precondition: a control character is one of the twelve.
inline CodeGroup encode_8b10b(const Character& character, bool& positive) {
  const ap_uint<5> low = character.octet.range(4, 0);
  const ap_uint<3> high = character.octet.range(7, 5);
  const detail::SubBlock six = character.control && low == 28 ? detail::kSixBitsOfK28 : detail::kSixBits[low];
  const ap_uint<6> first = positive && six.complemented ? ~six.code : six.code;
  positive = positive != six.unbalanced;
  detail::SubBlock four = character.control ? detail::kFourBitsOfControl[high] : detail::kFourBits[high];
  if (!character.control && high == 7 && detail::is_a7(low, positive)) four = detail::kFourBitsOfA7;
  const ap_uint<4> second = positive && four.complemented ? ~four.code : four.code;
  positive = positive != four.unbalanced;
  return CodeGroup((ap_uint<10>(second) << 6) | first);
}

struct DecodedGroup {
  Character character;
  bool valid = false;  ///< the tables have it in the column of the running disparity
};

/// Decodes and moves the running disparity on.
inline DecodedGroup decode_8b10b(const CodeGroup& group, bool& positive) {
  static constexpr detail::SixBitsReceived kSix = detail::six_bits_received();
  static constexpr detail::FourBitsReceived kFour = detail::four_bits_received();
  const ap_uint<6> first = group.range(5, 0);
  const ap_uint<4> second = group.range(9, 6);

  const detail::ReceivedSubBlock six = kSix.of[first];
  const bool k28 = first == (positive ? 0b000011 : 0b111100);
  const bool six_valid = k28 || (positive ? six.after_positive : six.after_negative);
  positive = six.makes_positive || (positive && !six.makes_negative);
  const bool middle = positive;

  const bool seven = second == (middle ? 0b0001 : 0b1110);  // A7, and K.x.7
  const detail::ReceivedSubBlock plain = kFour.of[second];
  const ap_uint<4> turned = k28 && !middle ? ap_uint<4>(~second) : second;
  const detail::ReceivedSubBlock four = kFour.of[turned];
  const ap_uint<5> x = k28 ? 28 : six.value;
  const bool kx = x == 23 || x == 27 || x == 29 || x == 30;
  const bool a7 = detail::is_a7(x, middle);
  bool four_valid = middle ? plain.after_positive : plain.after_negative;
  if (four.value == 7) four_valid = four_valid && !k28 && !a7;
  if (seven) four_valid = k28 || kx || a7;
  positive = plain.makes_positive || (middle && !plain.makes_negative);

  DecodedGroup out;
  out.character.octet = ap_uint<8>((ap_uint<8>(seven ? ap_uint<3>(7) : ap_uint<3>(four.value)) << 5) | x);
  out.character.control = k28 || (seven && kx);
  out.valid = six_valid && four_valid;
  return out;
}

/// The seven bits that stand in K28.1, K28.5 and K28.7 alone (clause 36.2.4.9), from bit 0 of `bits` on.
inline bool is_comma(const ap_uint<7>& bits) { return bits == 0b1111100 || bits == 0b0000011; }

}  // namespace sockwire
