// SPDX-License-Identifier: Apache-2.0
// What the tests of all line codes want to know of a symbol, whatever its type: whether two are the same, what else it
// could have been, and how what one end drives becomes what the other sees.
#pragma once

#include <bit>
#include <cstdint>
#include <random>
#include <vector>

#include "hls/line/line_code.hpp"

namespace sockwire::test {

// ---- equality -------------------------------------------------------------------------------------------------------

template <int kBits>
bool same(const ap_uint<kBits>& a, const ap_uint<kBits>& b) {
  return a == b;
}
inline bool same(const RecoveredLevels& a, const RecoveredLevels& b) {
  return a.count == b.count && a.first == b.first && a.second == b.second;
}
inline bool same(const Block66& a, const Block66& b) { return a.sync == b.sync && a.data == b.data; }
inline bool same(const Line<1>& a, const Line<1>& b) {
  return a.data == b.data && a.valid == b.valid && a.error == b.error && a.dribble == b.dribble;
}
inline bool same(const Line<8>& a, const Line<8>& b) { return a.data == b.data && a.control == b.control; }
inline bool same(const LineStatus& a, const LineStatus& b) {
  return a.signal == b.signal && a.locked == b.locked && a.link == b.link && a.inverted == b.inverted;
}

// ---- other values ---------------------------------------------------------------------------------------------------

/// How many other values the exhaustive test puts in place of a symbol.
inline int alternatives(const LineLevel&) { return 2; }
inline int alternatives(const RecoveredLevels&) { return 2; }
inline int alternatives(const Block66&) { return 66; }  // each bit flipped
/// Number `which` of them, from 0.
inline LineLevel alternative(const LineLevel& level, int which) {
  return (level + 1 + static_cast<unsigned>(which)) % 3;
}
inline RecoveredLevels alternative(const RecoveredLevels& levels, int which) {
  RecoveredLevels out = levels;
  out.first = alternative(levels.first, which);
  return out;
}
inline Block66 alternative(const Block66& block, int which) {
  Block66 out = block;
  if (which < 2) {
    out.sync = block.sync ^ (1u << which);
  } else {
    out.data = block.data ^ (std::uint64_t{1} << (which - 2));
  }
  return out;
}

/// All code-groups of 8b/10b, and a few more, by what its sub-blocks have in common and not by its tables (IEEE 802.3
/// clause 36.2.4): at most five equal bits in a row, no disparity but 0 and +-2 in either sub-block, and the two not in
/// the same direction.
inline bool is_code_group(unsigned bits) {
  const int six = 2 * std::popcount(bits & 0x3Fu) - 6;
  const int four = 2 * std::popcount(bits >> 6) - 4;
  if (six < -2 || six > 2 || four < -2 || four > 2 || six + four < -2 || six + four > 2) return false;
  for (int run = 0; run + 5 < 10; ++run) {
    const unsigned six_bits = (bits >> run) & 0x3F;
    if (six_bits == 0 || six_bits == 0x3F) return false;
  }
  return true;
}
inline int alternatives(const CodeGroup& group) {
  int count = 10;  // each bit flipped, then each other code-group
  for (unsigned bits = 0; bits < 1024; ++bits) count += bits != group && is_code_group(bits);
  return count;
}
inline CodeGroup alternative(const CodeGroup& group, int which) {
  if (which < 10) return group ^ (1u << which);
  which -= 10;
  for (unsigned bits = 0; bits < 1024; ++bits) {
    if (bits == group || !is_code_group(bits)) continue;
    if (which-- == 0) return bits;
  }
  return group;
}

// ---- noise ----------------------------------------------------------------------------------------------------------

inline LineLevel garbled(const LineLevel&, std::mt19937& random) { return random() & 3; }
inline RecoveredLevels garbled(const RecoveredLevels& levels, std::mt19937& random) {
  RecoveredLevels out = levels;
  const unsigned what = random() % 4;
  if (what == 0) out.count = random() & 3;
  if (what != 1) out.first = random() & 3;
  if (what != 2) out.second = random() & 3;
  return out;
}
inline CodeGroup garbled(const CodeGroup& group, std::mt19937& random) {
  return random() % 2 == 0 ? ap_uint<10>(group ^ (1u << random() % 10)) : ap_uint<10>(random());
}
inline Block66 garbled(const Block66& block, std::mt19937& random) {
  Block66 out = alternative(block, static_cast<int>(random() % 66));
  if (random() % 4 == 0) out.sync = random();
  if (random() % 8 == 0) out.data = (std::uint64_t{random()} << 32) | random();
  return out;
}

// ---- from one end to the other --------------------------------------------------------------------------------------

/// What the other end sees in the clock in which this end drives `symbol`. `alignment` is where the other end's symbols
/// begin, in bits, below kAlignments; codes whose symbol is not cut out of a stream of bits have one.
template <typename TxSymbol, typename RxSymbol>
class Join;

template <>
class Join<LineLevel, LineLevel> {
 public:
  static constexpr int kAlignments = 1;
  LineLevel carry(const LineLevel& symbol, int /*alignment*/) { return symbol; }
};

template <>
class Join<LineLevel, RecoveredLevels> {
 public:
  static constexpr int kAlignments = 1;
  RecoveredLevels carry(const LineLevel& symbol, int /*alignment*/) {
    RecoveredLevels out;
    out.count = 1;
    out.first = symbol;
    return out;
  }
};

template <>
class Join<CodeGroup, CodeGroup> {
 public:
  static constexpr int kAlignments = 10;
  CodeGroup carry(const CodeGroup& symbol, int alignment) {
    const std::uint64_t both = previous_ | (symbol << 10);
    previous_ = symbol;
    return both >> (10 - alignment);
  }

 private:
  CodeGroup previous_ = 0;
};

template <>
class Join<Block66, Block66> {
 public:
  static constexpr int kAlignments = 66;
  Block66 carry(const Block66& symbol, int alignment) {
    Block66 out;
    for (int bit = 0; bit < 66; ++bit) {
      const int at = bit - alignment;
      put(out, bit, at >= 0 ? get(symbol, at) : get(previous_, at + 66));
    }
    previous_ = symbol;
    return out;
  }

 private:
  static bool get(const Block66& block, int bit) { return bit < 2 ? block.sync[bit] : block.data[bit - 2]; }
  static void put(Block66& block, int bit, bool value) {
    if (bit < 2) {
      block.sync[bit] = value;
    } else {
      block.data[bit - 2] = value;
    }
  }

  Block66 previous_;
};

}  // namespace sockwire::test
