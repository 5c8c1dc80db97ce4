// SPDX-License-Identifier: Apache-2.0
// Ethernet's frame check sequence (IEEE 802.3 clause 3.2.9) of whole frames, a byte a beat, as the text books loop over
// its bits.
#pragma once

#include "hls/base/beat.hpp"
#include "hls/base/stream.hpp"

namespace sockwire {

struct Crc32ByteState {
  ap_uint<32> crc = 0xFFFFFFFF;
};

/// data: frames. fcs: one for each frame, with its last beat; bits 7:0 are first on the wire.
inline void crc32_byte(Crc32ByteState& state, stream<Beat<1>>& data, stream<ap_uint<32>>& fcs) {
#pragma hlsc share_xors
  const Beat<1> beat = data.read();
  ap_uint<32> crc = state.crc ^ beat.data;
  for (int bit = 0; bit < 8; ++bit) crc = ap_uint<32>((crc >> 1) ^ (crc[0] ? 0xEDB88320u : 0u));
  if (beat.last) {
    fcs.write(ap_uint<32>(~crc));
    state.crc = 0xFFFFFFFF;
  } else {
    state.crc = crc;
  }
}

}  // namespace sockwire
