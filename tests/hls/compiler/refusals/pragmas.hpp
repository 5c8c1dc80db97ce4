// SPDX-License-Identifier: Apache-2.0
// What hlsc must refuse of a kernel's pragmas, in the form that language.hpp explains.
#pragma once

#include "hls/base/memory.hpp"
#include "hls/base/stream.hpp"

namespace sockwire {

struct CountState {
  ap_uint<4> at = 0;
};

inline void pragma_without_value(CountState& state, mem<ap_uint<16>, 16>& items, stream<ap_uint<16>>& y) {
  // refused pragma_without_value at `#pragma`:
  //   pragma bind_storage needs impl=
#pragma HLS bind_storage variable = items
  y.write(items.read(state.at));
  ++state.at;
}

inline void unknown_storage(CountState& state, mem<ap_uint<16>, 16>& items, stream<ap_uint<16>>& y) {
  // refused unknown_storage at `#pragma`:
  //   impl=uram is not one of lutram, bram and register
#pragma HLS bind_storage variable = items impl = uram
  y.write(items.read(state.at));
  ++state.at;
}

inline void period_of_none(CountState& state, stream<ap_uint<16>>& y) {
  // refused period_of_none at `#pragma`:
  //   a period is a number of nanoseconds, not fast
#pragma hlsc period ns = fast
  y.write(++state.at);
}

inline void unknown_pragma(CountState& state, stream<ap_uint<16>>& y) {
  // refused unknown_pragma at `#pragma`:
  //   unknown pragma guess
#pragma HLS guess
  y.write(++state.at);
}

inline void storage_of_nothing(CountState& state, stream<ap_uint<16>>& y) {
  // refused storage_of_nothing at `#pragma`:
  //   no mem<> of this kernel is called items
#pragma HLS bind_storage variable = items impl = bram
  y.write(++state.at);
}

inline void reset_of_nothing(CountState& state, stream<ap_uint<16>>& y) {
  // refused reset_of_nothing at `#pragma`:
  //   no register of this kernel's state is called a
#pragma HLS reset variable = state.a off
  y.write(++state.at);
}

inline void block_of_two_reads(CountState& state, mem<ap_uint<16>, 16>& items, stream<ap_uint<16>>& y) {
  // refused block_of_two_reads at `#pragma`:
  //   items cannot be block RAM: it is read at more than one address in a step, and a block RAM has one port to read
#pragma HLS bind_storage variable = items impl = bram
  y.write(items.read(state.at) ^ items.read(state.at ^ 3));
  ++state.at;
}

inline void block_never_read(CountState& state, mem<ap_uint<16>, 16>& items, stream<ap_uint<16>>& x) {
  // refused block_never_read at `#pragma`:
  //   items cannot be block RAM: it is never read
#pragma HLS bind_storage variable = items impl = bram
  items.write(state.at, x.read());
  ++state.at;
}

inline void block_that_decides(CountState& state, mem<ap_uint<16>, 16>& items, stream<ap_uint<16>>& x) {
  // refused block_that_decides at `#pragma`:
  //   items cannot be block RAM: which streams a step reads depends on it, which has to be known as the step starts
#pragma HLS bind_storage variable = items impl = bram
  if (items.read(state.at)[0]) items.write(state.at, x.read());
  ++state.at;
}

inline void block_in_a_ring(CountState& state, mem<ap_uint<4>, 16>& items, stream<ap_uint<4>>& x) {
  // refused block_in_a_ring at `#pragma`:
  //   items cannot be block RAM: its address depends on what it gave in the step before, and a block RAM gives its word
  //   a clock later
#pragma HLS bind_storage variable = items impl = bram
  state.at = items.read(state.at);
  items.write(state.at, x.read());
}

}  // namespace sockwire
