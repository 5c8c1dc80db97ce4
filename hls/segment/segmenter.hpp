// SPDX-License-Identifier: Apache-2.0
// Cuts queued SENDs into segments: slots in turn, a segment each; a segment is planned when its payload is in the send
// buffer and its pacing gap has passed, and skipped when its range was released. A named arbiter: commands come first,
// whatever the state of the plans.
//
//   in   command        from the parser, in order
//   in   now_ns         card time
//   in   soft_request   which slot's soft state to show
//   out  plan           segments, and queue entries to be given free, to the assembler
//   out  departure      of SENDs whose last segment was released (to event_writer's `released`)
//   out  soft           soft state of the requested slot
//   out  busy           false: nothing will happen until a command or the deadline comes. True for a while after it
//   out  deadline       the next pacing time; valid while busy is false
//   out  counters       card::Counter kTxSegments, kTxReleased
#pragma once

#include "hls/base/memory.hpp"
#include "hls/base/stream.hpp"
#include "hls/segment/tx_types.hpp"

namespace sockwire {

constexpr int kSegmenterCounters = 2;

/// What does not change while a SEND is queued.
struct QueuedSend {
  ap_uint<16> mss = 0;
  ap_uint<16> tag = 0;
  ap_uint<4> flags = 0;
};

/// How far it has got.
struct SendProgress {
  ap_uint<32> seq = 0;
  ap_uint<16> remaining = 0;
  ap_uint<16> index = 0;
  ap_uint<8> segments = 0;
};

struct SegmenterState;

inline void segmenter(SegmenterState& state, mem<QueuedSend, kQueueEntries>& queued,
                      mem<ap_uint<32>, kQueueEntries>& gaps, mem<SendProgress, kQueueEntries>& progress,
                      mem<Ring, card::kSlots>& rings, mem<ap_uint<32>, card::kSlots>& written,
                      mem<ap_uint<32>, card::kSlots>& released, mem<SoftState, card::kSlots>& soft_states,
                      mem<ap_uint<64>, card::kSlots>& due, stream<SlotCommand>& command, wire<ap_uint<64>>& now_ns,
                      wire<SoftRequest>& soft_request, stream<SegmentPlan>& plan, stream<Departure>& departure,
                      wire<SoftState>& soft, wire<bool>& busy, wire<Deadline>& deadline,
                      pulse<kSegmenterCounters>& counters);

}  // namespace sockwire
