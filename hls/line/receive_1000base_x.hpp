// SPDX-License-Identifier: Apache-2.0
// From code-groups to GMII (IEEE 802.3 clause 36.2.5.2.2): the receive state machine of figures 36-7a and 36-7b.
// Carrier extension belongs to half duplex: what there is of it, one code-group behind frames of odd length, is shown
// as idle.
#pragma once

#include "hls/line/ordered_sets_1000base_x.hpp"

namespace sockwire {

/// What the last code-group made of the figures' state. kEnd: TRI+RRI; kExtend: TRR+EXTEND and those behind it.
enum class BaseXRxState : std::uint8_t {
  kWaitForK,
  kK,
  kConfigLow,   ///< RX_CB
  kConfigHigh,  ///< RX_CC
  kConfigEnd,   ///< RX_CD
  kInvalid,
  kIdle,
  kFalseCarrier,
  kReceive,
  kEarlyEnd,
  kEnd,
  kExtend
};

struct BaseXReceive {
  BaseXRxState state = BaseXRxState::kWaitForK;
  ReceivedGroup current;
  ReceivedGroup next;
  ReceivedGroup after_next;
  ap_uint<8> config_low = 0;
};

namespace detail {

/// GMII in a frame.
inline Line<1> base_x_octet(const ap_uint<8>& data, bool error) {
  Line<1> out;
  out.valid = true;
  out.data = data;
  out.error = error;
  return out;
}

/// A code-group of a frame, by check_end of clause 36.2.5.1.4.
inline Line<1> base_x_rx_frame(BaseXReceive& rx, ap_uint<kLineCounters>& counted) {
  const ReceivedGroup& group = rx.current;
  const bool config = is_data(rx.next, kD21_5) || is_data(rx.next, kD2_2);
  const bool early = is_control(group, kK28_5) && group.even && is_data(rx.next) &&
                     (is_control(rx.after_next, kK28_5) || (config && is_data(rx.after_next, 0)));
  const bool t = is_control(group, kK29_7);
  const bool r = is_control(group, kK23_7);
  const bool next_r = is_control(rx.next, kK23_7);
  const bool after_r = is_control(rx.after_next, kK23_7);
  if (t && next_r && after_r) {
    rx.state = BaseXRxState::kExtend;
    return Line<1>();
  }
  if (t && next_r && group.even && is_control(rx.after_next, kK28_5)) {
    rx.state = BaseXRxState::kEnd;
    return Line<1>();
  }
  const bool all_r = r && next_r && after_r;
  if (early) rx.state = BaseXRxState::kEarlyEnd;
  if (all_r) rx.state = BaseXRxState::kExtend;
  counted[unsigned(LineCounter::kFrameCut)] = early || all_r;
  return base_x_octet(group.character.octet, !is_data(group));
}

/// A carrier: /S/ begins a frame, anything else does not.
inline Line<1> base_x_rx_carrier(BaseXReceive& rx, ap_uint<kLineCounters>& counted) {
  constexpr unsigned kFalseCarrierData = 0x0E;  // table 35-2
  if (is_control(rx.current, kK27_7)) {
    rx.state = BaseXRxState::kReceive;
    return base_x_octet(0x55, false);
  }
  counted[unsigned(LineCounter::kFalseCarrier)] = rx.state != BaseXRxState::kFalseCarrier;
  rx.state = BaseXRxState::kFalseCarrier;
  Line<1> out;
  out.error = true;
  out.data = kFalseCarrierData;
  return out;
}

/// Figure 36-7a for the code-group behind K28.5, in any set.
inline void base_x_rx_set(BaseXReceive& rx, bool data_mode, ReceivedSet& set) {
  const ReceivedGroup& group = rx.current;
  if (is_data(group, kD21_5) || is_data(group, kD2_2)) {
    rx.state = BaseXRxState::kConfigLow;
  } else if (data_mode || is_data(group)) {
    rx.state = BaseXRxState::kIdle;
    set.idle = true;
  } else {
    rx.state = BaseXRxState::kInvalid;
    set.invalid = true;
  }
}

/// A step for the code-group rx.current. data_mode: xmit=DATA.
inline Line<1> base_x_receive(BaseXReceive& rx, bool data_mode, ReceivedSet& set, ap_uint<kLineCounters>& counted) {
  const ReceivedGroup& group = rx.current;
  const bool k28_5 = is_control(group, kK28_5);
  const bool begins = k28_5 && group.even;
  Line<1> out;
  if (!group.synced) {
    const bool cut = rx.state == BaseXRxState::kReceive;
    counted[unsigned(LineCounter::kFrameCut)] = cut;
    set.invalid = !data_mode;
    rx.state = BaseXRxState::kWaitForK;
    return cut ? base_x_octet(0, true) : out;
  }
  switch (rx.state) {
    case BaseXRxState::kWaitForK:
    case BaseXRxState::kEnd:
      if (begins) rx.state = BaseXRxState::kK;
      break;
    case BaseXRxState::kK:
    case BaseXRxState::kEarlyEnd:
      base_x_rx_set(rx, data_mode, set);
      break;
    case BaseXRxState::kConfigLow:
      rx.config_low = group.character.octet;
      rx.state = is_data(group) ? BaseXRxState::kConfigHigh : BaseXRxState::kInvalid;
      set.invalid = !is_data(group);
      break;
    case BaseXRxState::kConfigHigh:
      set.config = is_data(group);
      set.invalid = !is_data(group);
      set.value = ap_uint<16>((ap_uint<16>(group.character.octet) << 8) | rx.config_low);
      rx.state = is_data(group) ? BaseXRxState::kConfigEnd : BaseXRxState::kInvalid;
      break;
    case BaseXRxState::kConfigEnd:
      rx.state = begins ? BaseXRxState::kK : BaseXRxState::kInvalid;
      set.invalid = !begins;
      break;
    case BaseXRxState::kInvalid:
      rx.state = begins ? BaseXRxState::kK : BaseXRxState::kWaitForK;
      break;
    case BaseXRxState::kIdle:
      if (data_mode && group.carrier) {
        out = base_x_rx_carrier(rx, counted);
      } else if (data_mode || k28_5) {
        rx.state = BaseXRxState::kK;
      } else {
        rx.state = BaseXRxState::kInvalid;
        set.invalid = true;
      }
      break;
    case BaseXRxState::kFalseCarrier:
      if (begins) {
        rx.state = BaseXRxState::kK;
      } else {
        out = base_x_rx_carrier(rx, counted);
      }
      break;
    case BaseXRxState::kReceive:
      out = base_x_rx_frame(rx, counted);
      break;
    case BaseXRxState::kExtend:
      if (begins) rx.state = BaseXRxState::kK;
      if (is_control(group, kK27_7)) out = base_x_rx_carrier(rx, counted);
      break;
  }
  return out;
}

}  // namespace detail

}  // namespace sockwire
