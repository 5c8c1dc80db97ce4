// SPDX-License-Identifier: Apache-2.0
// The send buffer: payload is written once, at any alignment, and read by range, at any alignment. One block RAM per
// byte lane; byte a of the buffer is in bank a mod kBytes. A named arbiter: its two sides share memories, so neither
// may block the step: it looks at empty() and full(), and fires every clock.
//
//   in   write      payload; always taken at once
//   in   read       ranges
//   out  payload    their beats, one after the other, no keep: the reader knows how many bytes it wants
#pragma once

#include "hls/base/memory.hpp"
#include "hls/base/stream.hpp"
#include "hls/segment/tx_types.hpp"

namespace sockwire {

template <int kBytes>
struct SendBufferState {
  PayloadRead<kBytes> range;  ///< what is left of the range that is read
  bool fetched = false;       ///< the banks' data is a beat that waits for room in `payload`
  ap_uint<3> fetched_at = 0;  ///< which bank has its first byte
};

/// The row of `bank` that holds its part of the kBytes bytes from byte `offset` of a ring on.
template <int kBytes>
inline Offset<kBytes> bank_row(const Ring<kBytes>& ring, const Offset<kBytes>& offset, int bank) {
  const bool next = static_cast<unsigned>(bank) < (offset & (kBytes - 1));
  const Offset<kBytes> here = ring_address<kBytes>(ring, offset);
  const Offset<kBytes> there = ring_address<kBytes>(ring, Offset<kBytes>(offset + kBytes));
  return Offset<kBytes>((next ? there : here) / kBytes);
}

/// Lane i of the result is lane (i + first) mod kBytes of `data`.
template <int kBytes>
inline ap_uint<8 * kBytes> rotate_down(const ap_uint<8 * kBytes>& data, const ap_uint<3>& first) {
  ap_uint<8 * kBytes> out = data;
  for (int step = 1; step < kBytes; step *= 2) {
    const ap_uint<8 * kBytes> turned = ap_uint<8 * kBytes>((out >> (8 * step)) | (out << (8 * (kBytes - step))));
    if ((first & static_cast<unsigned>(step)) != 0) out = turned;
  }
  return out;
}

template <int kBytes>
void send_buffer(SendBufferState<kBytes>& state,
                 banked<ap_uint<8>, card::send_buffer_bytes(kBytes) / kBytes, kBytes>& memory,
                 stream<PayloadWrite<kBytes>>& write, stream<PayloadRead<kBytes>>& read,
                 stream<ap_uint<8 * kBytes>>& payload) {
  if (!write.empty()) {
    const PayloadWrite<kBytes> beat = write.read();
    // Lane i goes to bank (offset + i) mod kBytes: a turn by -offset.
    const ap_uint<3> turn = ap_uint<3>((kBytes - (beat.offset & (kBytes - 1))) & (kBytes - 1));
    const ap_uint<8 * kBytes> data = rotate_down<kBytes>(beat.data, turn);
    for (int bank = 0; bank < kBytes; ++bank) {
      const unsigned lane = static_cast<unsigned>((static_cast<unsigned>(bank) + turn) & (kBytes - 1));
      if (((beat.keep >> lane) & 1) != 0) {
        memory.bank[bank].write(bank_row<kBytes>(beat.ring, beat.offset, bank),
                                ap_uint<8>(data.range(8 * bank + 7, 8 * bank)));
      }
    }
  }

  bool held = state.fetched;
  if (state.fetched && !payload.full()) {
    ap_uint<8 * kBytes> data = 0;
    for (int bank = 0; bank < kBytes; ++bank) data.range(8 * bank + 7, 8 * bank) = memory.bank[bank].data();
    payload.write(rotate_down<kBytes>(data, state.fetched_at));
    held = false;
  }
  if (!held) {
    state.fetched = state.range.beats != 0;
    if (state.range.beats != 0) {
      for (int bank = 0; bank < kBytes; ++bank) {
        memory.bank[bank].request(bank_row<kBytes>(state.range.ring, state.range.offset, bank));
      }
      state.fetched_at = ap_uint<3>(state.range.offset & (kBytes - 1));
      state.range.offset += kBytes;
      state.range.beats -= 1;
    }
  }
  if (state.range.beats == 0 && !read.empty()) state.range = read.read();
}

}  // namespace sockwire
