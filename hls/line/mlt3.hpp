// SPDX-License-Identifier: Apache-2.0
// MLT-3 (ANSI X3.263 clause 7): a one moves on in the cycle zero, positive, zero, negative; a zero stays. TP-PMD
// turns the NRZI of clause 24.3 back into NRZ before its cipher, so that what is left of NRZI is MLT-3's own memory.
#pragma once

#include "hls/line/line_code.hpp"

namespace sockwire {

/// The place in the cycle: 1 is positive, 3 negative.
typedef ap_uint<2> Mlt3Phase;

inline Mlt3Phase mlt3_encode(const Mlt3Phase& phase, bool one) { return Mlt3Phase(phase + (one ? 1U : 0U)); }

inline LineLevel mlt3_level(const Mlt3Phase& phase) {
  return phase == 1 ? LineLevel(kLevelPositive) : LineLevel(phase == 3 ? kLevelNegative : kLevelZero);
}

struct Mlt3DecoderState {
  LineLevel last = kLevelZero;
  bool was_positive = false;  ///< the last level but zero
};

/// Returns the bit. `violation` is set at a level that no cycle has: from one polarity to the other, twice the same
/// polarity across a zero, or both comparators at once, which counts as zero.
inline bool mlt3_decode(Mlt3DecoderState& state, const LineLevel& level, bool& violation) {
  const bool both = level == 3;
  const LineLevel now = both ? LineLevel(kLevelZero) : level;
  const bool one = now != state.last;
  const bool from_zero = state.last == kLevelZero;
  violation = both;
  if (one && now != kLevelZero) {
    const bool positive = now == kLevelPositive;
    violation = !from_zero || positive == state.was_positive;
    state.was_positive = positive;
  }
  state.last = now;
  return one;
}

}  // namespace sockwire
