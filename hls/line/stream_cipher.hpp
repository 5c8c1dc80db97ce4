// SPDX-License-Identifier: Apache-2.0
// The stream cipher of TP-PMD (ANSI X3.263 clause 7, IEEE 802.3 clause 25): the key is the sequence of
// x^11 + x^9 + 1, added to the plain bits. Idle is all ones, so that its coded bits are the key's complement: a
// receiver takes them as the key until the plain bits have been ones for long enough.
//
//   unlocked   key <- complement of each coded bit; locks after kIdleBits plain ones in a row
//   locked     key goes on by itself; kIdleBits plain ones in a row must come every kHoldClocks
#pragma once

#include "hls/base/ap_uint.hpp"

namespace sockwire {

// TP-PMD wants a lock after 60 bits of idle (7.2.3.1.1), those of the key among them, and that it is kept where 29 come
// in 361 us (7.2.3.3 f). The standard is not public; both are as Forty-Bot/ethernet, rtl/descramble.v, cites them. A
// DP83848 locks on 60 bits and wants 58 in 722 us (its data sheet, SNLS266, 7.2.7).

/// Bits of idle that are taken as idle, after the eleven of the key. The gap between two frames has at least 110, and
/// no two code-groups of data have more than eight ones in a row.
constexpr unsigned kIdleBits = 29;
/// Clocks without that many before the lock is given up: 722 us, which is a frame of nearly 9 KB.
constexpr unsigned kHoldClocks = 90250;

/// The last eleven bits of the key, the latest in bit 0.
typedef ap_uint<11> CipherKey;

inline bool next_key_bit(const CipherKey& key) { return key[8] != key[10]; }

inline CipherKey with_key_bit(const CipherKey& key, bool bit) {
  return CipherKey((CipherKey(key) << 1) | (bit ? 1U : 0U));
}

struct DescramblerState {
  CipherKey key = 0;
  ap_uint<5> ones = 0;   ///< plain ones in a row, up to kIdleBits
  ap_uint<17> hold = 0;  ///< clocks since there were kIdleBits of them
  bool locked = false;
};

/// The plain bits of a clock.
struct PlainBits {
  ap_uint<2> count = 0;
  bool first = false;  ///< the older
  bool second = false;
};

namespace detail {

/// One bit; returns it plain.
inline bool descramble_bit(DescramblerState& state, bool coded) {
  const bool expected = next_key_bit(state.key);
  const bool plain = coded != expected;
  state.key = with_key_bit(state.key, state.locked ? expected : !coded);
  if (!plain) {
    state.ones = 0;
  } else if (state.ones != kIdleBits) {
    state.ones += 1;
  }
  return plain;
}

}  // namespace detail

/// A clock with 0 to 2 coded bits. `signal` is false while there is nothing on the line. `lost` is set if the lock was
/// given up.
inline PlainBits descramble(DescramblerState& state, const PlainBits& coded, bool signal, bool& lost) {
  PlainBits plain;
  plain.count = coded.count;
  if (coded.count != 0) plain.first = detail::descramble_bit(state, coded.first);
  if (coded.count[1]) plain.second = detail::descramble_bit(state, coded.second);
  const bool idle = state.ones == kIdleBits;
  lost = state.locked && (!signal || state.hold == kHoldClocks);
  state.hold = !state.locked || idle ? ap_uint<17>(0) : ap_uint<17>(state.hold + 1);
  // A key of zeros only is none: its line would be one transition after the other.
  state.locked = signal && !lost && (state.locked || (idle && state.key != 0));
  return plain;
}

}  // namespace sockwire
