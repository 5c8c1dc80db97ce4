// SPDX-License-Identifier: Apache-2.0
// 64b/66b bit by bit (IEEE 802.3 clause 49.2): the rows of figure 49-7 as text, each field pushed in the order of the
// wire, and the scrambler as a shift register. Shares nothing with hls/line/code_64b66b.hpp.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "hls/line/line_code.hpp"

namespace sockwire::test {

/// A row of figure 49-7. `lanes`: what the eight lanes are: data, control, start, terminate, ordered set. `fields`:
/// what follows the type, such as D1 (8 bits), C4 (7 bits), O0 (4 bits), or a number of zeros.
struct BlockRow {
  const char* lanes;
  unsigned type;
  const char* fields;
};
inline constexpr BlockRow kBlockRows[] = {
    {"CCCCCCCC", 0x1e, "C0 C1 C2 C3 C4 C5 C6 C7"}, {"CCCCODDD", 0x2d, "C0 C1 C2 C3 O4 D5 D6 D7"},
    {"CCCCSDDD", 0x33, "C0 C1 C2 C3 4 D5 D6 D7"},  {"ODDDSDDD", 0x66, "D1 D2 D3 O0 4 D5 D6 D7"},
    {"ODDDODDD", 0x55, "D1 D2 D3 O0 O4 D5 D6 D7"}, {"SDDDDDDD", 0x78, "D1 D2 D3 D4 D5 D6 D7"},
    {"ODDDCCCC", 0x4b, "D1 D2 D3 O0 C4 C5 C6 C7"}, {"TCCCCCCC", 0x87, "7 C1 C2 C3 C4 C5 C6 C7"},
    {"DTCCCCCC", 0x99, "D0 6 C2 C3 C4 C5 C6 C7"},  {"DDTCCCCC", 0xaa, "D0 D1 5 C3 C4 C5 C6 C7"},
    {"DDDTCCCC", 0xb4, "D0 D1 D2 4 C4 C5 C6 C7"},  {"DDDDTCCC", 0xcc, "D0 D1 D2 D3 3 C5 C6 C7"},
    {"DDDDDTCC", 0xd2, "D0 D1 D2 D3 D4 2 C6 C7"},  {"DDDDDDTC", 0xe1, "D0 D1 D2 D3 D4 D5 1 C7"},
    {"DDDDDDDT", 0xff, "D0 D1 D2 D3 D4 D5 D6"}};

/// Table 49-1.
struct ControlRow {
  unsigned character, code;
};
inline constexpr ControlRow kControlRows[] = {{0x07, 0x00}, {0x1c, 0x2d}, {0x3c, 0x33}, {0x7c, 0x4b},
                                              {0xbc, 0x55}, {0xdc, 0x66}, {0xf7, 0x78}, {0xfe, 0x1e}};

using BitText = std::string;  ///< of 0 and 1, the first on the wire first

inline void push_bits(BitText& bits, unsigned value, int count) {
  for (int i = 0; i < count; ++i) bits += ((value >> i) & 1) != 0 ? '1' : '0';
}

inline unsigned lane_of(const Line<8>& line, int lane) {
  return static_cast<unsigned>(line.data.range(8 * lane + 7, 8 * lane));
}

inline char kind_of_lane(const Line<8>& line, int lane) {
  if (!line.control[lane]) return 'D';
  switch (lane_of(line, lane)) {
    case 0xfb:
      return 'S';
    case 0xfd:
      return 'T';
    case 0x9c:
    case 0x5c:
      return 'O';
    default:
      return 'C';
  }
}

/// The block of eight octets of XGMII, not scrambled; empty if they make none.
inline BitText reference_block(const Line<8>& line) {
  std::string lanes;
  for (int lane = 0; lane < 8; ++lane) lanes += kind_of_lane(line, lane);
  BitText bits;
  if (lanes == "DDDDDDDD") {
    bits = "01";
    for (int lane = 0; lane < 8; ++lane) push_bits(bits, lane_of(line, lane), 8);
    return bits;
  }
  for (const BlockRow& row : kBlockRows) {
    if (lanes != row.lanes) continue;
    bits = "10";
    push_bits(bits, row.type, 8);
    for (const char* at = row.fields; *at != 0; ++at) {
      const int lane = at[1] == 0 || at[1] == ' ' ? 0 : at[1] - '0';
      if (*at == 'D') push_bits(bits, lane_of(line, lane), 8);
      if (*at == 'O') push_bits(bits, lane_of(line, lane) == 0x9c ? 0x0 : 0xf, 4);
      if (*at >= '1' && *at <= '7') push_bits(bits, 0, *at - '0');
      for (const ControlRow& control : kControlRows) {
        if (*at == 'C' && control.character == lane_of(line, lane)) push_bits(bits, control.code, 7);
      }
      if (*at == 'C' || *at == 'D' || *at == 'O') ++at;
    }
    return bits.size() == 66 ? bits : "";
  }
  return "";
}

inline unsigned pull_bits(const BitText& bits, std::size_t& at, int count) {
  unsigned value = 0;
  for (int i = 0; i < count; ++i) value |= (bits[at++] == '1' ? 1u : 0u) << i;
  return value;
}

/// The eight octets of a block, not scrambled. False if it is none.
inline bool reference_lanes(const BitText& bits, Line<8>& line) {
  const auto put = [&line](int lane, unsigned value, bool control) {
    line.data.range(8 * lane + 7, 8 * lane) = value;
    line.control[lane] = control;
  };
  std::size_t at = 2;
  if (bits.substr(0, 2) == "01") {
    for (int lane = 0; lane < 8; ++lane) put(lane, pull_bits(bits, at, 8), false);
    return true;
  }
  if (bits.substr(0, 2) != "10") return false;
  const unsigned type = pull_bits(bits, at, 8);
  for (const BlockRow& row : kBlockRows) {
    if (row.type != type) continue;
    for (int lane = 0; lane < 8; ++lane) {
      if (row.lanes[lane] == 'S') put(lane, 0xfb, true);
      if (row.lanes[lane] == 'T') put(lane, 0xfd, true);
    }
    for (const char* field = row.fields; *field != 0; ++field) {
      if (*field >= '1' && *field <= '7') at += static_cast<std::size_t>(*field - '0');
      if (*field != 'C' && *field != 'D' && *field != 'O') continue;
      const char kind = *field++;
      const int lane = *field - '0';
      if (kind == 'D') put(lane, pull_bits(bits, at, 8), false);
      if (kind == 'O') {
        const unsigned code = pull_bits(bits, at, 4);
        if (code != 0x0 && code != 0xf) return false;
        put(lane, code == 0 ? 0x9c : 0x5c, true);
      }
      if (kind != 'C') continue;
      const unsigned code = pull_bits(bits, at, 7);
      bool known = false;
      for (const ControlRow& control : kControlRows) {
        if (control.code != code) continue;
        put(lane, control.character, true);
        known = true;
      }
      if (!known) return false;
    }
    return true;
  }
  return false;
}

/// Figures 49-8 and 49-10: 58 stages, a bit at a time.
class ShiftRegister58 {
 public:
  explicit ShiftRegister58(bool ones) { stages_.fill(ones); }

  bool scramble(bool bit) {
    const bool out = bit ^ stages_[38] ^ stages_[57];
    shift(out);
    return out;
  }
  bool descramble(bool bit) {
    const bool out = bit ^ stages_[38] ^ stages_[57];
    shift(bit);
    return out;
  }

 private:
  void shift(bool bit) {
    for (std::size_t i = stages_.size() - 1; i > 0; --i) stages_[i] = stages_[i - 1];
    stages_[0] = bit;
  }

  std::array<bool, 58> stages_{};  // S0 to S57
};

}  // namespace sockwire::test
