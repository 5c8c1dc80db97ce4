// SPDX-License-Identifier: Apache-2.0
// A dataflow function with all that one can have: a kernel that runs twice, parts within parts and in arrays, every
// kind of net, joins, and FIFOs of each sort. Its kernels' names begin with test_, as all modules that are in no card.
//
//   x --> route --+--> lane 0: scale --+--> merge --> y
//                 +--> lane 1: scale --+       taken --> watch --> report
#pragma once

#include "hls/base/dataflow.hpp"
#include "hls/base/memory.hpp"

namespace sockwire {

struct Word {
  ap_uint<11> value = 0;
  bool odd = false;
};

/// What the router's memory holds at first.
struct FirstWords {
  static constexpr Word at(int index) {
    Word word;
    word.value = 3 * index;
    return word;
  }
};

struct RouteState {
  ap_uint<3> turn = 5;
};

/// Words go left or right, as the one before at this place of a small memory says; right if left has no room.
inline void test_route(RouteState& state, mem<Word, 8, FirstWords>& before, stream<Word>& x, stream<Word>& left,
                       stream<Word>& right) {
  const Word word = x.read();
  const Word old = before.read(state.turn);
  before.write(state.turn, word);
  if ((old.value[0] || old.odd) && !left.full()) {
    left.write(word);
  } else {
    right.write(word);
  }
  state.turn = ap_uint<3>(state.turn + 1u);
}

struct ScaleState {
  ap_uint<4> left = 0;
  Word word;
};

/// Adds `step` to a word, `word.value % 4` times, then passes it on. events: a word came, a word went.
template <int kStep>
void test_scale(ScaleState& state, stream<Word>& in, wire<ap_uint<6>>& factor, stream<Word>& out, pulse<2>& events,
                wire<bool>& busy) {
  busy.write(state.left != 0);
  ap_uint<2> happened = 0;
  if (state.left == 0) {
    if (!in.empty()) {
      state.word = in.read();
      state.left = ap_uint<4>(1 + state.word.value.range(1, 0));
      happened[0] = true;
    }
  } else if (state.left == 1) {
    out.write(state.word);
    state.left = 0;
    happened[1] = true;
  } else {
    state.word.value += kStep * factor.read();
    state.left = ap_uint<4>(state.left - 1u);
  }
  events.write(happened);
}

struct MergeState {
  bool last = false;
  ap_uint<9> taken = 0;
};

/// From one of two, in turn if both have something.
inline void test_merge(MergeState& state, stream<Word>& a, stream<Word>& b, stream<Word>& out,
                       wire<ap_uint<9>>& taken) {
  const bool from_b = a.empty() || (state.last && !b.empty());
  if (!a.empty() || !b.empty()) {
    out.write(from_b ? b.read() : a.read());
    state.last = !from_b;
    state.taken += 1;
  }
  taken.write(state.taken);
}

struct Report {
  ap_uint<9> taken = 0;
  ap_uint<4> seen = 3;
};

struct WatchState {
  ap_uint<4> seen = 9;
};

/// Ors what it sees.
inline void test_watch(WatchState& state, wire<ap_uint<9>>& taken, wire<ap_uint<4>>& events, wire<ap_uint<2>>& busy,
                       wire<Report>& report) {
  state.seen |= static_cast<unsigned>(events.read()) ^ (static_cast<unsigned>(busy.read()) << 1);
  Report now;
  now.taken = taken.read();
  now.seen = state.seen;
  report.write(now);
  state.seen = ap_uint<4>(state.seen.range(2, 0) << 1);
}

/// One way through the design.
struct DiamondLane {
  Process<ScaleState> scale;
  stream<Word> out{5};
  pulse<2> events;
  busy_wire busy;
};

struct DiamondParts {
  Process<RouteState> route;
  mem<Word, 8, FirstWords> before;
  stream<Word> left;
  stream<Word> right{900};
  DiamondLane lanes[2];
  Process<MergeState> merge;
  struct {
    Process<WatchState> process;
    wire<ap_uint<4>> events;
    wire<ap_uint<2>> busy;
  } watch;

  template <typename Visitor>
  auto nets(Visitor visit) {
    return visit(left, right, lanes[0].out, lanes[0].events, lanes[0].busy, lanes[1].out, lanes[1].events,
                 lanes[1].busy, watch.events, watch.busy);
  }
};

template <int kStep>
void test_diamond(DiamondParts& d, stream<Word>& x, wire<ap_uint<6>>& factor, stream<Word>& y, wire<Report>& report,
                  wire<ap_uint<9>>& taken) {
#pragma HLS dataflow
  DiamondLane& first = d.lanes[0];
  DiamondLane& second = d.lanes[1];
  d.route.run(test_route, d.before, x, d.left, d.right);
  first.scale.run(test_scale<kStep>, d.left, factor, first.out, first.events, first.busy);
  second.scale.run(test_scale<kStep>, d.right, factor, second.out, second.events, second.busy);
  d.merge.run(test_merge, first.out, second.out, y, taken);
  join(d.watch.events, first.events, second.events);
  join(d.watch.busy, second.busy, first.busy);
  d.watch.process.run(test_watch, taken, d.watch.events, d.watch.busy, report);
}

}  // namespace sockwire
