// SPDX-License-Identifier: Apache-2.0
// 10BASE-T, transmit: octets to levels (IEEE 802.3 clauses 7.3.1.1 and 14.2.1), eight levels a bit at 80 MHz.
//
//   an octet, low bit first  bit 1: four clocks negative, four positive; bit 0 the other way round
//   after the last octet     start of idle: positive for 250 ns more, then zero                 14.3.1.2.1
//   nothing to send          a link pulse, positive for 100 ns, every 13.1 ms (16 +- 8)         14.2.1.7
//   sent for 26 ms (20-150)  jabber: nothing but link pulses, until there was nothing to send
//                            for 419 ms (500 +- 250)                                            14.2.1.6
//   the link test fails      nothing but link pulses; a frame that is cut by it, or that began before it
//                            passed, is not sent on                                             figure 14-6
//
// The code has no error to send: a frame that the MAC cuts off goes out with its wrong FCS.
#pragma once

#include "hls/base/ap_uint.hpp"
#include "hls/base/stream.hpp"
#include "hls/line/line_code.hpp"
#include "hls/top/ports.hpp"

namespace sockwire {

/// What is driven in the 64 clocks of an octet.
enum class TenTxStep : std::uint8_t { kIdle, kData, kStartOfIdle, kLinkPulse };

struct Line10BaseTTxState {
  TenTxStep step = TenTxStep::kIdle;
  ap_uint<6> clock = 0;  ///< of the octet: bits 5:3 its bit, bit 2 which half of it
  ap_uint<8> octet = 0;
  bool jabber = false;
  bool misses = false;    ///< what the MAC sends began, or went on, while the link test failed
  ap_uint<26> timer = 0;  ///< clocks since what is driven began; in a jabber the upper bits since the MAC was idle
};

namespace detail {

constexpr unsigned kStartOfIdleClocks = 20;
constexpr unsigned kLinkPulseClocks = 8;
constexpr int kLinkPulseBit = 20;    ///< of the timer: 2^20 clocks are 13.1 ms
constexpr int kJabberBit = 21;       ///< 26.2 ms
constexpr int kUnjabBit = 25;        ///< 419 ms
constexpr int kShortTimerBits = 12;  ///< with `short_timers` link pulses come so many powers of two more often

/// The first clock of an octet: what is driven until the next one.
inline void ten_tx_begin(Line10BaseTTxState& state, const Line<1>& in, bool link, bool short_timers) {
  const bool was_data = state.step == TenTxStep::kData;
  const bool soon = state.timer.range(kLinkPulseBit - kShortTimerBits - 1, 6) == 0;
  const bool pulse_due =
      soon && (short_timers || state.timer.range(kLinkPulseBit - 1, kLinkPulseBit - kShortTimerBits) == 0);
  const bool too_long = was_data && state.timer[kJabberBit];
  state.misses = in.valid && (state.misses || !link);
  if (in.valid && !state.jabber && !too_long && !state.misses) {
    if (!was_data) state.timer = 0;
    state.step = TenTxStep::kData;
    state.octet = in.data;
    return;
  }
  if (state.jabber && in.valid) {
    state.timer.range(kUnjabBit, kLinkPulseBit) = 0;
  } else if (state.timer[kUnjabBit]) {
    state.jabber = false;
  }
  if (was_data) {
    state.jabber = in.valid && too_long;
    state.step = TenTxStep::kStartOfIdle;
    state.timer = 0;
  } else {
    state.step = pulse_due ? TenTxStep::kLinkPulse : TenTxStep::kIdle;
  }
}

}  // namespace detail

/// mac: what the MAC drives; it counts in the clock in which `mac_enable` shows true, one in 64.
/// link: the link test passes. short_timers: for tests, link pulses every 3.2 us. line: to the driver.
inline void line_10base_t_tx(Line10BaseTTxState& state, wire<Line<1>>& mac, wire<bool>& link, wire<bool>& short_timers,
                             wire<bool>& mac_enable, wire<LineLevel>& line) {
  const Line<1> in = mac.read();
  const bool passes = link.read();
  const bool often = short_timers.read();
  if (state.clock == 0) detail::ten_tx_begin(state, in, passes, often);

  // Clause 7.3.1.1: the second half of a bit has its value, the first the complement.
  const bool value = state.octet[0] == state.clock[2];
  bool positive = false;
  if (state.step == TenTxStep::kData) positive = value;
  if (state.step == TenTxStep::kStartOfIdle) positive = state.clock < detail::kStartOfIdleClocks;
  if (state.step == TenTxStep::kLinkPulse) positive = state.clock < detail::kLinkPulseClocks;
  LineLevel level = kLevelZero;
  if (positive) {
    level = kLevelPositive;
  } else if (state.step == TenTxStep::kData) {
    level = kLevelNegative;
  }
  line.write(level);
  mac_enable.write(state.clock == 63);

  if (state.clock.range(2, 0) == 7) state.octet = state.octet >> 1;
  state.clock += 1;
  state.timer += 1;
}

}  // namespace sockwire
