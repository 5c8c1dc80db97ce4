// SPDX-License-Identifier: Apache-2.0
// What hlsc must refuse in the body of a kernel. A comment as this one stands above the line that the message about
// kernel NAME must name; the column is where TOKEN begins, or the first; what follows is the whole message:
//
//   // refused NAME at `TOKEN`:
//   //   message, which may
//   //   continue; {-1} is the number of the line before
//
// Headers like this one are not for g++.
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
  // refused unbounded_loop at `while`:
  //   this loop does not unroll: its number of rounds is no constant of at most 4096; give it a constant bound (with an
  //   if inside), or spread it over steps with a counter in the state
  while (left != 0) {
    left = ap_uint<16>(left & (left - 1));
    state.value += 3;
  }
}

// refused endless_loop:
//   this kernel never returns; a kernel is one step, called once per clock
inline void endless_loop(PlainState& state, stream<ap_uint<16>>& x) {
  while (true) state.value += x.read();
}

inline unsigned countdown(unsigned n) {
  // refused recursion at `countdown(n - 1)`:
  //   recursion: sockwire::countdown calls itself; hardware has no stack, use a loop with a constant bound
  return n == 0 ? 0 : 1 + countdown(n - 1);
}

inline void recursion(PlainState& state, stream<ap_uint<16>>& x) {
  state.value = countdown(static_cast<unsigned>(x.read()));
}

// refused computed_goto:
//   this kind of jump is not synthesised; use if, switch and loops with a constant bound
inline void computed_goto(PlainState& state, stream<ap_uint<16>>& x) {
  static constexpr void* const kPlaces[2] = {&&one, &&two};
  goto* kPlaces[x.read() & 1];
one:
  state.value = 1;
  return;
two:
  state.value = 2;
}

inline void floating(PlainState& state, stream<ap_uint<16>>& x) {
  // refused floating at `static_cast<unsigned>(x`:
  //   floating point is not synthesised; use ap_uint with a scale of your choice
  const float scaled = static_cast<float>(static_cast<unsigned>(x.read())) * 1.5f;
  state.value = static_cast<unsigned>(scaled);
}

typedef unsigned FourWords __attribute__((vector_size(16)));

inline void vectors(PlainState& state, stream<ap_uint<16>>& x) {
  const unsigned one = static_cast<unsigned>(x.read());
  // refused vectors at `{one`:
  //   vectors are not synthesised
  const FourWords words = {one, 1, 2, 3};
  state.value = (words + words)[state.at & 3];
}

inline void very_wide(PlainState& state, stream<ap_uint<16>>& x) {
  const ap_uint<16> value = x.read();
  // refused very_wide at `value.value()`:
  //   integers of more than 128 bits are not synthesised; use a struct of narrower ones
  state.value = static_cast<unsigned>(static_cast<unsigned _BitInt(200)>(value.value()) >> 3);
}

inline void division(PlainState& state, stream<ap_uint<16>>& x) {
  // refused division at `/ (state`:
  //   division by a run-time value needs many cycles; count or subtract in the state, a step at a time
  state.value = x.read() / (state.at + 1);
}

inline void division_by_ten(PlainState& state, stream<ap_uint<16>>& x) {
  // refused division_by_ten at `/ 10`:
  //   division by a constant that is not a power of two; multiply by its reciprocal or count instead
  state.value = x.read() / 10;
}

inline void remainder_of(PlainState& state, stream<ap_uint<16>>& x) {
  // refused remainder_of at `% (state`:
  //   division by a run-time value needs many cycles; count or subtract in the state, a step at a time
  state.value = x.read() % (state.at + 1);
}

extern "C" unsigned outside_function(unsigned);

inline void external_call(PlainState& state, stream<ap_uint<16>>& x) {
  // refused external_call at `outside_function`:
  //   call of outside_function, whose body is not in this unit; hardware has no library to call
  state.value = outside_function(static_cast<unsigned>(x.read()));
}

inline void indirect_call(PlainState& state, wire<ap_uint<16>>& x) {
  unsigned (*const choice)(unsigned) = state.at == 0 ? &countdown : &outside_function;
  // refused indirect_call at `choice`:
  //   a call through a pointer; call the function by its name
  state.value = choice(static_cast<unsigned>(x.read()));
}

inline void trap(PlainState& state, stream<ap_uint<16>>& x) {
  state.value = x.read();
  // refused trap at `__builtin_trap`:
  //   this call is not synthesised
  if (state.value == 0) __builtin_trap();
}

inline void assembly(PlainState& state, stream<ap_uint<16>>& x) {
  state.value = x.read();
  // refused assembly at `asm`:
  //   assembly is not synthesised
  asm volatile("nop");
}

inline void atomic_add(PlainState& state, stream<ap_uint<16>>& x) {
  unsigned total = 0;
  // refused atomic_add at `__atomic`:
  //   operation 'atomicrmw' is not synthesised
  __atomic_fetch_add(&total, static_cast<unsigned>(x.read()), __ATOMIC_SEQ_CST);
  state.value = total;
}

inline void volatile_variable(PlainState& state, stream<ap_uint<16>>& x) {
  // refused volatile_variable at `total`:
  //   volatile and atomic accesses are not synthesised; a step is atomic, and nothing else sees its state
  volatile unsigned total = static_cast<unsigned>(x.read());
  state.value = total;
}

inline void cycle_counter(PlainState& state, stream<ap_uint<16>>& x) {
  // refused cycle_counter at `__builtin_readcyclecounter`:
  //   intrinsic llvm.readcyclecounter is not synthesised
  state.value = x.read() + __builtin_readcyclecounter();
}

inline void static_variable(PlainState& state, stream<ap_uint<16>>& x) {
  static unsigned total = 0;
  // refused static_variable at `+=`:
  //   variable total is neither constant at compile time nor in the kernel's state; make it constexpr or a member of
  //   the state
  total += static_cast<unsigned>(x.read());
  state.value = total;
}

inline void static_initialiser(PlainState& state, stream<ap_uint<16>>& x) {
  // refused static_initialiser at `static const`:
  //   a static whose first value is computed at run time; make it constexpr or a member of the state
  static const unsigned first = static_cast<unsigned>(x.read());
  state.value = first;
}

struct Triple {
  ap_uint<8> bytes[3];
};

inline void wide_shift(PlainState& state, stream<ap_uint<16>>& x) {
  std::uint32_t word = x.read();
  // refused wide_shift at `>>`:
  //   this shifts by the width of what it shifts, or more
  for (int by = 24; by <= 32; by += 8) word ^= word >> by;
  state.value = word;
}

inline void beyond_the_end(PlainState& state, stream<Triple>& x) {
  const Triple a = x.read();
  for (int i = 0; i < 4; ++i) {
    // refused beyond_the_end at `a.bytes`:
    //   this index is beyond the end of its array
    if (a.bytes[i] == 1) state.value = 1;
  }
}

}  // namespace sockwire
