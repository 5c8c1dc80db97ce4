// SPDX-License-Identifier: Apache-2.0
// A native stream<bool> kept its values in a std::vector<bool> and gave a reference to a bit that is none.
//
// kernel: stream_of_bools cycles
// port: in in0 1 2 bool
// port: out out0 1 2 bool
#pragma once

#include "tests/hls/fuzz/bits.hpp"

namespace sockwire {
namespace stream_of_bools {

struct State {
  bool odd = false;
};

inline void kernel(State& state, stream<bool>& in0, stream<bool>& out0) {
  state.odd = state.odd != in0.read();
  out0.write(state.odd);
}

}  // namespace stream_of_bools
}  // namespace sockwire
