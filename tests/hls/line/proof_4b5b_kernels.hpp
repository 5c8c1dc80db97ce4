// SPDX-License-Identifier: Apache-2.0
// 4B/5B by itself, as kernels that a SAT solver can look at whole: a clock from in to out, no state.
#pragma once

#include "hls/base/stream.hpp"
#include "hls/line/code_4b5b.hpp"

namespace sockwire {

struct No4b5bState {
  bool none = false;
};

inline void proof_encode_4b5b(No4b5bState& state, wire<ap_uint<4>>& nibble, wire<ap_uint<5>>& group) {
  group.write(encode_4b5b(nibble.read()));
  static_cast<void>(state);
}

inline void proof_decode_4b5b(No4b5bState& state, wire<ap_uint<5>>& group, wire<ap_uint<4>>& nibble, wire<bool>& data) {
  const Decoded4b5b decoded = decode_4b5b(group.read());
  nibble.write(decoded.nibble);
  data.write(decoded.data);
  static_cast<void>(state);
}

}  // namespace sockwire
