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
  static_assert(card::kCounterCount < 32, "the totals' memory");

  ap_uint<kPendingBits> pending[card::kCounterCount] = {};
  ap_uint<5> turn = 0;            ///< the counter whose turn it is: what is pending of it
  ap_uint<kPendingBits> due = 0;  ///< goes here, and in the next cycle
  ap_uint<5> due_turn = 0;        ///< to this counter's total
  ap_uint<5> dirty = 0;           ///< cycles until all that was pending is in the totals
};

/// Which bits of a pending count turn over as `one` is added: a look-up table a bit is smaller than a carry chain.
inline ap_uint<Statistics::kPendingBits> incremented_bits(const ap_uint<Statistics::kPendingBits>& was, bool one) {
  ap_uint<Statistics::kPendingBits> flip = 0;
  flip[0] = one;
  flip[1] = one && was[0];
  flip[2] = one && was[0] && was[1];
  flip[3] = one && was[0] && was[1] && was[2];
  return flip;
}

/// One cycle. Returns the total of counter statistics.due_turn (at the call), with all the strobes of the cycles before
/// the last one.
inline ap_uint<32> statistics_step(Statistics& statistics, mem<ap_uint<32>, 32>& totals,
                                   const ap_uint<card::kCounterCount>& strobes) {
  const ap_uint<5> turn = statistics.turn;
  const bool strobed = strobes != 0;
  ap_uint<Statistics::kPendingBits> due = 0;
  if (strobed || statistics.dirty != 0) {
    for (unsigned i = 0; i < card::kCounterCount; ++i) {
      ap_uint<Statistics::kPendingBits> was = statistics.pending[i];
      if (turn == i) {
        due = was;
        was = 0;
      }
      statistics.pending[i] = was ^ incremented_bits(was, strobes[static_cast<int>(i)]);
    }
    statistics.dirty = strobed ? unsigned(card::kCounterCount + 1) : unsigned(statistics.dirty - 1u);
  }
  const ap_uint<5> due_turn = statistics.due_turn;
  const ap_uint<32> total = totals.read(due_turn) + statistics.due;
  if (statistics.due != 0) totals.write(due_turn, total);
  statistics.due = due;
  statistics.due_turn = turn;
  statistics.turn = turn == card::kCounterCount - 1 ? ap_uint<5>(0) : ap_uint<5>(turn + 1);
  return total;
}

}  // namespace sockwire
