// SPDX-License-Identifier: Apache-2.0
// 100BASE-TX, transmit (IEEE 802.3 clauses 24.2 and 25; ANSI X3.263): a byte of the MAC every ten clocks becomes two
// code-groups, their bits are scrambled, and each scrambled bit is a symbol of MLT-3. See 100base_tx.md.
//
//   mac      -- 55 55 .. D5 data FCS --              -
//   groups I  J K 5 5 .. 5 D  data FCS   T R   I I   I    (a byte's low nibble first)
#pragma once

#include "hls/base/stream.hpp"
#include "hls/line/code_4b5b.hpp"
#include "hls/line/line_code.hpp"
#include "hls/line/mlt3.hpp"
#include "hls/line/stream_cipher.hpp"

namespace sockwire {

struct Line100BaseTxTxState {
  ap_uint<4> bit = 0;          ///< of the ten that a byte has
  ap_uint<10> groups = 0x3FF;  ///< two code-groups, the next bit in bit 9
  CipherKey key = 0x7FF;       ///< any but zero
  Mlt3Phase phase = 0;
  bool inside = false;  ///< a stream: what is in `groups` belongs to a frame
  bool spoilt = false;  ///< the byte that /J/K/ took the place of was in error
};

namespace detail {

/// The two code-groups of the next ten bits (figure 24-8).
inline ap_uint<10> next_groups(Line100BaseTxTxState& state, const Line<1>& mac) {
  const ap_uint<4> low = mac.data.range(3, 0);
  const ap_uint<4> high = mac.data.range(7, 4);
  ap_uint<10> groups = (ap_uint<10>(kGroupI) << 5) | kGroupI;
  if (mac.valid && !state.inside) {
    groups = (ap_uint<10>(kGroupJ) << 5) | kGroupK;
  } else if (mac.valid && (mac.error || state.spoilt)) {
    groups = (ap_uint<10>(kGroupH) << 5) | kGroupH;
  } else if (mac.valid) {
    groups = (ap_uint<10>(encode_4b5b(low)) << 5) | encode_4b5b(high);
  } else if (state.inside) {
    groups = (ap_uint<10>(kGroupT) << 5) | kGroupR;
  }
  state.spoilt = mac.valid && mac.error && !state.inside;
  state.inside = mac.valid;
  return groups;
}

}  // namespace detail

/// mac: what the MAC drives, as it was shown in the clock of mac_enable, and stays until the next one.
/// mac_enable: the MAC moves, once in ten clocks. line: a symbol a clock. busy: a frame is in here.
inline void line_100base_tx_tx(Line100BaseTxTxState& state, wire<Line<1>>& mac, wire<bool>& mac_enable,
                               wire<LineLevel>& line, wire<bool>& busy) {
  constexpr unsigned kLastBit = 9;
  constexpr unsigned kEnableBit = 3;  // far from the last bit: the MAC's answer is there, and still there
  const Line<1> in = mac.read();

  const bool key_bit = next_key_bit(state.key);
  state.key = with_key_bit(state.key, key_bit);
  state.phase = mlt3_encode(state.phase, state.groups[9] != key_bit);
  line.write(mlt3_level(state.phase));

  mac_enable.write(state.bit == kEnableBit);
  busy.write(state.inside || in.valid);
  if (state.bit == kLastBit) {
    state.groups = detail::next_groups(state, in);
    state.bit = 0;
  } else {
    state.groups <<= 1;
    state.bit += 1;
  }
}

}  // namespace sockwire
