// SPDX-License-Identifier: Apache-2.0
// Kernels with memories, with and without something to wait for: what they do while the module is reset.
#pragma once

#include "hls/base/memory.hpp"
#include "hls/base/stream.hpp"

namespace sockwire {

struct FreeState {
  bool went = false;
};

/// Waits for nothing, so that every clock is a step.
inline void free_running(FreeState& state, mem<ap_uint<8>, 16>& words, bram<ap_uint<8>, 1024>& block,
                         wire<ap_uint<4>>& index, wire<ap_uint<8>>& value, wire<ap_uint<8>>& word,
                         wire<ap_uint<8>>& shown, wire<bool>& config, wire<bool>& clk) {
  const std::uint64_t at = static_cast<std::uint64_t>(index.read());
  word.write(words.read(at));
  if (value.read() != 0) words.write(at, value.read());
  shown.write(block.data());
  block.request(at);
  block.write(at, value.read());
  state.went = true;
  clk.write(config.read());
}

/// Nothing is written before something was read.
inline void waiting(FreeState& state, mem<ap_uint<8>, 16>& words, stream<ap_uint<8>>& table, wire<ap_uint<8>>& word) {
  const ap_uint<8> value = table.read();
  word.write(words.read(3));
  words.write(static_cast<std::uint64_t>(value.range(3, 0)), value);
  state.went = true;
}

}  // namespace sockwire
