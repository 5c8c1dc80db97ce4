// SPDX-License-Identifier: Apache-2.0
// Kernels that hlsc once did not survive, though they are none that it must refuse.
#pragma once

#include "hls/base/memory.hpp"
#include "hls/base/stream.hpp"

namespace sockwire {

struct ThreeWords {
  ap_uint<64> a = 0;
  ap_uint<64> b = 0;
  ap_uint<64> c = 0;
};

struct RegressionState {
  ap_uint<16> value = 0;
};

/// That nothing is ever written shows only when the ports have been lowered: there is data without a condition.
inline void impossible_write(RegressionState& state, stream<ThreeWords>& x, stream<ap_uint<16>>& z,
                             stream<ap_uint<16>>& y, mem<ap_uint<16>, 8>& table) {
  const ThreeWords words = x.read();
  state.value += 1;
  if (words.a == 3) {
    if (!z.empty()) state.value = z.read();
    if (words.a == 4) {
      y.write(state.value);
      table.write(words.b, words.c);
    }
  }
}

/// clang does not describe the type of an argument that nothing looks into.
inline void unused_arguments(RegressionState& state, mem<ap_uint<16>, 8>& table, stream<ap_uint<16>>& x,
                             wire<ap_uint<16>>& y) {
  state.value += 1;
  y.write(state.value);
}

/// As many operations one after another as there may be: recursion over expressions must end in time.
inline void deepest(RegressionState& state, wire<ap_uint<64>>& x, wire<ap_uint<64>>& y) {
  ap_uint<64> word = x.read();
  for (int i = 0; i < 950; ++i) word = ap_uint<64>(word * 3 + state.value);
  y.write(word);
}

/// As many branches one after another: the same for recursion over control flow.
inline void most_branches(RegressionState& state, wire<ap_uint<64>>& x, wire<ap_uint<64>>& y) {
  const ap_uint<64> word = x.read();
  for (unsigned i = 0; i < 1900; ++i) {
    if ((word ^ i) > 77 + i) y.write(word);
  }
  state.value += 1;
}

}  // namespace sockwire
