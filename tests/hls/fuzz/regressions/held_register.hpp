// SPDX-License-Identifier: Apache-2.0
// Bits of a register that are looked at only where it holds its value were left to Verilator's lint.
//
// kernel: held_register streams
// port: in in0 8 2 ap_uint<8>
// port: out out0 1 2 ap_uint<1>
#pragma once

#include "tests/hls/fuzz/bits.hpp"

namespace sockwire {
namespace held_register {

struct State {
  ap_uint<19> held = 14;
};

inline void kernel(State& state, stream<ap_uint<8>>& in0, stream<ap_uint<1>>& out0) {
  const ap_uint<8> value = in0.read();
  switch (value & 3) {
    case 0:
      state.held = value;
      break;
    case 1:
      state.held = value * 77;
      break;
    default:
      break;
  }
  out0.write(ap_uint<1>(state.held[0] ^ state.held[17]));
}

}  // namespace held_register
}  // namespace sockwire
