// SPDX-License-Identifier: Apache-2.0
// 10BASE-T, receive: eight samples a bit at 80 MHz to octets (IEEE 802.3 clauses 7 and 14).
//
//   levels -> polarity -> squelch, link pulses -> link test
//                      -> sums over half bits, clock -> a bit -> SFD -> octets
//
//   kIdle --three pulses--> kCarrier --SFD--> kFrame
//     ^                        |                |
//     +------ kDrain <-- two bit times with no bit in them (start of idle, or nothing) --+
//
// A bit goes on one bit time late, when it is known that it is not the beginning of a start of idle.
#pragma once

#include "hls/base/ap_uint.hpp"
#include "hls/base/stream.hpp"
#include "hls/line/line_code.hpp"
#include "hls/line/link_test_10base_t.hpp"
#include "hls/line/manchester.hpp"
#include "hls/line/squelch_10base_t.hpp"
#include "hls/top/ports.hpp"

namespace sockwire {

enum class TenRxStep : std::uint8_t { kIdle, kCarrier, kFrame, kDrain };

struct Line10BaseTRxState {
  TenRxStep step = TenRxStep::kIdle;
  Squelch squelch;
  LinkTest link;
  ManchesterWindow window;
  ManchesterClock clock;
  ap_uint<7> drain = 0;

  bool decided = false;  ///< `bit` and `kind` are of the bit that ended with the last sample
  bool bit = false;
  ManchesterKind kind = ManchesterKind::kBit;
  bool held = false;  ///< the bit before it waits
  bool held_bit = false;
  ManchesterKind held_kind = ManchesterKind::kBit;

