// SPDX-License-Identifier: Apache-2.0
// 100BASE-TX, receive (IEEE 802.3 clauses 24.2, 24.3 and 25; ANSI X3.263): from levels of MLT-3 to bytes of the MAC. A
// clock brings 0 to 2 symbols, since the far end has a clock of its own. See 100base_tx.md.
//
//   levels -> mlt3_decode -> descramble -> code-groups (receive_100base_x.hpp) -> bytes
//                |               |             ^
//              signal ------> locked --> link monitor
#pragma once

#include "hls/base/stream.hpp"
#include "hls/line/line_code.hpp"
#include "hls/line/mlt3.hpp"
#include "hls/line/receive_100base_x.hpp"
#include "hls/line/stream_cipher.hpp"

namespace sockwire {

/// Clocks without a transition after which there is no signal: 8.2 us, of the 350 us that TP-PMD allows. The longest
/// run that scrambled code-groups can make is far shorter.
constexpr unsigned kStillClocks = 1023;
/// Transitions, with no such pause between them, after which there is one.
constexpr unsigned kSignalTransitions = 63;
/// The stabilize_timer of figure 24-15, 330 us to 1000 us: 330 us and a little.
constexpr unsigned kStabilizeClocks = 41300;

struct SignalDetectState {
  ap_uint<10> still = 0;  ///< clocks since the last transition
  ap_uint<6> transitions = 0;
  bool signal = false;
};

struct Line100BaseTxRxState {
  Mlt3DecoderState mlt3;
  PlainBits coded;         ///< the bits of the clock's levels, still scrambled
  bool violation = false;  ///< of MLT-3, among them
  SignalDetectState detect;
  DescramblerState descrambler;
  PlainBits plain;
  ap_uint<16> stable = 0;  ///< clocks since signal_status is ON
  bool link = false;
  Receive100BaseXState receive;
};

namespace detail {

inline PlainBits decode_levels(Mlt3DecoderState& state, const RecoveredLevels& in, bool& violation) {
  PlainBits bits;
  bits.count = in.count;
  bool first_wrong = false;
  bool second_wrong = false;
  if (in.count != 0) bits.first = mlt3_decode(state, in.first, first_wrong);
  if (in.count[1]) bits.second = mlt3_decode(state, in.second, second_wrong);
  violation = first_wrong || second_wrong;
  return bits;
}

inline void detect_signal(SignalDetectState& state, const PlainBits& bits) {
  const bool transition = (bits.count != 0 && bits.first) || (bits.count[1] && bits.second);
  if (transition) {
    state.still = 0;
    if (state.transitions == kSignalTransitions) state.signal = true;
    state.transitions += 1;
  } else if (state.still == kStillClocks) {
    state.transitions = 0;
    state.signal = false;
  } else {
    state.still += 1;
  }
}

/// Figure 24-15; signal_status is ON while the descrambler is locked. Returns whether the link went down.
inline bool monitor_link(ap_uint<16>& stable, bool& link, bool signal_status, bool short_timer) {
  const bool lost = link && !signal_status;
  if (!signal_status) {
    stable = 0;
    link = false;
  } else if (short_timer ? stable[10] : stable == kStabilizeClocks) {
    link = true;
  } else {
    stable += 1;
  }
  return lost;
}

}  // namespace detail

/// line: what data recovery found in this clock. mac: a byte with carrier, the first clock without, or false carrier
/// (clause 22.2.2.8: not valid, error, 0x0E), whenever mac_enable is set. A frame's bytes are aligned at its SFD; an
/// odd nibble at its end is `dribble`. short_timers: for tests, the link comes up after 1024 clocks; constant false.
inline void line_100base_tx_rx(Line100BaseTxRxState& state, wire<RecoveredLevels>& line, wire<Line<1>>& mac,
                               wire<bool>& mac_enable, wire<LineStatus>& status, pulse<kLineCounters>& counters,
                               wire<bool>& short_timers) {
  ap_uint<kLineCounters> counted = 0;

  // From the last stage to the first: each works on what the one before left in the last clock.
  const ReceivedByte out = receive_100base_x(state.receive, state.plain, state.link, counted);
  mac.write(out.line);
  mac_enable.write(out.enable);

  counted[static_cast<int>(LineCounter::kLinkLost)] =
      detail::monitor_link(state.stable, state.link, state.descrambler.locked, short_timers.read());
  bool lock_lost = false;
  state.plain = descramble(state.descrambler, state.coded, state.detect.signal, lock_lost);
  counted[static_cast<int>(LineCounter::kLockLost)] = lock_lost;
  if (state.violation && state.link) counted[static_cast<int>(LineCounter::kCodeViolation)] = 1;

  detail::detect_signal(state.detect, state.coded);
  state.coded = detail::decode_levels(state.mlt3, line.read(), state.violation);

  LineStatus now;
  now.signal = state.detect.signal;
  now.locked = state.descrambler.locked;
  now.link = state.link;
  status.write(now);
  counters.write(counted);
}

}  // namespace sockwire
