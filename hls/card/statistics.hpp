// SPDX-License-Identifier: Apache-2.0
// The counters of the card: strobes come from every kernel at once, but the totals lie in a small memory with one write
// port. So each counter has a few bits of its own, and one counter a cycle, in turn, is added to its total.
//
// A counter's turn comes every kCounterCount = 24 cycles, and no kernel strobes a counter oftener than every second
// cycle (a frame or a message has two beats at least; a carrier needs a cycle without it to end): at most 12 are
// pending, and four bits suffice.
#pragma once

#include "hls/base/ap_uint.hpp"
#include "hls/base/memory.hpp"
#include "hls/card/layout.hpp"

namespace sockwire {

struct Statistics {
  static constexpr int kPendingBits = 4;
  static_assert(card::kCounterCount / 2 < (1 << kPendingBits), "a turn comes before a pending count overflows");
  static_assert(card::kCounterCount <= 32, "the totals' memory");

  ap_uint<kPendingBits> pending[card::kCounterCount] = {};
  ap_uint<5> turn = 0;   ///< the counter whose turn it is
  ap_uint<5> dirty = 0;  ///< cycles until all that was pending is in the totals
};

/// One cycle. Returns the total of the counter whose turn it is (statistics.turn at the call), with all the strobes of
/// the cycles before.
inline ap_uint<32> statistics_step(Statistics& statistics, mem<ap_uint<32>, 32>& totals,
                                   const ap_uint<card::kCounterCount>& strobes) {
  const ap_uint<5> turn = statistics.turn;
  ap_uint<Statistics::kPendingBits> due = 0;
#if defined(__HLSC__)
  const bool clean = false;
#else
  const bool clean = statistics.dirty == 0;  // nothing is pending: saves the native model the search
#endif
  if (!clean) {
    for (unsigned i = 0; i < card::kCounterCount; ++i) {
      if (turn == i) {
        due = statistics.pending[i];
        statistics.pending[i] = 0;
      }
    }
  }
  const ap_uint<32> total = totals.read(turn) + due;
  totals.write(turn, total);
  if (strobes != 0) {
    for (unsigned i = 0; i < card::kCounterCount; ++i) {
      const ap_uint<4> was = statistics.pending[i];
      const bool one = strobes[static_cast<int>(i)];
      const bool two = one && was[0];
      const bool four = two && was[1];
      const bool eight = four && was[2];
      ap_uint<4> flip = 0;
      flip[0] = one;
      flip[1] = two;
      flip[2] = four;
      flip[3] = eight;
      statistics.pending[i] = was ^ flip;  // adds `one`: a look-up table a bit is smaller than a carry chain
    }
    statistics.dirty = card::kCounterCount;
  } else if (statistics.dirty != 0) {
    statistics.dirty -= 1;
  }
  statistics.turn = turn == card::kCounterCount - 1 ? ap_uint<5>(0) : ap_uint<5>(turn + 1);
  return total;
}

}  // namespace sockwire
