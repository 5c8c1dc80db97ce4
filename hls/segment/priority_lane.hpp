// SPDX-License-Identifier: Apache-2.0
// Stores FRAMEs whole and lets them go between segments: the lane has priority. A named arbiter, the one place where
// the order of frames on the wire is decided.
//
//   in   lane_frame, lane_beat   FRAMEs from the parser; always taken at once (the parser keeps to the credits)
//   in   segment, segment_info   frames from the assembler
//   out  frame, checksum         to checksum_insert; checksum before the first beat
//   out  info                    straight to mac_tx, before the frame. Depth at least 4, or small frames wait for it
//   out  lane_credit             control frames (7:0), ACK frames (15:8) that have left the lane
//   out  busy                    a frame is stored or passing
//
// A FRAME that turned out bad counts as having left: the host has paid for it.
#pragma once

#include "hls/base/memory.hpp"
#include "hls/base/stream.hpp"
#include "hls/segment/tx_types.hpp"

namespace sockwire {

constexpr int kLaneBytes = 8192;  ///< both control frames and all ACK frames
constexpr int kLaneQueue = 32;    ///< at least kControlFrames + kAckFrames
static_assert(card::kControlFrames * (card::kFrameBytesMax + 7) + card::kAckFrames * card::kAckFrameBytesMax <
                  kLaneBytes,
              "what the credits allow fits the lane");
static_assert(card::kControlFrames + card::kAckFrames < kLaneQueue, "and so do the frames' headers");

enum class LanePhase : std::uint8_t { kIdle = 0, kLane = 1, kSegment = 2 };

struct FreedCredit {
  bool control = false;
  bool ack = false;
};

template <int kBytes>
struct PriorityLaneState {
  LanePhase phase = LanePhase::kIdle;
  // Store.
  ap_uint<13> write_start = 0;  ///< row where the frame that comes in began
  ap_uint<13> write_row = 0;
  ap_uint<5> tail = 0;  ///< of the queue: the frame that comes in, or will
  bool incoming_ack = false;
  // Send.
  ap_uint<13> read_row = 0;
  ap_uint<5> head = 0;
  // Credits, and frames of the last step whose credit is to be given: one that was sent and one that was dropped.
  ap_uint<8> control = 0;
  ap_uint<8> ack = 0;
  FreedCredit sent;
  FreedCredit dropped;
};

inline FreedCredit credit_of(bool ack) {
  FreedCredit freed;
  freed.control = !ack;
  freed.ack = ack;
  return freed;
}

/// How many of two.
inline ap_uint<2> both(bool a, bool b) {
  ap_uint<2> count = 0;
  count[0] = a != b;
  count[1] = a && b;
  return count;
}

/// Gives back the credits that the last step has freed.
template <int kBytes>
inline void give_credits(PriorityLaneState<kBytes>& state) {
  state.control += both(state.sent.control, state.dropped.control);
  state.ack += both(state.sent.ack, state.dropped.ack);
  state.sent = FreedCredit();
  state.dropped = FreedCredit();
}

inline bool is_ack(const LaneFrame& frame) { return (frame.flags & static_cast<unsigned>(card::FrameFlag::kAck)) != 0; }

inline TxFrame tx_frame_of(const LaneFrame& frame) {
  TxFrame out;
  out.info.report = (frame.flags & static_cast<unsigned>(card::FrameFlag::kReportFrame)) != 0;
  out.info.credit = is_ack(frame) ? 2 : 1;
  out.info.tag = frame.tag;
  out.info.segments = 1;
  out.info.slot = 0xFF;
  out.checksum.insert_l3 = (frame.flags & static_cast<unsigned>(card::FrameFlag::kInsertL3)) != 0;
  out.checksum.insert_l4 = (frame.flags & static_cast<unsigned>(card::FrameFlag::kInsertL4)) != 0;
  out.checksum.udp_zero = (frame.flags & static_cast<unsigned>(card::FrameFlag::kUdpZero)) != 0;
  out.checksum.l3_word = frame.l3_word;
  out.checksum.l4_word = frame.l4_word;
  out.checksum.checksum_word = frame.checksum_word;
  out.checksum.pseudo_sum = frame.pseudo_sum;
  return out;
}

template <int kBytes>
void priority_lane(PriorityLaneState<kBytes>& state, bram<PacketWord<kBytes>, kLaneBytes / kBytes>& memory,
                   mem<LaneFrame, kLaneQueue>& queue, stream<LaneFrame>& lane_frame,
                   stream<LaneBeat<kBytes>>& lane_beat, stream<Beat<kBytes>>& segment, stream<TxFrame>& segment_info,
                   stream<Beat<kBytes>>& frame, stream<ChecksumPlan>& checksum, stream<FrameInfo>& info,
                   wire<ap_uint<16>>& lane_credit, wire<bool>& busy) {
  const LaneFrame stored = queue.read(state.head);
  const bool waiting = state.head != state.tail;
  give_credits<kBytes>(state);

  // Send: the lane first, then segments.
  if (state.phase == LanePhase::kIdle) {
    if ((waiting || !segment_info.empty()) && !checksum.full() && !info.full()) {
      TxFrame next = tx_frame_of(stored);
      if (!waiting) next = segment_info.read();
      checksum.write(next.checksum);
      info.write(next.info);
      state.phase = waiting ? LanePhase::kLane : LanePhase::kSegment;
    }
  } else if (state.phase == LanePhase::kLane) {
    if (!frame.full()) {
      const Beat<kBytes> beat = unpack_beat(memory.data());
      frame.write(beat);
      state.read_row = state.read_row + 1u;
      if (beat.last) {
        state.head += 1;
        state.sent = credit_of(is_ack(stored));
        state.phase = LanePhase::kIdle;
      }
    }
  } else if (!frame.full() && !segment.empty()) {
    const Beat<kBytes> beat = segment.read();
    frame.write(beat);
    if (beat.last) state.phase = LanePhase::kIdle;
  }
  memory.request(state.read_row & (kLaneBytes / kBytes - 1));

  // Store.
  if (!lane_beat.empty()) {
    const LaneBeat<kBytes> beat = lane_beat.read();
    memory.write(state.write_row & (kLaneBytes / kBytes - 1), pack_beat(beat.data, beat.keep, beat.last));
    state.write_row = beat.bad ? state.write_start : ap_uint<13>(state.write_row + 1u);
    if (beat.last) {
      state.write_start = state.write_row;
      if (beat.bad) state.dropped = credit_of(state.incoming_ack);
      if (!beat.bad) state.tail += 1;
    }
  }
  if (!lane_frame.empty()) {
    const LaneFrame in = lane_frame.read();
    if (in.reset) {
      state.control = 0;
      state.ack = 0;
    } else {
      queue.write(state.tail, in);
      state.incoming_ack = is_ack(in);
    }
  }
  lane_credit.write(ap_uint<16>((ap_uint<16>(state.ack) << 8) | state.control));
  busy.write(state.head != state.tail || state.phase != LanePhase::kIdle || state.dropped.control ||
             state.dropped.ack || state.sent.control || state.sent.ack);
}

}  // namespace sockwire
