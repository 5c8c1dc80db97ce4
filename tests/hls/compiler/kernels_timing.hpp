// SPDX-License-Identifier: Apache-2.0
// Circuits whose speed was measured, for the delay model; from registers to registers.
#pragma once

#include "hls/base/memory.hpp"
#include "hls/base/stream.hpp"

namespace sockwire {

struct NoState {};

struct TwoWords {
  ap_uint<32> a = 0;
  ap_uint<32> b = 0;
};

inline void timing_sum(NoState& state, wire<TwoWords>& in, wire<ap_uint<32>>& out) {
  const TwoWords words = in.read();
  out.write(ap_uint<32>(words.a + words.b));
}

struct FourWords {
  ap_uint<16> word[4] = {};
};

inline ap_uint<17> fold(const ap_uint<18>& sum) { return ap_uint<17>(sum.range(15, 0) + sum.range(17, 16)); }

/// RFC 1071: the sum of four words with its carries added, twice.
inline void timing_ones_complement_sum(NoState& state, wire<FourWords>& in, wire<ap_uint<16>>& out) {
  const FourWords words = in.read();
  const ap_uint<18> sum = ap_uint<18>(words.word[0] + words.word[1] + words.word[2] + words.word[3]);
  out.write(ap_uint<16>(fold(fold(sum))));
}

struct Window {
  ap_uint<32> seq = 0;
  ap_uint<32> end = 0;
  ap_uint<32> rcv_nxt = 0;
  ap_uint<32> rcv_wnd = 0;
};

/// RFC 9293 3.4: whether the first or the last byte of a segment is in the window.
inline void timing_window_check(NoState& state, wire<Window>& in, wire<bool>& out) {
  const Window at = in.read();
  const bool first = ap_uint<32>(at.seq - at.rcv_nxt) < at.rcv_wnd;
  const bool last = ap_uint<32>(at.end - at.rcv_nxt) < at.rcv_wnd;
  out.write(first || last);
}

struct Lookup {
  ap_uint<10> index = 0;
  ap_uint<32> operand = 0;
  ap_uint<32> limit = 0;
};

inline void timing_block_ram(NoState& state, bram<ap_uint<32>, 1024>& table, wire<Lookup>& in, wire<ap_uint<32>>& out) {
  const Lookup lookup = in.read();
  out.write(table.data());
  table.request(lookup.index);
  table.write(lookup.index, lookup.operand);
}

inline void timing_block_ram_sum(NoState& state, bram<ap_uint<32>, 1024>& table, wire<Lookup>& in,
                                 wire<ap_uint<32>>& out) {
  const Lookup lookup = in.read();
  out.write(ap_uint<32>(table.data() + lookup.operand));
  table.request(lookup.index);
  table.write(lookup.index, lookup.operand);
}

inline void timing_block_ram_choice(NoState& state, bram<ap_uint<32>, 1024>& table, wire<Lookup>& in,
                                    wire<ap_uint<32>>& out) {
  const Lookup lookup = in.read();
  const ap_uint<32> left = ap_uint<32>(table.data() - lookup.operand);
  out.write(left < lookup.limit ? left : lookup.limit);
  table.request(lookup.index);
  table.write(lookup.index, lookup.operand);
}

}  // namespace sockwire
