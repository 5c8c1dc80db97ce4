// SPDX-License-Identifier: Apache-2.0
// 4B/5B (IEEE 802.3 table 24-1). A code-group's bit 4 is the first on the wire (clause 24.2.2.1).
#pragma once

#include "hls/base/ap_uint.hpp"

namespace sockwire {

/// The code-groups that are no data, by their letters.
constexpr unsigned kGroupI = 0x1F;  ///< 11111, idle
constexpr unsigned kGroupJ = 0x18;  ///< 11000, first of the start-of-stream delimiter
constexpr unsigned kGroupK = 0x11;  ///< 10001, second of it
constexpr unsigned kGroupT = 0x0D;  ///< 01101, first of the end-of-stream delimiter
constexpr unsigned kGroupR = 0x07;  ///< 00111, second of it
constexpr unsigned kGroupH = 0x04;  ///< 00100, halt: a transmit error

/// A code-group as a nibble of data, or none.
struct Decoded4b5b {
  ap_uint<4> nibble = 0;
  bool data = false;
};

namespace detail {

constexpr std::uint8_t kCode4b5b[16] = {0x1E, 0x09, 0x14, 0x15, 0x0A, 0x0B, 0x0E, 0x0F,
                                        0x12, 0x13, 0x16, 0x17, 0x1A, 0x1B, 0x1C, 0x1D};

/// By code-group: the nibble, or 16.
constexpr std::uint8_t kNibble4b5b[32] = {16, 16, 16, 16, 16, 16, 16, 16, 16, 1,  4,  5,  16, 16, 6, 7,
                                          16, 16, 8,  9,  2,  3,  10, 11, 16, 16, 12, 13, 14, 15, 0, 16};

}  // namespace detail

inline ap_uint<5> encode_4b5b(const ap_uint<4>& nibble) { return detail::kCode4b5b[nibble]; }

inline Decoded4b5b decode_4b5b(const ap_uint<5>& group) {
  const ap_uint<5> found = detail::kNibble4b5b[group];
  Decoded4b5b out;
  out.nibble = found.range(3, 0);
  out.data = !found[4];
  return out;
}

}  // namespace sockwire
