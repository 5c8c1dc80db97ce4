// SPDX-License-Identifier: Apache-2.0
// Small questions about a cycle of the wire, asked alike at both widths.
#pragma once

#include <cstdint>

#include "hls/top/ports.hpp"

namespace sockwire::sim {

/// XGMII control characters (IEEE 802.3 table 46-3).
inline constexpr std::uint8_t kXgmiiIdle = 0x07;
inline constexpr std::uint8_t kXgmiiStart = 0xFB;
inline constexpr std::uint8_t kXgmiiTerminate = 0xFD;
inline constexpr std::uint8_t kXgmiiError = 0xFE;

inline constexpr std::uint8_t kPreambleByte = 0x55;
inline constexpr std::uint8_t kStartOfFrame = 0xD5;

inline bool is_idle(const Line<1>& line) { return !line.valid && !line.error && !line.dribble; }
inline bool is_idle(const Line<8>& line) { return line.control == 0xFF && line.data == 0x0707070707070707ULL; }

/// True if a frame that is under way ends in this cycle, so that the next cycle may belong to the next frame. At
/// width 1 a cycle that is not valid ends the frame.
inline bool ends_frame(const Line<1>&) { return false; }
inline bool ends_frame(const Line<8>& line) {
  // The last control character other than idle decides: /T/ ends; /S/ after it would begin the next one.
  for (int lane = 7; lane >= 0; --lane) {
    if (!line.control[lane]) return false;
    const auto byte = static_cast<std::uint8_t>(line.data >> (8 * lane));
    if (byte == kXgmiiTerminate) return true;
    if (byte != kXgmiiIdle) return false;
  }
  return false;
}

/// Octets that a cycle carries.
template <int kBytes>
inline constexpr int kGapCycles =
    kBytes == 1 ? 12 : 2;  ///< the least whole cycles of idle that hold a gap of 12 octets

}  // namespace sockwire::sim
