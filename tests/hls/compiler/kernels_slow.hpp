// SPDX-License-Identifier: Apache-2.0
// Kernels whose recurrences are slow, each for another reason. They are compiled by the tests of the report.
#pragma once

#include "hls/base/memory.hpp"
#include "hls/base/stream.hpp"

namespace sockwire {

struct SlowSum {
  ap_uint<48> total = 0;
};

/// Three sums after one another, and the step after needs the last.
inline void slow_sum(SlowSum& s, wire<ap_uint<48>>& a, wire<ap_uint<48>>& total) {
  const ap_uint<48> x = a.read();
  const ap_uint<48> first = s.total ^ x;
  const ap_uint<48> second = first + (x >> 1);
  const ap_uint<48> third = second + (second >> 3);
  s.total = third + (third >> 5);
  total.write(s.total);
}

struct SlowCompare {
  ap_uint<64> last = 0;
};

inline void slow_compare(SlowCompare& s, wire<ap_uint<64>>& now, wire<bool>& late) {
  const ap_uint<64> time = now.read();
  const bool is_later = time > s.last;
  if (is_later) s.last = time;
  late.write(is_later);
}

struct SlowChoice {
  ap_uint<4> next[16] = {};
  ap_uint<4> at = 0;
};

/// A list in registers: what an entry says is where the next one is.
inline void slow_choice(SlowChoice& s, wire<ap_uint<4>>& index, wire<ap_uint<4>>& value, wire<ap_uint<4>>& at) {
  s.at = s.next[static_cast<unsigned>(s.at)];
  s.next[static_cast<unsigned>(index.read())] = value.read();
  at.write(s.at);
}

struct SlowEntry {
  ap_uint<4> at = 0;
};

/// The same in LUTRAM: what an entry says is where the next one is.
inline void slow_entry(SlowEntry& s, mem<ap_uint<4>, 16>& next, wire<ap_uint<4>>& index, wire<ap_uint<4>>& value,
                       wire<ap_uint<4>>& at) {
  next.write(static_cast<std::uint64_t>(index.read()), value.read());
  const ap_uint<4> once = next.read(static_cast<std::uint64_t>(s.at));
  s.at = next.read(static_cast<std::uint64_t>(once));
  at.write(s.at);
}

struct SlowWord {
  bool unused = false;
};

/// Changes what a block RAM holds, whose word comes late.
inline void slow_word(SlowWord& s, bram<ap_uint<12>, 1024>& counts, wire<ap_uint<10>>& index, wire<ap_uint<12>>& seen) {
  const ap_uint<12> count = counts.data();
  const std::uint64_t at = static_cast<std::uint64_t>(index.read());
  counts.request(at);
  counts.write(at, count ^ (count >> 1));
  seen.write(count);
}

struct Quick {
  ap_uint<8> count = 0;
};

/// What is slow about it lies before the recurrence, and can be cut.
inline void quick(Quick& s, wire<ap_uint<48>>& a, wire<ap_uint<8>>& count) {
  const ap_uint<48> x = a.read();
  const ap_uint<48> first = x + (x >> 1);
  const ap_uint<48> second = first + (first >> 3);
  if (second[17]) s.count += 1;
  count.write(s.count);
}

}  // namespace sockwire
