// SPDX-License-Identifier: Apache-2.0
// The Internet checksum (RFC 1071) of whole frames, 64 bits a beat.
#pragma once

#include "hls/base/beat.hpp"
#include "hls/base/stream.hpp"
#include "hls/checksum/internet_sum.hpp"

namespace sockwire {

struct InternetChecksumState {
  ap_uint<16> sum = 0;  ///< of the frame so far, its carries brought round
};

/// data: frames, as bytes in network order. checksum: one for each frame, with its last beat; the first byte on the
/// wire is the field's high half.
inline void internet_checksum(InternetChecksumState& state, stream<Beat<8>>& data, stream<ap_uint<16>>& checksum) {
  const Beat<8> beat = data.read();
  const InternetSum sum = state.sum + beat_sum<8>(beat.data, beat.keep, false);
  state.sum = fold_again(fold_once(sum));
  if (beat.last) {
    checksum.write(checksum_of(state.sum));
    state.sum = 0;
  }
}

}  // namespace sockwire
