// SPDX-License-Identifier: Apache-2.0
// Ethernet's frame check sequence (IEEE 802.3 clause 3.2.9) of whole frames, 64 bits a beat, the last one of any
// length.
#pragma once

#include "hls/base/beat.hpp"
#include "hls/base/stream.hpp"
#include "hls/mac/crc32.hpp"

namespace sockwire {

struct Crc32WideState {
  ap_uint<32> crc = kCrc32Initial;
};

/// data: frames. fcs: one for each frame, with its last beat; bits 7:0 are first on the wire.
///
/// Zero bytes ahead of a message leave a zero register as it is. So a short beat, with the register added to its first
/// bytes, is moved to the end of a whole one; what of the register lies behind a beat of less than four bytes is added
/// to the result.
inline void crc32_wide(Crc32WideState& state, stream<Beat<8>>& data, stream<ap_uint<32>>& fcs) {
#pragma hlsc share_xors
  const Beat<8> beat = data.read();
  unsigned bytes = 1;
  for (int i = 1; i < 8; ++i) {
    if (beat.keep[i]) bytes = static_cast<unsigned>(i) + 1;
  }
  const ap_uint<64> moved = (beat.data ^ state.crc) << (8 * (8 - bytes));
  ap_uint<32> crc = crc32_beat<8>(0, moved);
  if (bytes < 4) crc ^= state.crc >> (8 * (bytes % 4));
  if (beat.last) {
    fcs.write(ap_uint<32>(~crc));
    state.crc = kCrc32Initial;
  } else {
    state.crc = crc;
  }
}

}  // namespace sockwire
