// SPDX-License-Identifier: Apache-2.0
// What hlsc must refuse of a kernel's arguments and of what it does with them, in the form that language.hpp explains.
#pragma once

#include "hls/base/memory.hpp"
#include "hls/base/stream.hpp"

namespace sockwire {

struct PortState {
  ap_uint<16> value = 0;
  ap_uint<3> at = 0;
};

inline void two_writes(PortState& state, stream<ap_uint<16>>& x, stream<ap_uint<16>>& y) {
  state.value = x.read();
  y.write(state.value);
  // refused two_writes at `write`:
  //   a second write of y in the same step (the first is in line {-4}); a step does it once: make them exclusive
  //   branches of one if, or use two steps
  if (state.at == 0) y.write(3);
}

inline void two_reads(PortState& state, stream<ap_uint<16>>& x) {
  state.value = x.read();
  // refused two_reads at `read`:
  //   a second read of x in the same step (the first is in line {-4}); a step does it once: make them exclusive
  //   branches of one if, or use two steps
  if (state.value[0]) state.value = x.read();
}

inline void two_memory_writes(PortState& state, mem<ap_uint<16>, 8>& table, stream<ap_uint<16>>& x) {
  for (int i = 0; i < 2; ++i) {
    // refused two_memory_writes at `write`:
    //   a second write of table in the same step (the first is in line {0}); a step does it once: make them exclusive
    //   branches of one if, or use two steps
    table.write(static_cast<unsigned>(i), x.read());
  }
  state.value = 1;
}

inline void two_requests(PortState& state, bram<ap_uint<16>, 8>& table, stream<ap_uint<16>>& x) {
  state.value = table.data();
  const ap_uint<16> value = x.read();
  if (value[1]) table.request(1);
  // refused two_requests at `request`:
  //   a second request of table in the same step (the first is in line {-4}); a step does it once: make them exclusive
  //   branches of one if, or use two steps
  if (value[2]) table.request(2);
}

inline void read_and_written(PortState& state, stream<ap_uint<16>>& x) {
  state.value = x.read();
  // refused read_and_written at `write`:
  //   port x is both read and written; a port has one direction
  x.write(state.value);
}

inline void selected_memory(PortState& state, mem<ap_uint<16>, 8>& a, mem<ap_uint<16>, 8>& b, stream<ap_uint<16>>& x) {
  const ap_uint<16> value = x.read();
  mem<ap_uint<16>, 8>& chosen = value[0] ? a : b;
  // refused selected_memory at `read`:
  //   which port or memory this is depends on run-time values; write one access per port, each under its own condition
  state.value = chosen.read(value & 7);
}

inline void selected_bank(PortState& state, banked<ap_uint<16>, 8, 4>& banks, stream<ap_uint<16>>& x) {
  const ap_uint<16> value = x.read();
  // refused selected_bank at `request`:
  //   which port or memory this is depends on run-time values; write one access per port, each under its own condition
  banks.bank[value & 3].request(1);
  state.value = banks.bank[0].data();
}

inline void compared_ports(PortState& state, stream<ap_uint<16>>& x, stream<ap_uint<16>>& y) {
  state.value = x.read();
  y.write(state.value);
  // refused compared_ports at `== &y`:
  //   port x is used as a pointer; only its member functions are synthesised
  if (&x == &y) state.value = 1;
}

extern "C" void hlsc_stream_peek(const void*, void*);

inline void unknown_intrinsic(PortState& state, stream<ap_uint<16>>& x) {
  // refused unknown_intrinsic at `hlsc_stream_peek`:
  //   unknown intrinsic hlsc_stream_peek
  hlsc_stream_peek(&x, &state);
}

inline void wrong_kind(PortState& state, stream<ap_uint<16>>& x) {
  // refused wrong_kind at `hlsc_wire_read`:
  //   hlsc_wire_read is called on x, which is of another kind
  hlsc_wire_read(&x, &state);
}

// refused no_state:
//   the first argument of a kernel is a reference to its state
inline void no_state(stream<ap_uint<16>>& x) { x.read(); }

// refused plain_argument:
//   argument other has type PortState; after the state a kernel takes stream, wire, pulse, mem, bram and banked
inline void plain_argument(PortState& state, PortState& other) { state.value = other.value; }

// refused number_argument:
//   argument x is not a reference to a port, a memory or the state
inline void number_argument(PortState& state, unsigned& x) { state.value = x; }

// refused unnamed_argument:
//   argument 1 needs a name
inline void unnamed_argument(PortState& state, stream<ap_uint<16>>&) { state.value = 1; }

// refused unnamed_state:
//   argument 0 needs a name
inline void unnamed_state(PortState&, wire<bool>& x) { x.write(true); }

void declared_only(PortState& state, stream<ap_uint<16>>& x);

inline void unused_port(PortState& state, stream<ap_uint<16>>& x) { state.value += 1; }

struct Nothing {};

// refused empty_type:
//   port x carries a type without members
inline void empty_type(PortState& state, stream<Nothing>& x) {
  x.read();
  state.value = 1;
}

// refused empty_memory:
//   port table carries a type without members
inline void empty_memory(PortState& state, mem<Nothing, 8>& table) { state.value = 1; }

// refused six_entries:
//   memory table has 6 entries; a memory has a power of two of them, and at most 1048576
inline void six_entries(PortState& state, mem<ap_uint<8>, 6>& table) { state.value = table.read(state.at).value(); }

// refused many_banks:
//   this kernel is too large: memory banks has more than 64 banks
inline void many_banks(PortState& state, banked<ap_uint<8>, 8, 65>& banks) { state.value = 1; }

struct PointerState {
  ap_uint<16>* where = nullptr;
};

// refused pointer_state:
//   state.where is a pointer or another type without bits of its own; use ap_uint, bool, enum class, structs and arrays
//   of them
inline void pointer_state(PointerState& state, stream<ap_uint<16>>& x) {
  state.where = nullptr;
  x.read();
}

struct FloatState {
  float value = 0;
};

// refused float_state:
//   state.value has type float; hardware here has integers only
inline void float_state(FloatState& state, stream<ap_uint<16>>& x) {
  static_cast<void>(state);
  x.read();
}

struct UnionState {
  // refused union_state:
  //   a union: name the bits with range() instead of a union
  union {
    std::uint8_t bytes[2];
    std::uint16_t word = 0;
  };
};

inline void union_state(UnionState& state, stream<ap_uint<16>>& x) {
  state.word = static_cast<std::uint16_t>(x.read());
}

struct FieldState {
  // refused bit_field:
  //   bit field narrow: use ap_uint<N>
  unsigned narrow : 3;
};

inline void bit_field(FieldState& state, stream<ap_uint<16>>& x) { state.narrow = x.read() & 7; }

// refused negative_enum:
//   enumerator kMinus is negative
enum class Sign { kPlus = 1, kMinus = -1 };

struct SignState {
  Sign sign = Sign::kPlus;
};

inline void negative_enum(SignState& state, stream<ap_uint<16>>& x) {
  x.read();
  state.sign = Sign::kPlus;
}

struct FlexibleState {
  ap_uint<16> first = 0;
  ap_uint<16> rest[];
};

// refused flexible_array:
//   array state.rest has no fixed size
inline void flexible_array(FlexibleState& state, stream<ap_uint<16>>& x) { state.first = x.read(); }

namespace foreign {

template <typename T>
// refused named_width:
//   cannot read the width of ap_uint<char>
struct ap_uint {
  T value = 0;
};

struct DigitState {
  ap_uint<char> digit;
};

}  // namespace foreign

inline void named_width(foreign::DigitState& state, stream<ap_uint<16>>& x) {
  x.read();
  state.digit.value = 1;
}

}  // namespace sockwire
