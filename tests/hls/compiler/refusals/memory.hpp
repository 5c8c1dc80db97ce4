// SPDX-License-Identifier: Apache-2.0
// What hlsc must refuse of addresses, arrays and tables, in the form that language.hpp explains.
#pragma once

#include "hls/base/memory.hpp"
#include "hls/base/stream.hpp"

namespace sockwire {

struct ArrayState {
  ap_uint<16> values[8];
};

inline void pointer_from_number(ArrayState& state, stream<ap_uint<16>>& x) {
  // refused pointer_from_number at `reinterpret_cast`:
  //   an address is not a number in hardware
  const auto* place = reinterpret_cast<const ap_uint<16>*>(static_cast<std::uint64_t>(x.read()));
  state.values[0] = *place;
}

constexpr std::uint16_t kTable[4] = {1, 2, 3, 4};

inline void number_from_pointer(ArrayState& state, stream<ap_uint<16>>& x) {
  // refused number_from_pointer at `+ reinterpret_cast`:
  //   an address is not a number in hardware
  state.values[0] = x.read() + reinterpret_cast<std::uint64_t>(&kTable[1]);
}

inline void number_from_union(ArrayState& state, stream<ap_uint<16>>& x) {
  union {
    const ap_uint<16>* place;
    std::uint64_t number;
  } both;
  both.place = &state.values[0];
  // refused number_from_union at `number;`:
  //   an address is not a number in hardware
  state.values[0] = x.read() + both.number;
}

constexpr std::uint16_t kOtherTable[4] = {4, 3, 2, 1};

inline void compared_tables(ArrayState& state, stream<ap_uint<16>>& x) {
  const ap_uint<16> at = x.read();
  const std::uint16_t* table = at[0] ? kTable : kOtherTable;
  // refused compared_tables at `<`:
  //   pointers have no value in hardware and are not compared
  if (table + (at >> 14) < kOtherTable) state.values[0] = at;
}

extern const std::uint16_t kElsewhere[4];

inline void extern_table(ArrayState& state, stream<ap_uint<16>>& x) {
  // refused extern_table at `kElsewhere`:
  //   this reads through an address that is only known at run time; index a mem<> or an array that is a member of the
  //   state, or choose between values instead of references
  state.values[0] = kElsewhere[x.read() & 3];
}

static unsigned counter = 0;
constexpr unsigned* kVariables[1] = {&counter};

inline void hidden_variable(ArrayState& state, stream<ap_uint<16>>& x) {
  // refused hidden_variable at `*kVariables`:
  //   this reads through an address that is only known at run time; index a mem<> or an array that is a member of the
  //   state, or choose between values instead of references
  state.values[0] = x.read() + *kVariables[0];
}

constexpr const std::uint16_t* kTables[2] = {kTable, kTable + 1};

inline void table_of_tables(ArrayState& state, stream<ap_uint<16>>& x) {
  const ap_uint<16> at = x.read();
  // refused table_of_tables at `kTables`:
  //   a load of a pointer or vector
  state.values[0] = kTables[at & 1][at >> 15];
}

inline void number_from_table(ArrayState& state, stream<ap_uint<64>>& x) {
  std::uint64_t number = 0;
  __builtin_memcpy(&number, &kTables[1], sizeof(number));
  // refused number_from_table at `x.read() + number`:
  //   an address is not a number in hardware
  state.values[0] = x.read() + number;
}

struct LongTable {
  std::uint8_t entry[70'000];
};

constexpr LongTable long_table_entries() {
  LongTable table{};
  for (unsigned i = 0; i < 70'000; ++i) table.entry[i] = static_cast<std::uint8_t>(i % 251);
  return table;
}

constexpr LongTable kLongTable = long_table_entries();

inline void long_table(ArrayState& state, stream<ap_uint<32>>& x) {
  // refused long_table at `kLongTable`:
  //   a table of more than 65536 entries; use a bram
  state.values[0] = kLongTable.entry[x.read()];
}

inline void index_of_pointer(ArrayState& state, stream<ap_uint<16>>& x, stream<ap_uint<16>>& y) {
  const ap_uint<16>* from = state.values;
  // refused index_of_pointer at `write`:
  //   an index into memory whose bounds are unknown; index an array member of the state directly
  y.write(from[x.read()]);
}

struct NoArrayState {
  ap_uint<16> first = 0;
  ap_uint<16> rest[0];
};

inline void array_of_none(NoArrayState& state, stream<ap_uint<16>>& x) {
  // refused array_of_none at `state.rest`:
  //   this index is beyond the end of its array
  state.rest[x.read() & 3] = 3;
}

inline void run_time_array(ArrayState& state, stream<ap_uint<16>>& x) {
  // refused run_time_array at `scratch`:
  //   an array whose size is not a constant
  unsigned scratch[x.read() + 1];
  scratch[0] = 3;
  state.values[0] = scratch[0];
}

inline void run_time_copy(ArrayState& state, stream<ap_uint<16>>& x) {
  const ap_uint<16> at = x.read();
  // refused run_time_copy at `__builtin_memcpy`:
  //   a copy of a run-time number of bytes
  __builtin_memcpy(&state.values[at & 7], &state.values[0], at & 14);
}

inline void run_time_bytes(ArrayState& state, stream<ap_uint<16>>& x) {
  const ap_uint<16> at = x.read();
  // refused run_time_bytes at `__builtin_memcpy`:
  //   this copies through an address that is only known at run time; copy the members one by one
  __builtin_memcpy(&state.values[4], &state.values[0], at & 14);
}

inline void hidden_write(ArrayState& state, stream<ap_uint<16>>& x) {
  state.values[0] = x.read();
  // refused hidden_write at `= 3`:
  //   this writes through an address that is only known at run time; index a mem<> or an array that is a member of the
  //   state, or assign under a condition instead of through a reference
  *kVariables[0] = 3;
}

struct LargeState {
  ap_uint<16> values[128];
};

inline void large_array(LargeState& state, stream<ap_uint<16>>& x, stream<ap_uint<16>>& y) {
  const ap_uint<16> at = x.read();
  // refused large_array at `write`:
  //   a run-time index into an array of 128 registers; put it into a mem<> or bram<>
  y.write(state.values[at & 127]);
}

}  // namespace sockwire
