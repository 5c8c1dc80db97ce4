// SPDX-License-Identifier: Apache-2.0
// Manchester bits out of eight samples each (IEEE 802.3 clause 7.3.1.1).
//
//   samples     - - - - + + + +         a bit 1: the second half has the value
//               [ first][second]
//   difference  second - first, each of them the sum of four samples of -1, 0 or 1
//
// The difference is worked out in every clock. Over a bit it is largest where the two halves are the bit's: there the
// bit is decided, by its sign, which is what a filter matched to the bit and a slicer do. The difference a sample
// before and a sample after say whether that place comes too late or too early.
#pragma once

#include "hls/base/ap_uint.hpp"
#include "hls/line/line_code.hpp"

namespace sockwire {

// A sum of four samples is kept as 0 to 8, 4 being zero; a difference as 0 to 16, 8 being zero.

/// The last eight samples.
struct ManchesterWindow {
  ap_uint<16> samples = 0x5555;  ///< two bits each, 0 for negative, 1 for about zero, 2 for positive; the latest lowest
  ap_uint<4> second = 4;         ///< the sum of the latest four
  ap_uint<4> first = 4;          ///< of the four before
};

inline ap_uint<2> manchester_sample(const LineLevel& level, bool inverted) {
  const bool positive = level == kLevelPositive;
  const bool negative = level == kLevelNegative;
  ap_uint<2> sample = 1;
  if (inverted ? negative : positive) sample = 2;
  if (inverted ? positive : negative) sample = 0;
  return sample;
}

inline void manchester_shift(ManchesterWindow& window, const ap_uint<2>& sample) {
  const ap_uint<2> fourth = window.samples.range(7, 6);
  const ap_uint<2> eighth = window.samples.range(15, 14);
  window.second = window.second + sample - fourth;
  window.first = window.first + fourth - eighth;
  window.samples = (ap_uint<16>(window.samples) << 2) | sample;
}

inline ap_uint<5> manchester_difference(const ManchesterWindow& window) {
  return ap_uint<5>(ap_uint<5>(8) + window.second - window.first);
}

/// What the samples of a bit are.
enum class ManchesterKind : std::uint8_t {
  kBit,
  kPositive,  ///< both halves: start of idle
  kNegative,  ///< both halves: start of idle with the wires swapped
  kQuiet,     ///< hardly any level
  kUndecided  ///< the halves differ by nothing
};

/// quiet: for most of the bit there was no level.
inline ManchesterKind manchester_kind(const ManchesterWindow& window, bool quiet) {
  ManchesterKind kind = ManchesterKind::kBit;
  if (window.first == window.second) kind = ManchesterKind::kUndecided;
  if (window.first >= 6 && window.second >= 6) kind = ManchesterKind::kPositive;
  if (window.first <= 2 && window.second <= 2) kind = ManchesterKind::kNegative;
  if (quiet) kind = ManchesterKind::kQuiet;
  return kind;
}

/// Keeps the place of the bits. `phase` is a sample's place in its bit.
struct ManchesterClock {
  ap_uint<3> phase = 0;
  bool stretch = false;    ///< this bit has nine samples: phase 3 comes twice
  ap_uint<20> before = 0;  ///< the differences of the four samples before, five bits each, the latest lowest
  ap_uint<8> drift = 128;  ///< what bits were too early or too late by, summed up; 128 for nothing
};

/// A clock. Two samples after a bit's last one (phase 1) the differences two samples before and after that one are
/// compared: nearer to it they hardly differ after 100 m of cable. When they have said often enough that it was too
/// late or too early, the bit that has begun takes one sample less or more. `patience` is how much it takes: up to 16
/// for each bit, at most 96.
inline void manchester_track(ManchesterClock& clock, const ap_uint<5>& difference, const ap_uint<7>& patience) {
  // The difference of a bit 1 is positive: if it is larger afterwards, the bit ends later than was thought.
  const bool one = clock.before.range(9, 5) >= 8;
  const ap_uint<5> early = clock.before.range(19, 15);
  const ap_uint<8> later = one ? difference : early;
  const ap_uint<8> sooner = one ? early : difference;
  const bool too_early = clock.drift > ap_uint<8>(ap_uint<8>(128) + patience);
  const bool too_late = clock.drift < ap_uint<8>(ap_uint<8>(128) - patience);
  const bool judge = clock.phase == 2;  // a clock after the sum, which is long enough a path
  if (clock.phase == 1) {
    clock.drift = clock.drift + later - sooner;
  } else if (judge && (too_early || too_late)) {
    clock.drift = 128;
  }
  ap_uint<3> next = clock.phase + 1;
  if (judge && too_late) next = 4;
  if (clock.stretch) next = 3;
  clock.stretch = judge && too_early;
  clock.phase = next;
  clock.before = (ap_uint<20>(clock.before) << 5) | difference;
}

}  // namespace sockwire
