// SPDX-License-Identifier: Apache-2.0
// What hlsc must refuse because it is more than a circuit, in the form that language.hpp explains.
#pragma once

#include "hls/base/memory.hpp"
#include "hls/base/stream.hpp"

namespace sockwire {

struct WordState {
  ap_uint<64> words[8];
};

template <int kRounds>
inline ap_uint<64> mixed(const WordState& state, ap_uint<64> word) {
  for (int i = 0; i < kRounds; ++i) {
    // refused deep at `*`:
    //   this kernel is too large: a value here is the last of more than 2000 operations one after another; spread them
    //   over steps
    word = ap_uint<64>(word * 3 + state.words[i & 7]);
  }
  return word;
}

inline void deep(WordState& state, stream<ap_uint<64>>& x) { state.words[0] = mixed<1500>(state, x.read()); }

inline void many_rounds(WordState& state, stream<ap_uint<64>>& x) {
  ap_uint<64> word = x.read();
  // refused many_rounds at `for`:
  //   this kernel is too large: this loop and those inside it unroll to more than 200000 operations; spread the rounds
  //   over steps with a counter in the state
  for (int i = 0; i < 300; ++i) {
    for (int j = 0; j < 300; ++j) word = ap_uint<64>(word * 3 + state.words[(i * j) & 7]);
  }
  state.words[0] = word;
}

template <int kDepth>
inline std::uint64_t doubled(std::uint64_t x) {
  // refused inlined_twice at `doubled<kDepth - 1>(x * 3)`:
  //   this kernel is too large: what sockwire::doubled<14> calls is, inlined, more than 200000 operations
  return doubled<kDepth - 1>(x) ^ doubled<kDepth - 1>(x * 3);
}

template <>
inline std::uint64_t doubled<0>(std::uint64_t x) {
  return x ^ (x >> 3);
}

inline void inlined_twice(WordState& state, stream<ap_uint<64>>& x) { state.words[0] = doubled<15>(x.read()); }

inline void many_expressions(WordState& state, stream<ap_uint<64>>& x) {
  const ap_uint<64> word = x.read();
  ap_uint<64> sum = 0;
  for (unsigned i = 0; i < 1900; ++i) {
    // refused many_expressions at `__builtin_ctzll`:
    //   this kernel is too large: its expressions do not fit (300000 so far)
    const int zeros = __builtin_clzll(word.value() * (2 * i + 3)) + __builtin_ctzll(word.value() * (2 * i + 4001));
    sum ^= ap_uint<64>(static_cast<unsigned>(zeros) << (i & 31));
  }
  state.words[0] = sum;
}

// refused many_branches:
//   this kernel is too large: inlined and unrolled, it has more than 200000 operations or 4000 branches
inline void many_branches(WordState& state, mem<ap_uint<64>, 8>& table, stream<ap_uint<64>>& x) {
  const ap_uint<64> word = x.read();
  for (unsigned i = 0; i < 3000; ++i) {
    if (word * (i + 1) > 77) table.write(i, word);
  }
  state.words[0] = word;
}

struct SquareState {
  ap_uint<8> cells[60][60];
};

inline void many_choices(SquareState& state, wire<ap_uint<16>>& x) {
  const ap_uint<16> at = x.read();
  for (int i = 0; i < 64; ++i) {
    // refused many_choices at `= at`:
    //   this kernel is too large: its run-time indices into arrays of registers choose between more than 200000 values;
    //   use a mem<> or bram<>
    state.cells[(at + i) & 31][(at >> 5) & 31] = at;
  }
}

struct HugeState {
  ap_uint<8> bytes[20'000];
};

// refused huge_state:
//   this kernel is too large: state has more than 16384 members and array entries; put arrays into a mem<> or bram<>
inline void huge_state(HugeState& state, stream<ap_uint<16>>& x) { state.bytes[0] = x.read(); }

struct PaddedState {
  ap_uint<8> first = 0;
  alignas(2'097'152) ap_uint<8> second = 0;
};

// refused padded_state:
//   this kernel is too large: state has more than 1048576 bytes
inline void padded_state(PaddedState& state, stream<ap_uint<16>>& x) { state.first = x.read(); }

inline void huge_variable(WordState& state, stream<ap_uint<16>>& x) {
  // refused huge_variable at `scratch`:
  //   this kernel is too large: a variable or value of more than 16384 parts; put it into a mem<> or bram<>
  std::uint8_t scratch[20'000];
  scratch[x.read()] = 3;
  state.words[0] = scratch[5];
}

}  // namespace sockwire
