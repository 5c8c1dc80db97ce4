// SPDX-License-Identifier: Apache-2.0
// Takes the first two bytes off each frame and moves the rest up, 64 bits a beat.
//
//   in    [h h 0 1 2 3 4 5] [6 7 8 9 - - - -]
//   out                     [0 1 2 3 4 5 6 7] [8 9 - - - - - -]    the last beat only if something is left
#pragma once

#include "hls/base/beat.hpp"
#include "hls/base/stream.hpp"

namespace sockwire {

struct HeaderStripState {
  ap_uint<48> held = 0;      ///< the six bytes that the next beat out begins with
  ap_uint<6> held_keep = 0;  ///< which of them there are
  bool inside = false;       ///< they are of a frame that has begun
  bool ending = false;       ///< they are the last ones of a frame: nothing is read
};

/// A frame of up to two bytes makes no beat at all.
inline void header_strip(HeaderStripState& state, stream<Beat<8>>& frame, stream<Beat<8>>& stripped) {
  Beat<8> out;
  out.data = state.held;
  out.keep = state.held_keep;
  if (state.ending) {
    out.last = true;
    stripped.write(out);
    state.ending = false;
    return;
  }
  const Beat<8> in = frame.read();
  const bool more = in.keep[2];  // than fits into this beat out
  if (state.inside) {
    out.data.range(63, 48) = in.data.range(15, 0);
    out.keep.range(7, 6) = in.keep.range(1, 0);
    out.last = in.last && !more;
    stripped.write(out);
  }
  state.held = in.data.range(63, 16);
  state.held_keep = in.keep.range(7, 2);
  state.inside = !in.last;
  state.ending = in.last && more;
}

}  // namespace sockwire
