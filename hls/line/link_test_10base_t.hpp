// SPDX-License-Identifier: Apache-2.0
// 10BASE-T's link integrity test (IEEE 802.3 clause 14.2.1.7, figure 14-6) and the polarity of the pair.
//
//   PASS --nothing for 105 ms--> FAIL --3 pulses, each 3.3 to 105 ms after the one before--> PASS
//                                     --a carrier, once it is over-->
//
// Link pulses and starts of idle are positive. Three in a row that are negative say that the wires are swapped, and
// what is received is inverted from then on.
#pragma once

#include "hls/base/ap_uint.hpp"

namespace sockwire {

struct LinkTest {
  bool pass = false;
  bool signal = false;          ///< link_loss_timer runs
  ap_uint<24> timer = 0;        ///< clocks since something came; stops at the link loss time
  ap_uint<2> pulses = 0;        ///< link_count
  bool waits_for_idle = false;  ///< LINK TEST FAIL EXTEND: a carrier came while the link was down
  bool inverted = false;
  ap_uint<2> wrong = 0;  ///< pulses in a row with the wrong polarity
};

namespace detail {

constexpr int kLinkMinBit = 18;      ///< link_test_min_timer, 2 to 7 ms: 2^18 clocks are 3.3 ms
constexpr int kLinkLossBit = 23;     ///< link_loss_timer, 50 to 150 ms, and link_test_max_timer, 25 to 150 ms: 105 ms
constexpr int kShortLinkBits = 12;   ///< with `short_timers` both are so many powers of two shorter
constexpr unsigned kLinkPulses = 3;  ///< lc_max, 2 to 10
constexpr unsigned kWrongPulses = 3;

}  // namespace detail

/// What happened in this clock.
struct LinkTestInput {
  bool pulse = false;          ///< a link pulse is over
  bool start_of_idle = false;  ///< a carrier ended with one
  bool positive = false;       ///< the polarity of either, as received after correction
  bool carrier = false;        ///< there is one
};

/// Returns whether the link was lost in this clock.
inline bool link_test_10base_t(LinkTest& test, const LinkTestInput& in, bool short_timers) {
  constexpr int kLossBit = detail::kLinkLossBit;
  constexpr int kMinBit = detail::kLinkMinBit;
  constexpr int kShort = detail::kShortLinkBits;
  const bool expired = test.timer[kLossBit] || (short_timers && test.timer[kLossBit - kShort]);
  const bool long_enough = test.timer.range(kLossBit, kMinBit) != 0 ||
                           (short_timers && test.timer.range(kMinBit - 1, kMinBit - kShort) != 0);
  const bool good_pulse = in.pulse && in.positive;
  const bool lost = test.pass && expired && !in.carrier && !in.pulse;

  if (lost) {
    test.pass = false;
    test.pulses = 0;
  } else if (!test.pass) {
    if (in.carrier) {
      test.waits_for_idle = true;
    } else if (test.waits_for_idle || test.pulses == detail::kLinkPulses) {
      test.pass = true;
      test.waits_for_idle = false;
    } else if (good_pulse) {
      test.pulses = (long_enough && !expired) || test.pulses == 0 ? ap_uint<2>(test.pulses + 1) : ap_uint<2>(0);
    } else if (expired || in.pulse) {
      test.pulses = 0;
    }
  }

  if (in.pulse || in.carrier) {
    test.timer = 0;
    test.signal = true;
  } else if (expired) {
    test.signal = false;
  } else {
    test.timer += 1;
  }

  if (in.pulse || in.start_of_idle) {
    const bool swap = !in.positive && test.wrong == detail::kWrongPulses - 1;
    test.wrong = in.positive || swap ? ap_uint<2>(0) : ap_uint<2>(test.wrong + 1);
    if (swap) test.inverted = !test.inverted;
  }
  return lost;
}

}  // namespace sockwire
