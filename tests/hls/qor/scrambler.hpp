// SPDX-License-Identifier: Apache-2.0
// The scrambler of 64b/66b (IEEE 802.3 clause 49.2.6): x^58 + x^39 + 1, self-synchronous.
#pragma once

#include "hls/base/ap_uint.hpp"
#include "hls/base/stream.hpp"

namespace sockwire {

/// Both are sent with bit 0 first, the synchronisation header ahead of the payload.
struct Block66 {
  ap_uint<2> header = 0;
  ap_uint<64> payload = 0;
};

struct ScramblerState {
  ap_uint<58> history = (std::uint64_t(1) << 58) - 1;  ///< scrambled bits, the latest in bit 0
};

/// The header passes by the scrambler.
inline void scrambler(ScramblerState& state, stream<Block66>& plain, stream<Block66>& scrambled) {
  Block66 block = plain.read();
  for (int i = 0; i < 64; ++i) {
    const bool bit = block.payload[i] != (state.history[38] != state.history[57]);
    block.payload[i] = bit;
    state.history = ap_uint<58>((state.history << 1) | (bit ? 1 : 0));
  }
  scrambled.write(block);
}

}  // namespace sockwire
