// SPDX-License-Identifier: Apache-2.0
// Stores FRAMEs whole and lets them go between segments: the lane has priority. A named arbiter, the one place where
// the order of frames on the wire is decided.
//
//   in   lane_frame, lane_beat   FRAMEs from the parser; always taken at once (the parser keeps to the credits)
//   in   segment, segment_info   frames from the assembler
//   out  frame, checksum         to checksum_insert
//   out  info                    straight to mac_tx; ahead of the frame. Depth at least 4, or small frames wait for it
//   out  lane_credit             control frames (7:0), ACK frames (15:8) that have left the lane
//   out  busy                    a frame is stored or passing
#pragma once

#include "hls/base/memory.hpp"
#include "hls/base/stream.hpp"
#include "hls/segment/tx_types.hpp"

namespace sockwire {

constexpr int kLaneBytes = 8192;  ///< both control frames and all ACK frames, and one that is still leaving after HELLO
constexpr int kLaneQueue = 32;    ///< at least kControlFrames + kAckFrames + 1

/// A beat as the lane's memory holds it.
template <int kBytes>
struct LaneWord {
  ap_uint<8 * kBytes> data = 0;
};

/// A FRAME that waits.
struct StoredLaneFrame {
  LaneFrame header;
  ap_uint<11> bytes = 0;
};

template <int kBytes>
struct PriorityLaneState;

template <int kBytes>
void priority_lane(PriorityLaneState<kBytes>& state, bram<LaneWord<kBytes>, kLaneBytes / kBytes>& memory,
                   mem<StoredLaneFrame, kLaneQueue>& queue, stream<LaneFrame>& lane_frame,
                   stream<LaneBeat<kBytes>>& lane_beat, stream<Beat<kBytes>>& segment, stream<TxFrame>& segment_info,
                   stream<Beat<kBytes>>& frame, stream<ChecksumPlan>& checksum, stream<FrameInfo>& info,
                   wire<ap_uint<16>>& lane_credit, wire<bool>& busy);

}  // namespace sockwire
