// SPDX-License-Identifier: Apache-2.0
// hlsc refused a bit whose number a choice keeps in bounds, as LLVM had made a switch of the check.
//
// kernel: guarded_bit streams
// port: in in0 8 2 ap_uint<8>
// port: out out0 8 2 ap_uint<8>
#pragma once

#include "tests/hls/fuzz/bits.hpp"

namespace sockwire {
namespace guarded_bit {

constexpr std::uint16_t kTable[8] = {3u, 1u, 0x3825u, 0xeu, 7u, 0x4bf7u, 6u, 0xcu};

struct State {
  bool seen = false;
  ap_uint<9> bits = 0xdu;
};

inline std::uint64_t entry(std::uint64_t index) { return kTable[index < 8 ? index : 2]; }

inline void kernel(State& state, stream<ap_uint<8>>& in0, stream<ap_uint<8>>& out0) {
  const ap_uint<8> value = in0.read();
  const std::uint64_t first =
      static_cast<std::uint64_t>(kTable[static_cast<std::uint64_t>(state.bits.range(8, 2)) & 7]);
  state.seen = state.bits[static_cast<int>(entry(first) < 9 ? entry(first) : 5)];
  state.seen = static_cast<bool>(
      ((kTable[2] >> (static_cast<std::uint64_t>(state.seen) % 16)) + (value | 0x1727b92au)) / 0x400000u);
  out0.write(ap_uint<8>(value + state.seen));
}

}  // namespace guarded_bit
}  // namespace sockwire
