// SPDX-License-Identifier: Apache-2.0
// hlsc refused this loop as one without a constant bound: its test had been joined with that of the return in it.
//
// kernel: return_in_loop streams 6
// port: in in0 8 2 ap_uint<8>
// port: out out0 8 2 ap_uint<8>
#pragma once

#include "tests/hls/fuzz/bits.hpp"

namespace sockwire {
namespace return_in_loop {

struct State {
  bool odd = true;
};

inline void kernel(State& state, stream<ap_uint<8>>& in0, stream<ap_uint<8>>& out0) {
  const ap_uint<8> value = in0.read();
  state.odd = !state.odd;
  for (int i = 0; i < 5; ++i) {
    if (state.odd) return;
  }
  out0.write(value);
}

}  // namespace return_in_loop
}  // namespace sockwire
