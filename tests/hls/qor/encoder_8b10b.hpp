// SPDX-License-Identifier: Apache-2.0
// The 8b/10b transmission code (IEEE 802.3 clause 36.2.4, tables 36-1a and 36-2).
#pragma once

#include "hls/base/ap_uint.hpp"
#include "hls/base/stream.hpp"

namespace sockwire {

/// A D character, or one of the twelve K characters (K28.0 to K28.7, K23.7, K27.7, K29.7, K30.7).
struct Character {
  ap_uint<8> octet = 0;  ///< HGFEDCBA
  bool control = false;
};

/// A sub-block's code while the running disparity is negative.
struct SubBlock {
  std::uint8_t code;
  bool complemented;  ///< while it is positive the code is the complement
  bool unbalanced;    ///< it changes the running disparity
};

/// abcdei by EDCBA.
constexpr SubBlock kSixBits[32] = {
    {0b100111, true, true},   {0b011101, true, true},   {0b101101, true, true},   {0b110001, false, false},
    {0b110101, true, true},   {0b101001, false, false}, {0b011001, false, false}, {0b111000, true, false},
    {0b111001, true, true},   {0b100101, false, false}, {0b010101, false, false}, {0b110100, false, false},
    {0b001101, false, false}, {0b101100, false, false}, {0b011100, false, false}, {0b010111, true, true},
    {0b011011, true, true},   {0b100011, false, false}, {0b010011, false, false}, {0b110010, false, false},
    {0b001011, false, false}, {0b101010, false, false}, {0b011010, false, false}, {0b111010, true, true},
    {0b110011, true, true},   {0b100110, false, false}, {0b010110, false, false}, {0b110110, true, true},
    {0b001110, false, false}, {0b101110, true, true},   {0b011110, true, true},   {0b101011, true, true}};
constexpr SubBlock kSixBitsOfK28 = {0b001111, true, true};

/// fghj by HGF.
constexpr SubBlock kFourBits[8] = {{0b1011, true, true},   {0b1001, false, false}, {0b0101, false, false},
                                   {0b1100, true, false},  {0b1101, true, true},   {0b1010, false, false},
                                   {0b0110, false, false}, {0b1110, true, true}};
constexpr SubBlock kFourBitsOfControl[8] = {{0b1011, true, true},  {0b0110, true, false}, {0b1010, true, false},
                                            {0b1100, true, false}, {0b1101, true, true},  {0b0101, true, false},
                                            {0b1001, true, false}, {0b0111, true, true}};
constexpr SubBlock kFourBitsOfA7 = {0b0111, true, true};

struct Encoder8b10bState {
  bool positive = false;  ///< running disparity
};

/// code: abcdeifghj, bit a in bit 9 and first on the wire.
inline void encoder_8b10b(Encoder8b10bState& state, stream<Character>& character, stream<ap_uint<10>>& code) {
  const Character in = character.read();
  const ap_uint<5> low = in.octet.range(4, 0);
  const ap_uint<3> high = in.octet.range(7, 5);

  const SubBlock six = in.control && low == 28 ? kSixBitsOfK28 : kSixBits[low];
  const ap_uint<6> first = state.positive && six.complemented ? ~six.code : six.code;
  state.positive = state.positive != six.unbalanced;

  SubBlock four = in.control ? kFourBitsOfControl[high] : kFourBits[high];
  // D.x.A7, where D.x.P7 would make a run of five.
  const bool a7 = state.positive ? low == 11 || low == 13 || low == 14 : low == 17 || low == 18 || low == 20;
  if (!in.control && high == 7 && a7) four = kFourBitsOfA7;
  const ap_uint<4> second = state.positive && four.complemented ? ~four.code : four.code;
  state.positive = state.positive != four.unbalanced;

  code.write(ap_uint<10>((ap_uint<10>(first) << 4) | second));
}

}  // namespace sockwire
