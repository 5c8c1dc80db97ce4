// SPDX-License-Identifier: Apache-2.0
// hlsc refused a choice between two members of one type, which LLVM makes one access at a chosen offset; one of a
// member and an entry, or an entry of a table, whose address then depends on the way there; and a loop that changes
// nothing and may end early.
//
// kernel: chosen_members streams
// port: in in0 20 2 ap_uint<20>
// port: out out0 19 2 ap_uint<19>
#pragma once

#include "tests/hls/fuzz/bits.hpp"

namespace sockwire {
namespace chosen_members {

constexpr ap_uint<19> kTable[4] = {100, 200, 300, 400};

struct State {
  ap_uint<19> first = 1;
  ap_uint<19> second = 2;
  ap_uint<19> entries[4] = {3, 4, 5, 6};
};

inline void idle_loop(ap_uint<20> value, bool limit) {
  for (int i = 0; i < 3; ++i) {
    if (limit && value <= 10) break;
    value = ap_uint<20>(i);
  }
}

inline void kernel(State& state, stream<ap_uint<20>>& in0, stream<ap_uint<19>>& out0) {
  const ap_uint<20> value = in0.read();
  idle_loop(value, value[1]);
  if (value[0])
    state.first = value;
  else
    state.second = value;
  state.entries[value & 3] = value >> 1;
  const ap_uint<19> chosen = value[2] ? state.first : state.second;
  const ap_uint<19> entry = value < 0x80000 ? state.entries[(value >> 3) & 3] : state.entries[3];
  const ap_uint<19>& other = value < 0x40000 ? state.entries[(value >> 5) & 3] : kTable[(value >> 7) & 3];
  out0.write(chosen + (value[4] ? entry : state.entries[1]) + other);
}

}  // namespace chosen_members
}  // namespace sockwire
