// SPDX-License-Identifier: Apache-2.0
// hlsc wrote the arms of a case side by side where its only use was what a memory is written.
//
// kernel: case_into_memory streams
// port: memory words 0 2 mem<ap_uint<8>, 4>
// port: in in0 40 2 ap_uint<40>
// port: out out0 8 2 ap_uint<8>
#pragma once

#include "tests/hls/fuzz/bits.hpp"

namespace sockwire {
namespace case_into_memory {

struct State {
  ap_uint<8> entries[4] = {1, 2, 3, 4};
};

inline void kernel(State& state, mem<ap_uint<8>, 4>& words, stream<ap_uint<40>>& in0, stream<ap_uint<8>>& out0) {
  const ap_uint<40> value = in0.read();
  out0.write(words.read(value & 3));
  words.write((value >> 2) & 3, state.entries[(value >> 4) & 3]);
  state.entries[(value >> 6) & 3] = ap_uint<8>(value >> 30);
}

}  // namespace case_into_memory
}  // namespace sockwire
