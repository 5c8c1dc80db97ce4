// SPDX-License-Identifier: Apache-2.0
// What is on a pair of 10BASE-T while there is no carrier: link pulses, and how a carrier begins (IEEE 802.3 clauses
// 14.2.1.7 and 14.3.1.3.2). The comparators' thresholds are the amplitude's part of the squelch; here is time's.
//
//   carrier      _+++---+++-   three pulses of 50 to 150 ns, each followed at once by one of the other polarity
//   link pulse   _____+++____  one pulse of 25 to 200 ns, then 200 ns of nothing
//
// A single cycle of a sine of 4 to 16 MHz has two such pulses, one below 2 MHz has none: 14.3.1.3.2 wants them
// rejected.
#pragma once

#include "hls/base/ap_uint.hpp"
#include "hls/line/line_code.hpp"

namespace sockwire {

struct Squelch {
  bool active = false;    ///< a pulse has begun
  bool positive = false;  ///< its polarity
  ap_uint<6> width = 0;   ///< clocks since then, 63 for more
  ap_uint<5> quiet = 0;   ///< clocks without a level, 16 for more
  ap_uint<2> pulses = 0;  ///< right ones before it
};

/// What this clock has shown.
struct SquelchEvent {
  bool carrier = false;     ///< the fourth pulse begins, in this sample
  bool link_pulse = false;  ///< there was one
  bool positive = false;    ///< and its polarity
  bool late = false;  ///< between the two last pulses there was no level for so long that its middle is a sample ago
};

namespace detail {

constexpr unsigned kSquelchWidthMin = 3;   // 37.5 ns: the first half bit has 50 ns, which a cable shortens
constexpr unsigned kSquelchWidthMax = 13;  // 162.5 ns
constexpr unsigned kSquelchPulses = 3;
constexpr unsigned kSquelchQuiet = 16;  // 200 ns
constexpr unsigned kLinkPulseWidthMin = 2;
constexpr unsigned kLinkPulseWidthMax = 16;

}  // namespace detail

inline SquelchEvent squelch_10base_t(Squelch& squelch, const LineLevel& level) {
  const bool present = level == kLevelPositive || level == kLevelNegative;
  const bool positive = level == kLevelPositive;
  const bool turns = present && squelch.active && positive != squelch.positive;
  const bool in_time = squelch.width >= detail::kSquelchWidthMin && squelch.width <= detail::kSquelchWidthMax;
  const bool over = squelch.active && squelch.quiet == detail::kSquelchQuiet;
  const ap_uint<6> alone = squelch.width - detail::kSquelchQuiet;

  SquelchEvent event;
  event.positive = squelch.positive;
  event.link_pulse = over && squelch.pulses == 0 && squelch.width != 63 && alone >= detail::kLinkPulseWidthMin &&
                     alone <= detail::kLinkPulseWidthMax;
  event.carrier = turns && in_time && squelch.pulses == detail::kSquelchPulses - 1;
  event.late = squelch.quiet >= 2;

  if (squelch.width != 63) squelch.width += 1;
  if (present) {
    squelch.quiet = 0;
  } else if (squelch.quiet != detail::kSquelchQuiet) {
    squelch.quiet += 1;
  }
  if (over || event.carrier) {
    squelch.active = present && over;
    squelch.pulses = 0;
    squelch.width = 1;
    squelch.positive = positive;
  } else if (turns || (present && !squelch.active)) {
    squelch.active = true;
    squelch.pulses = turns && in_time ? ap_uint<2>(squelch.pulses + 1) : ap_uint<2>(0);
    squelch.width = 1;
    squelch.positive = positive;
  }
  return event;
}

}  // namespace sockwire
