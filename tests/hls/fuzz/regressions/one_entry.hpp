// SPDX-License-Identifier: Apache-2.0
// hlsc took the lowest bit of an index into a memory with a single entry, which is always entry 0.
//
// kernel: one_entry cycles
// port: memory words 0 2 mem<ap_uint<9>, 1>
// port: memory block 0 2 bram<ap_uint<9>, 1>
// port: in in0 9 2 ap_uint<9>
// port: out out0 9 2 ap_uint<9>
#pragma once

#include "tests/hls/fuzz/bits.hpp"

namespace sockwire {
namespace one_entry {

struct State {
  ap_uint<9> last = 0;
};

inline void kernel(State& state, mem<ap_uint<9>, 1>& words, bram<ap_uint<9>, 1>& block, stream<ap_uint<9>>& in0,
                   stream<ap_uint<9>>& out0) {
  const ap_uint<9> value = in0.read();
  out0.write(words.read(value) + block.data() * 3 + state.last);
  words.write(value >> 1, value);
  block.request(value);
  block.write(value >> 3, value);
  state.last = value;
}

}  // namespace one_entry
}  // namespace sockwire