  bool deliver = false;  ///< the link was up when the carrier began: the MAC may see it
  ap_uint<8> octet = 0;  ///< the last eight bits, the latest highest
  ap_uint<3> bits = 0;   ///< since the last octet
  bool error = false;    ///< since then something was no bit
  bool end = false;      ///< the MAC is to see the carrier's end
};

namespace detail {

constexpr unsigned kQuietSamples = 5;  // in a row: a zero crossing has two, whatever the cable

/// Whether two bit times without a bit are an end: a start of idle, or its last part, or nothing at all.
inline bool ten_rx_ends(ManchesterKind first, ManchesterKind second) {
  const bool quiet = second == ManchesterKind::kQuiet;
  const bool positive = first == ManchesterKind::kPositive && (quiet || second == ManchesterKind::kPositive);
  const bool negative = first == ManchesterKind::kNegative && (quiet || second == ManchesterKind::kNegative);
  return positive || negative || (first == ManchesterKind::kQuiet && quiet);
}

/// The bit that waited goes on.
inline void ten_rx_bit(Line10BaseTRxState& state, Line<1>& out, bool& enable, ap_uint<kLineCounters>& counted) {
  const ap_uint<8> octet = (state.octet >> 1) | (ap_uint<8>(state.held_bit) << 7);
  const bool bad = state.held_kind != ManchesterKind::kBit;
  const bool error = state.error || bad;
  const bool sfd = state.step == TenRxStep::kCarrier && octet == 0xD5;
  const bool whole = sfd || state.bits == 7;
  counted[static_cast<int>(LineCounter::kCodeViolation)] = bad;
  out.data = octet;
  out.valid = true;
  out.error = error;
  enable = whole && state.deliver;
  if (sfd) state.step = TenRxStep::kFrame;
  state.octet = octet;
  // An octet of the preamble begins with a 1, whichever of its bits was the first to be seen.
  const bool skipped = state.step == TenRxStep::kCarrier && state.bits == 0 && !state.held_bit;
  state.bits = whole || skipped ? ap_uint<3>(0) : ap_uint<3>(state.bits + 1);
  state.error = error && !whole;
}

/// The carrier is over.
inline void ten_rx_end(Line10BaseTRxState& state, Line<1>& out, bool& enable, ap_uint<kLineCounters>& counted) {
  const bool proper = state.held_kind == ManchesterKind::kPositive;
  const bool frame = state.step == TenRxStep::kFrame;
  counted[static_cast<int>(LineCounter::kFalseCarrier)] = !frame;
  counted[static_cast<int>(LineCounter::kLockLost)] = !proper;
  counted[static_cast<int>(LineCounter::kFrameCut)] = frame && !proper;
  // What was cut ends with an octet that is none.
  out.data = state.octet;
  out.valid = true;
  out.error = true;
  enable = state.deliver && frame && !proper;
  state.end = state.deliver;
  state.step = TenRxStep::kDrain;
  state.drain = 0;
}

/// A carrier begins with this sample, in the middle of a bit of the preamble.
inline void ten_rx_begin(Line10BaseTRxState& state, bool late) {
  state.step = TenRxStep::kCarrier;
  state.clock.phase = late ? 6 : 5;
  state.clock.stretch = false;
  state.clock.drift = kDriftNone;
  state.deliver = state.link.pass;
  state.decided = false;
  state.held = false;
  state.octet = 0;
  state.bits = 0;
  state.error = false;
}

/// What a bit time has brought.
inline void ten_rx_decide(Line10BaseTRxState& state, Line<1>& out, bool& enable, LinkTestInput& seen,
                          ap_uint<kLineCounters>& counted) {
  const bool over = state.held && ten_rx_ends(state.held_kind, state.kind);
  if (over) {
    seen.start_of_idle = state.held_kind != ManchesterKind::kQuiet;
    seen.positive = state.held_kind == ManchesterKind::kPositive;
    ten_rx_end(state, out, enable, counted);
  } else if (state.held) {
    ten_rx_bit(state, out, enable, counted);
  }
  state.held = !over;
  state.held_bit = state.bit;
  state.held_kind = state.kind;
}

}  // namespace detail

/// line: the comparators, a sample a clock. short_timers: for tests, the link test's take a 4096th. mac: octets; it
/// counts when `mac_enable` is true, and a clock without `valid` follows each frame. link: to the transmitter, as in
/// status. status, counters: see line_code.hpp.
inline void line_10base_t_rx(Line10BaseTRxState& state, wire<LineLevel>& line, wire<bool>& short_timers,
                             wire<Line<1>>& mac, wire<bool>& mac_enable, wire<LineStatus>& status, wire<bool>& link,
                             pulse<kLineCounters>& counters) {
  const ap_uint<2> sample = manchester_sample(line.read(), state.link.inverted);
  ap_uint<kLineCounters> counted = 0;
  Line<1> out;
  bool enable = false;
  LinkTestInput seen;

  const bool carrier = state.step == TenRxStep::kCarrier || state.step == TenRxStep::kFrame;
  if (state.end) {
    out.dribble = state.bits != 0;
    enable = true;
    state.end = false;
  } else if (state.decided && carrier) {
    detail::ten_rx_decide(state, out, enable, seen, counted);
  }

  manchester_shift(state.window, sample);
  const ap_uint<5> difference = manchester_difference(state.window);
  state.decided = state.clock.phase == 7;
  state.bit = difference >= 8;
  state.kind = manchester_kind(state.window, state.squelch.quiet >= detail::kQuietSamples);
  manchester_track(state.clock, difference, state.step != TenRxStep::kFrame);

  LineLevel level = kLevelZero;
  if (sample == 2) level = kLevelPositive;
  if (sample == 0) level = kLevelNegative;
  const SquelchEvent event = squelch_10base_t(state.squelch, level);
  const bool idle = state.step == TenRxStep::kIdle;
  if (idle && event.carrier) detail::ten_rx_begin(state, event.late);
  if (idle && event.link_pulse) {
    seen.pulse = true;
    seen.positive = event.positive;
  }
  if (state.step == TenRxStep::kDrain) {
    if (state.squelch.quiet >= 8 || state.drain == 127) state.step = TenRxStep::kIdle;
    state.drain += 1;
  }
  seen.carrier = state.step == TenRxStep::kCarrier || state.step == TenRxStep::kFrame;
  const bool lost = link_test_10base_t(state.link, seen, short_timers.read());
  counted[static_cast<int>(LineCounter::kLinkLost)] = lost;

  LineStatus now;
  now.signal = state.link.signal;
  now.locked = seen.carrier;
  now.link = state.link.pass;
  now.inverted = state.link.inverted;
  mac.write(out);
  mac_enable.write(enable);
  status.write(now);
  link.write(state.link.pass);
  counters.write(counted);
}

}  // namespace sockwire
