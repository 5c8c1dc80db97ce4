// SPDX-License-Identifier: Apache-2.0
// Four streams of frames into one, round robin. An arbiter: who is served depends on when beats come.
#pragma once

#include "hls/base/beat.hpp"
#include "hls/base/stream.hpp"

namespace sockwire {

struct FrameArbiterState {
  ap_uint<2> served = 0;  ///< whose beat was the latest to leave
  bool inside = false;    ///< its frame is not over
};

/// A frame is not interrupted. After it the next in turn begins of those that have a beat, its own stream being the
/// last.
inline void frame_arbiter(FrameArbiterState& state, stream<Beat<1>>& a, stream<Beat<1>>& b, stream<Beat<1>>& c,
                          stream<Beat<1>>& d, stream<Beat<1>>& out) {
  const bool waits[4] = {!a.empty(), !b.empty(), !c.empty(), !d.empty()};
  ap_uint<2> chosen = state.served;
  if (!state.inside) {
    for (unsigned ahead = 3; ahead > 0; --ahead) {
      const ap_uint<2> other = state.served + ahead;
      if (waits[other]) chosen = other;
    }
  }
  if (!waits[chosen]) return;

  Beat<1> beat;
  switch (static_cast<unsigned>(chosen)) {
    case 0:
      beat = a.read();
      break;
    case 1:
      beat = b.read();
      break;
    case 2:
      beat = c.read();
      break;
    default:
      beat = d.read();
      break;
  }
  out.write(beat);
  state.served = chosen;
  state.inside = !beat.last;
}

}  // namespace sockwire
