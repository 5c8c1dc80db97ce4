// SPDX-License-Identifier: Apache-2.0
// What hlsc must refuse. The comment `refused NAME: TEXT` stands on the line that the message about kernel NAME must
// name, and the message must contain TEXT. Headers like this one are not for g++.
#pragma once

#include "hls/base/memory.hpp"
#include "hls/base/stream.hpp"

namespace sockwire {

struct PlainState {
  ap_uint<16> value = 0;
  ap_uint<3> at = 0;
};

inline void unbounded_loop(PlainState& state, stream<ap_uint<16>>& x) {
  ap_uint<16> left = x.read();
  while (left != 0) {  // refused unbounded_loop: does not unroll
    left = ap_uint<16>(left & (left - 1));
    state.value += 3;
  }
}

inline void endless_loop(PlainState& state, stream<ap_uint<16>>& x) {  // refused endless_loop: never returns
  while (true) state.value += x.read();
}

inline unsigned countdown(unsigned n) {
  return n == 0 ? 0 : 1 + countdown(n - 1);  // refused recursion: calls itself
}

inline void recursion(PlainState& state, stream<ap_uint<16>>& x) {
  state.value = countdown(static_cast<unsigned>(x.read()));
}

inline void floating(PlainState& state, stream<ap_uint<16>>& x) {
  const float scaled = static_cast<float>(static_cast<unsigned>(x.read())) * 1.5f;  // refused floating: floating point
  state.value = static_cast<unsigned>(scaled);
}

inline void division(PlainState& state, stream<ap_uint<16>>& x) {
  state.value = x.read() / (state.at + 1);  // refused division: division by a run-time value
}

inline void division_by_ten(PlainState& state, stream<ap_uint<16>>& x) {
  state.value = x.read() / 10;  // refused division_by_ten: not a power of two
}

inline void remainder_of(PlainState& state, stream<ap_uint<16>>& x) {
  state.value = x.read() % (state.at + 1);  // refused remainder_of: division by a run-time value
}

extern "C" unsigned outside_function(unsigned);

inline void external_call(PlainState& state, stream<ap_uint<16>>& x) {
  state.value = outside_function(static_cast<unsigned>(x.read()));  // refused external_call: body is not in this unit
}

inline void indirect_call(PlainState& state, wire<ap_uint<16>>& x) {
  unsigned (*const choice)(unsigned) = state.at == 0 ? &countdown : &outside_function;
  state.value = choice(static_cast<unsigned>(x.read()));  // refused indirect_call: through a pointer
}

inline void two_writes(PlainState& state, stream<ap_uint<16>>& x, stream<ap_uint<16>>& y) {
  state.value = x.read();
  y.write(state.value);
  if (state.at == 0) y.write(3);  // refused two_writes: a second write of y
}

inline void two_reads(PlainState& state, stream<ap_uint<16>>& x) {
  state.value = x.read();
  if (state.value[0]) state.value = x.read();  // refused two_reads: a second read of x
}

inline void two_memory_writes(PlainState& state, mem<ap_uint<16>, 8>& table, stream<ap_uint<16>>& x) {
  for (int i = 0; i < 2; ++i) {
    table.write(static_cast<unsigned>(i), x.read());  // refused two_memory_writes: in the same step
  }
}

inline void two_requests(PlainState& state, bram<ap_uint<16>, 8>& table, stream<ap_uint<16>>& x) {
  state.value = table.data();
  const ap_uint<16> value = x.read();
  if (value[1]) table.request(1);
  if (value[2]) table.request(2);  // refused two_requests: a second request of table
}

inline void read_and_written(PlainState& state, stream<ap_uint<16>>& x) {
  state.value = x.read();
  x.write(state.value);  // refused read_and_written: both read and written
}

inline void static_variable(PlainState& state, stream<ap_uint<16>>& x) {
  static unsigned total = 0;
  total += static_cast<unsigned>(x.read());  // refused static_variable: variable total
  state.value = total;
}

inline void static_initialiser(PlainState& state, stream<ap_uint<16>>& x) {
  static const unsigned first = static_cast<unsigned>(x.read());  // refused static_initialiser: computed at run time
  state.value = first;
}

inline void selected_memory(PlainState& state, mem<ap_uint<16>, 8>& a, mem<ap_uint<16>, 8>& b, stream<ap_uint<16>>& x) {
  const ap_uint<16> value = x.read();
  mem<ap_uint<16>, 8>& chosen = value[0] ? a : b;
  state.value = chosen.read(value & 7);  // refused selected_memory: depends on run-time values
}

inline void selected_bank(PlainState& state, banked<ap_uint<16>, 8, 4>& banks, stream<ap_uint<16>>& x) {
  const ap_uint<16> value = x.read();
  banks.bank[value & 3].request(1);  // refused selected_bank: depends on run-time values
  state.value = banks.bank[0].data();
}

struct LargeState {
  ap_uint<16> values[128];
};

inline void large_array(LargeState& state, stream<ap_uint<16>>& x, stream<ap_uint<16>>& y) {
  const ap_uint<16> at = x.read();
  y.write(state.values[at & 127]);  // refused large_array: an array of 128 registers
}

struct PointerState {
  ap_uint<16>* where = nullptr;
};

inline void pointer_state(PointerState& state, stream<ap_uint<16>>& x) {  // refused pointer_state: where is a pointer
  state.where = nullptr;
  x.read();
}

struct FloatState {
  float value = 0;
};

inline void float_state(FloatState& state, stream<ap_uint<16>>& x) {  // refused float_state: has type float
  static_cast<void>(state);
  x.read();
}

struct UnionState {
  union {  // refused union_state: union
    std::uint8_t bytes[2];
    std::uint16_t word = 0;
  };
};

inline void union_state(UnionState& state, stream<ap_uint<16>>& x) {
  state.word = static_cast<std::uint16_t>(x.read());
}

struct FieldState {
  unsigned narrow : 3;  // refused bit_field: bit field narrow
};

inline void bit_field(FieldState& state, stream<ap_uint<16>>& x) { state.narrow = x.read() & 7; }

inline void no_state(stream<ap_uint<16>>& x) { x.read(); }  // refused no_state: first argument

inline void plain_argument(PlainState& state, PlainState& other) {  // refused plain_argument: takes stream
  state.value = other.value;
}

inline void compared_ports(PlainState& state, stream<ap_uint<16>>& x, stream<ap_uint<16>>& y) {
  state.value = x.read();
  y.write(state.value);
  if (&x == &y) state.value = 1;  // refused compared_ports: pointer
}

struct Triple {
  ap_uint<8> bytes[3];
};

inline void wide_shift(PlainState& state, stream<ap_uint<16>>& x) {
  std::uint32_t word = x.read();
  for (int by = 24; by <= 32; by += 8) word ^= word >> by;  // refused wide_shift: shifts by the width
  state.value = word;
}

inline void beyond_the_end(PlainState& state, stream<Triple>& x) {
  const Triple a = x.read();
  for (int i = 0; i < 4; ++i) {
    if (a.bytes[i] == 1) state.value = 1;  // refused beyond_the_end: beyond the end of its array
  }
}

}  // namespace sockwire
