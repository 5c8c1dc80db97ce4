// SPDX-License-Identifier: Apache-2.0
// hlsc refused to divide signed numbers, and said that eight is no power of two.
//
// kernel: signed_division streams
// port: in in0 32 2 ap_uint<32>
// port: out out0 64 2 ap_uint<64>
#pragma once

#include "tests/hls/fuzz/bits.hpp"

namespace sockwire {
namespace signed_division {

struct State {
  int last = 5;
};

inline void kernel(State& state, stream<ap_uint<32>>& in0, stream<ap_uint<64>>& out0) {
  const int value = static_cast<int>(static_cast<std::uint32_t>(in0.read()));
  const int small = value >> 27;
  const std::uint32_t high = static_cast<std::uint32_t>(value / 8 + small % 4 + small / 2);
  const std::uint32_t low = static_cast<std::uint32_t>(state.last % 1024);
  out0.write(ap_uint<64>(static_cast<std::uint64_t>(high) << 32 | low));
  state.last = value;
}

}  // namespace signed_division
}  // namespace sockwire
