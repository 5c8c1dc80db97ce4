// SPDX-License-Identifier: Apache-2.0
// Card time from a clock of 120 MHz: three clocks are 25 ns.
#pragma once

#include "hls/base/ap_uint.hpp"
#include "hls/base/stream.hpp"

namespace sockwire {

struct CardTimeState {
  ap_uint<64> now_ns = 0;
  ap_uint<2> third = 0;  ///< of 25 ns
};

/// now_ns: time since reset.
inline void card_time(CardTimeState& state, wire<ap_uint<64>>& now_ns) {
  const bool ends = state.third == 2;
  state.now_ns += ends ? 9u : 8u;
  state.third = ends ? ap_uint<2>(0) : ap_uint<2>(state.third + 1u);
  now_ns.write(state.now_ns);
}

}  // namespace sockwire
