// SPDX-License-Identifier: Apache-2.0
// hlsc put a slow read into the stage after its memory's, where it saw what its own step had written.
//
// kernel: read_after_write_stage streams 3
// port: memory words 0 2 mem<ap_uint<8>, 4>
// port: in in0 8 2 ap_uint<8>
// port: out out0 8 2 ap_uint<8>
#pragma once

#include "tests/hls/fuzz/bits.hpp"

namespace sockwire {
namespace read_after_write_stage {

struct State {
  bool none = false;
};

inline void kernel(State& state, mem<ap_uint<8>, 4>& words, stream<ap_uint<8>>& in0, stream<ap_uint<8>>& out0) {
  const ap_uint<8> value = in0.read();
  static_cast<void>(state.none);
  const ap_uint<8> first = words.read(value < 100 ? value & 3 : 3);
  out0.write(words.read(first & 3) * 77);
  words.write((value >> 2) & 3, value + words.read(3));
}

}  // namespace read_after_write_stage
}  // namespace sockwire
