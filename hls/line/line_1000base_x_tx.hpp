// SPDX-License-Identifier: Apache-2.0
// 1000BASE-X transmit (IEEE 802.3 clause 36): GMII to code-groups, the state machines of figures 36-5 and 36-6.
//
//   /C/  K28.5 D21.5 lo hi, K28.5 D2.2 lo hi   while auto-negotiation goes on
//   /I/  K28.5 D5.6 or K28.5 D16.2             so that the running disparity is negative afterwards
//        /S/ 55 55 55 55 55 55 d5 .. /T/ /R/   a frame; one more /R/ if the next would be odd
//
// Sets begin on even code-groups. /S/ stands for the octet of the preamble that comes then: at an odd one the
// preamble loses its first (clause 36.2.4.14).
#pragma once

#include "hls/line/ordered_sets_1000base_x.hpp"

namespace sockwire {

/// What the next code-group is. kSet: the first of a set, on an even place.
enum class BaseXTxStep : std::uint8_t { kSet, kIdle, kConfig, kConfigLow, kConfigHigh, kData, kEnd };

struct Line1000BaseXTxState {
  BaseXTxStep step = BaseXTxStep::kSet;
  bool odd = false;        ///< the next code-group's place
  bool armed = false;      ///< the next carrier of the MAC is a frame from its beginning
  bool second = false;     ///< the next /C/ is /C2/
  bool positive = false;   ///< running disparity
  bool flip = false;       ///< the idle that began is /I1/
  bool error = false;      ///< the frame's first octet had an error: it follows /S/
  ap_uint<16> config = 0;  ///< of the /C/ that is being sent
};

namespace detail {

/// The first of a set: in a frame that auto-negotiation interrupts too.
inline Character base_x_tx_set(Line1000BaseXTxState& state, const Line<1>& in, const Negotiation& negotiation) {
  Character out;
  out.control = true;
  out.octet = kK28_5;
  if (negotiation.xmit == Xmit::kConfiguration) {
    state.config = negotiation.config;
    state.step = BaseXTxStep::kConfig;
  } else if (negotiation.xmit == Xmit::kData && in.valid && state.armed) {
    out.octet = kK27_7;
    state.error = in.error;
    state.step = BaseXTxStep::kData;
  } else {
    state.flip = state.positive;
    state.step = BaseXTxStep::kIdle;
  }
  return out;
}

inline Character base_x_tx_data(Line1000BaseXTxState& state, const Line<1>& in, bool interrupted) {
  Character out;
  out.control = !in.valid || in.error || state.error || interrupted;
  out.octet = in.data;
  if (out.control) out.octet = in.valid || interrupted ? kK30_7 : kK29_7;
  if (!in.valid && !interrupted) state.step = BaseXTxStep::kEnd;
  state.error = false;
  return out;
}

}  // namespace detail

/// mac: GMII, an octet each clock; mac_enable: always, from the first clock on.
inline void line_1000base_x_tx(Line1000BaseXTxState& state, wire<Line<1>>& mac, wire<bool>& mac_enable,
                               wire<Negotiation>& negotiation, wire<CodeGroup>& line) {
  const Line<1> in = mac.read();
  const Negotiation order = negotiation.read();
  const bool interrupted = order.xmit != Xmit::kData;
  Character out;
  switch (state.step) {
    case BaseXTxStep::kSet:
      out = detail::base_x_tx_set(state, in, order);
      break;
    case BaseXTxStep::kIdle:
      out.octet = state.flip ? kD5_6 : kD16_2;
      state.step = BaseXTxStep::kSet;
      break;
    case BaseXTxStep::kConfig:
      out.octet = state.second ? kD2_2 : kD21_5;
      state.second = !state.second;
      state.step = BaseXTxStep::kConfigLow;
      break;
    case BaseXTxStep::kConfigLow:
      out.octet = state.config.range(7, 0);
      state.step = BaseXTxStep::kConfigHigh;
      break;
    case BaseXTxStep::kConfigHigh:
      out.octet = state.config.range(15, 8);
      state.step = BaseXTxStep::kSet;
      break;
    case BaseXTxStep::kData:
      if (interrupted && !state.odd) {
        out = detail::base_x_tx_set(state, in, order);
      } else {
        out = detail::base_x_tx_data(state, in, interrupted);
      }
      break;
    case BaseXTxStep::kEnd:
      out.control = true;
      out.octet = kK23_7;
      if (state.odd) state.step = BaseXTxStep::kSet;
      break;
  }
  state.armed = !interrupted && (state.armed || !in.valid);
  state.odd = !state.odd;
  line.write(encode_8b10b(out, state.positive));
  mac_enable.write(true);
}

}  // namespace sockwire
