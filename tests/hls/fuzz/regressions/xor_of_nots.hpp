// SPDX-License-Identifier: Apache-2.0
// Verilator 5.006 computed `next` wrongly: an XOR of inverted bits with a shift among them (see cmake/verilated.cmake).
//
// kernel: xor_of_nots cycles
// port: in in0 51 2 ap_uint<51>
// port: wire_in setting 1 2 bool
// port: out out0 1 2 ap_uint<1>
// port: pulse events 6 2 6
#pragma once

#include "tests/hls/fuzz/bits.hpp"

namespace sockwire {
namespace xor_of_nots {

constexpr ap_uint<4> kTable[2] = {0xc, 2};

struct State {
  ap_uint<1> next = 0;
};

inline void kernel(State& state, stream<ap_uint<51>>& in0, wire<bool>& setting, stream<ap_uint<1>>& out0,
                   pulse<6>& events) {
  const ap_uint<51> value = in0.read();
  const ap_uint<1> bit = kTable[setting.read() ? 1 : 0] >> state.next;
  state.next = bit - 1 + (state.next >> (value & 63)) - (out0.full() ? 1 : 0);
  if (value[50]) out0.write(state.next);
  events.write(state.next << (value & 3));
}

}  // namespace xor_of_nots
}  // namespace sockwire
