// SPDX-License-Identifier: Apache-2.0
// 10GBASE-R receive (IEEE 802.3 clause 49.2): 66 bits of any alignment to XGMII. Each step of the pipeline is a clock:
//
//   line ->  align    66 of the last 132 bits, from where the block lock says      -> aligned
//            lock     block lock (figure 49-12), BER monitor (figure 49-13)        -> offset, locked, hi_ber
//            decode   descrambler, R_TYPE, DECODE                                  -> decoded
//            receive  the state machine of figure 49-15, which looks a block ahead -> mac
#pragma once

#include "hls/line/code_64b66b.hpp"

namespace sockwire {

/// The states of figure 49-15: what the last block was.
enum class BaseRRxState : std::uint8_t { kInit, kControl, kData, kTerminate, kError };

struct Line10GBaseRRxState {
  Block66 previous;         ///< of the line
  ap_uint<7> offset = 0;    ///< where blocks begin in it, 0 to 65
  Block66 aligned;          ///< a block, if the offset is right
  bool signal = false;      ///< the bits of the line are not all alike
  ap_uint<2> settling = 0;  ///< blocks to come that the last slip had no part in

  bool locked = false;
  ap_uint<6> headers = 0;      ///< sh_cnt of figure 49-12
  ap_uint<4> bad_headers = 0;  ///< sh_invalid_cnt

  bool hi_ber = false;
  ap_uint<4> ber = 0;          ///< ber_cnt of figure 49-13
  ap_uint<15> ber_clocks = 0;  ///< since its timer started

