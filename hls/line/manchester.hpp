// SPDX-License-Identifier: Apache-2.0
// Manchester bits out of eight samples each (IEEE 802.3 clause 7.3.1.1).
//
//   samples     - - - - + + + +         a bit 1: the second half has the value
//               [ first][second]
//   difference  second - first, each of them the sum of four samples of -1, 0 or 1
//
// The difference is worked out in every clock. Over a bit it is largest where the two halves are the bit's: there the
// bit is decided, by its sign, which is what a filter matched to the bit and a slicer do. The differences two samples
// before and two samples after say whether that place comes too late or too early.
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
  bool stretch = false;      ///< this bit has nine samples: phase 4 comes twice
  ap_uint<20> before = 0;    ///< the differences of the four samples before, five bits each, the latest lowest
  ap_uint<6> apart = 32;     ///< what the last sample, were it the second after a bit's last, says; 32 for nothing
  ap_uint<11> drift = 1040;  ///< kDriftNone, and 32 times the mean of what bits were too early by
};

namespace detail {

constexpr unsigned kDriftNone = 1040;  // 32 * 32, and half of what cutting off takes from it
constexpr unsigned kDriftStep = 88;    // a mean of 2.75: half a sample

}  // namespace detail

/// A clock. Two samples after a bit's last one (phase 1) the differences two samples before and after that one are
/// compared: nearer to it they hardly differ after 100 m of cable. One sample off, they are apart by about 5. When
/// their mean says that the place is more than half a sample off, the bit that has begun takes one sample less or more.
/// The mean is over 32 bits, or where `fast` over 8, with weights that decay: a sum of all bits since the last step
/// would sooner or later be large wherever the place is between two samples, and move it to and fro, to the worse one
/// too. A bit that is decided one sample off errs as if there were some 3 dB more noise.
inline void manchester_track(ManchesterClock& clock, const ap_uint<5>& difference, bool fast) {
  // The difference of a bit 1 is positive: if it is larger afterwards, the bit ends later than was thought.
  const bool one = clock.before.range(9, 5) >= 8;
  const ap_uint<5> early = clock.before.range(19, 15);
  const ap_uint<6> later = one ? difference : early;
  const ap_uint<6> sooner = one ? early : difference;
  const ap_uint<11> forgotten = fast ? ap_uint<11>(clock.drift >> 3) : ap_uint<11>(clock.drift >> 5);
  const ap_uint<11> learnt = fast ? ap_uint<11>(ap_uint<11>(clock.apart) << 2) : ap_uint<11>(clock.apart);
  const bool too_early = clock.drift > detail::kDriftNone + detail::kDriftStep;
  const bool too_late = clock.drift < detail::kDriftNone - detail::kDriftStep;
  // A clock for each step: apart, the mean, and what follows from it. The path would be too long for one.
  const bool judge = clock.phase == 3;
  if (clock.phase == 2) {
    clock.drift = clock.drift + learnt - forgotten;
  } else if (judge && (too_early || too_late)) {
    clock.drift = detail::kDriftNone;
  }
  clock.apart = ap_uint<6>(32) + later - sooner;
  ap_uint<3> next = clock.phase + 1;
  if (judge && too_late) next = 5;
  if (clock.stretch) next = 4;
  clock.stretch = judge && too_early;
  clock.phase = next;
  clock.before = (ap_uint<20>(clock.before) << 5) | difference;
}

}  // namespace sockwire
