// SPDX-License-Identifier: Apache-2.0
// The receive process of 100BASE-X (IEEE 802.3 clause 24.2.4.4, figures 24-10 and 24-11): code-groups are found by the
// start of a stream at whichever bit it is, and become bytes.
//
//   idle --carrier--> /I/J/? --yes--> confirm --/J/K/--> start --> data --/T/R/--> idle
//                       |no              |no                         |/I/I/ or the link fails: cut
//                       +---> bad SSD <--+   --/I/I/--> idle         +---> idle
//
// Carrier is two zeros that are not neighbours among ten bits (clause 24.3, carrier detect); of /I/J/ that is its last
// bit, so that the code-groups begin there.
#pragma once

#include "hls/line/code_4b5b.hpp"
#include "hls/line/line_code.hpp"
#include "hls/line/stream_cipher.hpp"

namespace sockwire {

enum class Receive100BaseXStep : std::uint8_t { kIdle, kConfirm, kStart, kData, kBadSsd };

struct Receive100BaseXState {
  Receive100BaseXStep step = Receive100BaseXStep::kIdle;
  ap_uint<10> bits = 0x3FF;  ///< rx_bits, the latest in bit 0
  ap_uint<3> place = 0;      ///< bits of the next code-group that are there
  bool half = false;         ///< `low` waits for the other nibble of its byte
  ap_uint<4> low = 0;
  bool low_error = false;
  bool sfd = false;      ///< it has been, so that the nibbles are paired
  bool closing = false;  ///< a byte with an error went out instead of an end; the end is next
};

/// What the MAC sees, if `enable`.
struct ReceivedByte {
  Line<1> line;
  bool enable = false;
};

namespace detail {

constexpr unsigned kBitsIdle = 0x3FF;  // /I/I/
constexpr unsigned kBitsIJ = (kGroupI << 5) | kGroupJ;
constexpr unsigned kBitsJK = (kGroupJ << 5) | kGroupK;
constexpr unsigned kBitsTR = (kGroupT << 5) | kGroupR;

/// Two zeros that are not neighbours, given that there were none without the latest bit.
inline bool carrier_in(const ap_uint<10>& bits) { return !bits[0] && bits.range(9, 2) != 0xFF; }

/// What the bits of a clock make of rx_bits: at most one code-group is completed, or carrier begins.
struct AlignedBits {
  bool carrier = false;
  bool group = false;
  ap_uint<10> seen = 0;    ///< rx_bits as they were then
  bool after = false;      ///< one more bit came after that,
  bool after_bit = false;  ///< this one
};

inline void take_bit(Receive100BaseXState& state, bool bit, AlignedBits& out) {
  state.bits = (ap_uint<10>(state.bits) << 1) | (bit ? 1U : 0U);
  const bool was = out.carrier || out.group;
  const bool hunting = state.step == Receive100BaseXStep::kIdle && !out.carrier;
  const bool carrier = hunting && carrier_in(state.bits);
  const bool group = !hunting && state.place == 4;
  state.place = carrier || group || hunting ? ap_uint<3>(0) : ap_uint<3>(state.place + 1);
  out.carrier = out.carrier || carrier;
  out.group = out.group || group;
  if (!was) out.seen = state.bits;
  out.after = was;
  out.after_bit = bit;
}

inline AlignedBits align(Receive100BaseXState& state, const PlainBits& plain) {
  AlignedBits out;
  if (plain.count != 0) take_bit(state, plain.first, out);
  if (plain.count[1]) take_bit(state, plain.second, out);
  return out;
}

/// A nibble of a frame, into bytes. The start of frame delimiter, 5 and D, is a byte wherever it stands.
inline void receive_nibble(Receive100BaseXState& state, const ap_uint<4>& nibble, bool error, ReceivedByte& out) {
  const bool delimits = !state.sfd && nibble == 0xD && state.low == 5;
  if (state.half || delimits) {
    out.enable = true;
    out.line.valid = true;
    out.line.data = (ap_uint<8>(nibble) << 4) | state.low;
    out.line.error = error || state.low_error;
    state.half = false;
    state.low_error = false;
  } else {
    state.half = true;
    state.low_error = error;
  }
  state.sfd = state.sfd || delimits;
  state.low = nibble;
}

/// A byte with an error, where a frame does not end as one does; no carrier after it.
inline void cut_frame(Receive100BaseXState& state, ReceivedByte& out, ap_uint<kLineCounters>& counted) {
  out.enable = true;
  out.line.valid = true;
  out.line.error = true;
  state.closing = true;
  state.step = Receive100BaseXStep::kIdle;
  counted[static_cast<int>(LineCounter::kFrameCut)] = 1;
}

inline void bad_ssd(Receive100BaseXState& state, ReceivedByte& out, ap_uint<kLineCounters>& counted) {
  out.enable = true;
  out.line.error = true;
  out.line.data = 0x0E;
  state.step = Receive100BaseXStep::kBadSsd;
  counted[static_cast<int>(LineCounter::kFalseCarrier)] = 1;
}

/// A code-group within a stream: the older one of the two in `seen`.
inline void receive_group(Receive100BaseXState& state, const ap_uint<10>& seen, ReceivedByte& out,
                          ap_uint<kLineCounters>& counted) {
  if (seen == kBitsTR) {
    out.enable = true;
    out.line.dribble = state.half;
    state.step = Receive100BaseXStep::kIdle;
  } else if (seen == kBitsIdle) {
    cut_frame(state, out, counted);
  } else {
    const Decoded4b5b decoded = decode_4b5b(ap_uint<5>(seen.range(9, 5)));
    receive_nibble(state, decoded.nibble, !decoded.data, out);
    if (!decoded.data) counted[static_cast<int>(LineCounter::kCodeViolation)] = 1;
  }
}

}  // namespace detail

/// A clock with 0 to 2 plain bits. Nothing is received while the link is down.
inline ReceivedByte receive_100base_x(Receive100BaseXState& state, const PlainBits& plain, bool link,
                                      ap_uint<kLineCounters>& counted) {
  typedef Receive100BaseXStep Step;
  const detail::AlignedBits aligned = detail::align(state, plain);
  ReceivedByte out;
  if (state.closing) {
    out.enable = true;
    state.closing = false;
  }
  const bool inside = state.step == Step::kStart || state.step == Step::kData;
  if (!link) {
    if (inside) detail::cut_frame(state, out, counted);
    if (state.step == Step::kBadSsd) out.enable = true;
    state.step = Step::kIdle;
  } else if (aligned.carrier) {
    if (aligned.seen == detail::kBitsIJ) {
      state.step = Step::kConfirm;
    } else {
      detail::bad_ssd(state, out, counted);
    }
  } else if (aligned.group && state.step == Step::kConfirm) {
    if (aligned.seen == detail::kBitsJK) {
      state.step = Step::kStart;
      state.half = true;
      state.low = 5;
      state.low_error = false;
      state.sfd = false;
    } else {
      detail::bad_ssd(state, out, counted);
    }
  } else if (aligned.group && state.step == Step::kStart) {
    detail::receive_nibble(state, 5, false, out);
    state.step = Step::kData;
  } else if (aligned.group && state.step == Step::kData) {
    detail::receive_group(state, aligned.seen, out, counted);
  } else if (aligned.group && aligned.seen == detail::kBitsIdle) {  // of a bad SSD
    out.enable = true;
    state.step = Step::kIdle;
  }
  if (state.step == Step::kIdle && (inside || !link || aligned.group)) {
    // What was before is no part of the next stream.
    state.bits = aligned.after ? ap_uint<10>(0x3FE | (aligned.after_bit ? 1U : 0U)) : ap_uint<10>(detail::kBitsIdle);
  }
  return out;
}

}  // namespace sockwire