  ap_uint<58> history = 0;
  DecodedBlock decoded;
  DecodedBlock next;
  bool was_locked = false;
  bool was_linked = false;
  BaseRRxState state = BaseRRxState::kInit;
};

namespace detail {

/// 66 bits of `older` and then `newer`, from bit `offset` of `older` on.
inline Block66 base_r_align(const Block66& older, const Block66& newer, const ap_uint<7>& offset) {
  ap_uint<66> low = (ap_uint<66>(older.data) << 2) | older.sync;
  ap_uint<66> high = (ap_uint<66>(newer.data) << 2) | newer.sync;
  for (int step = 6; step >= 0; --step) {
    const int bits = 1 << step;
    if (!offset[step]) continue;
    low = (low >> bits) | (high << (66 - bits));
    high = high >> bits;
  }
  Block66 out;
  out.sync = low.range(1, 0);
  out.data = low >> 2;
  return out;
}

inline bool base_r_signal(const Block66& block) {
  const bool zeros = block.sync == 0 && block.data == 0;
  const bool ones = block.sync == 3 && block.data == ap_uint<64>(~std::uint64_t(0));
  return !zeros && !ones;
}

/// Figure 49-12, a header a clock. Once a slip is asked for, the next block is still cut where the last was.
inline void base_r_lock(Line10GBaseRRxState& state, bool valid) {
  if (!state.signal) {
    state.locked = false;
    state.headers = 0;
    state.bad_headers = 0;
    return;
  }
  if (state.settling != 0) {
    state.settling -= 1;
    return;
  }
  const bool sixteenth = state.bad_headers == 15;
  const bool slip = !valid && (!state.locked || sixteenth);
  const bool last = state.headers == 63;
  const bool any_bad = state.bad_headers != 0 || !valid;
  state.headers += 1;
  if (!valid) state.bad_headers += 1;
  if (slip) {
    state.locked = false;
    state.offset = state.offset == 65 ? ap_uint<7>(0) : ap_uint<7>(state.offset + 1);
    state.settling = 1;
  } else if (last && !any_bad) {
    state.locked = true;
  }
  if (slip || last) {
    state.headers = 0;
    state.bad_headers = 0;
  }
}

/// Figure 49-13: hi_ber from the sixteenth bad header in 125 us on, until there are fewer in such a time.
inline void base_r_ber(Line10GBaseRRxState& state, bool valid) {
  constexpr unsigned kClocks = 19531;  // 125 us at 156.25 MHz
  if (!state.locked) {
    state.hi_ber = false;
    state.ber = 0;
    state.ber_clocks = 0;
    return;
  }
  const bool over = state.ber_clocks == kClocks - 1;
  const bool full = state.ber == 15;
  const bool sixteenth = full && !valid;
  if (sixteenth) {
    state.hi_ber = true;
  } else if (over && !full) {
    state.hi_ber = false;
  }
  if (!valid && !full) state.ber += 1;
  state.ber_clocks += 1;
  if (over) {
    state.ber = 0;
    state.ber_clocks = 0;
  }
}

/// Where figure 49-15 goes with a block of this type, one of type `next` being behind it.
inline BaseRRxState base_r_rx_next(BaseRRxState state, BlockType type, BlockType next) {
  const bool in_frame = state == BaseRRxState::kData;
  const bool error = state == BaseRRxState::kError;
  const bool ends_well = next == BlockType::kStart || next == BlockType::kControl;
  switch (type) {
    case BlockType::kControl:
      return in_frame ? BaseRRxState::kError : BaseRRxState::kControl;
    case BlockType::kStart:
      return in_frame || error ? BaseRRxState::kError : BaseRRxState::kData;
    case BlockType::kData:
      return in_frame || error ? BaseRRxState::kData : BaseRRxState::kError;
    case BlockType::kTerminate:
      return (in_frame || error) && ends_well ? BaseRRxState::kTerminate : BaseRRxState::kError;
    case BlockType::kError:
      break;
  }
  return BaseRRxState::kError;
}

/// The stage `receive`: what the MAC is shown.
inline Line<8> base_r_receive(Line10GBaseRRxState& state, bool link, ap_uint<kLineCounters>& counted) {
  const DecodedBlock& decoded = state.decoded;
  const bool in_frame = state.state == BaseRRxState::kData;
  const bool between = state.state == BaseRRxState::kControl || state.state == BaseRRxState::kTerminate;
  Line<8> out = decoded.line;
  if (!link) {
    counted[unsigned(LineCounter::kFrameCut)] = in_frame;
    state.state = BaseRRxState::kInit;
    out.data = xgmii::kLocalFaultLanes;
    out.control = xgmii::kLocalFaultControl;
    return out;
  }
  state.state = base_r_rx_next(state.state, decoded.type, state.next.type);
  if (state.state == BaseRRxState::kError) {
    out.data = xgmii::kErrorLanes;
    out.control = 0xFF;
    counted[unsigned(LineCounter::kFrameCut)] = in_frame;
    counted[unsigned(LineCounter::kFalseCarrier)] =
        between && (decoded.type == BlockType::kData || decoded.type == BlockType::kTerminate);
  }
  counted[unsigned(LineCounter::kCodeViolation)] = decoded.type == BlockType::kError;
  return out;
}

}  // namespace detail

/// line: 66 bits as they come. mac: XGMII, a beat each clock; local fault while there is no link.
inline void line_10gbase_r_rx(Line10GBaseRRxState& state, wire<Block66>& line, wire<Line<8>>& mac,
                              wire<bool>& mac_enable, wire<LineStatus>& status, pulse<kLineCounters>& counters) {
  ap_uint<kLineCounters> counted = 0;
  const bool link = state.locked && !state.hi_ber;
  mac.write(detail::base_r_receive(state, link, counted));
  mac_enable.write(true);
  counted[unsigned(LineCounter::kLockLost)] = state.was_locked && !state.locked;
  counted[unsigned(LineCounter::kLinkLost)] = state.was_linked && !link;
  counters.write(counted);
  state.was_locked = state.locked;
  state.was_linked = link;
  LineStatus shown;
  shown.signal = state.signal;
  shown.locked = state.locked;
  shown.link = link;
  status.write(shown);

  state.decoded = state.next;
  Block66 plain;
  plain.sync = state.aligned.sync;
  plain.data = descramble(state.history, state.aligned.data);
  state.next = decode_block(plain);

  const bool valid = state.aligned.sync[0] != state.aligned.sync[1];
  const ap_uint<7> offset = state.offset;
  detail::base_r_lock(state, valid);
  detail::base_r_ber(state, valid);

  const Block66 in = line.read();
  state.signal = detail::base_r_signal(in);
  state.aligned = detail::base_r_align(state.previous, in, offset);
  state.previous = in;
}

}  // namespace sockwire
