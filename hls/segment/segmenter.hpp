// SPDX-License-Identifier: Apache-2.0
// Cuts queued SENDs into segments: slots in turn, a segment each; a segment is planned when its payload is in the send
// buffer and its pacing gap has passed, and skipped when its range was released. A named arbiter: commands come first,
// whatever the state of the plans.
//
//   in   command        from the parser, in order; always taken at once
//   in   now_ns         card time
//   in   soft_request   which slot's soft state to show
//   out  plan           segments, and queue entries to be given free, to the assembler
//   out  soft           soft state of the requested slot
//   out  busy           false: nothing will happen until a command or the deadline comes. True for a while after it
//   out  deadline       the next pacing time; meant while busy is false
//   out  counters       card::Counter kTxSegments, kTxReleased
//
// A slot's look takes six steps, so that no step holds more than one 32-bit sum:
// select a slot, find its entry, size its segment, find its end, compare, decide.
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

/// Known of it only when its whole body is.
struct QueuedPace {
  ap_uint<32> gap_ns = 0;
  bool fin = false;  ///< its last segment occupies one sequence number more than it has bytes
};

/// How far it has got.
struct SendProgress {
  ap_uint<32> seq = 0;
  ap_uint<16> remaining = 0;
  ap_uint<16> index = 0;
  ap_uint<8> segments = 0;
};

enum class SegmenterPhase : std::uint8_t { kSelect = 0, kEntry = 1, kSize = 2, kEnd = 3, kCompare = 4, kDecide = 5 };

/// Looks at slots in vain after which every active one was seen.
constexpr int kQuietLooks = card::kSlots;

/// What a look finds out about the segment that is next.
struct SegmentFacts {
  ap_uint<16> bytes = 0;
  bool final = false;
  bool drop = false;
  QueuedPace pace;
  bool is_paced = false;
  bool time_has_come = false;  ///< if it is
  ap_uint<32> end = 0;
  ap_uint<16> remaining = 0;   ///< of the SEND, after it
  ap_uint<16> next_index = 0;  ///< likewise
  ap_uint<8> segments = 0;     ///< likewise, if it is not skipped
  bool has_bytes = false;
  bool is_written = false;  ///< up to its end
  bool is_past = false;     ///< its end was released,
  bool is_at = false;       ///< and no more
};

template <int kBytes>
struct SegmenterState {
  SegmenterPhase phase = SegmenterPhase::kSelect;
  ap_uint<3> slot = 0;                            ///< that is looked at, or was last
  ap_uint<entry_bits(kBytes)> entry = 0;          ///< of its queue, from kSize on
  ap_uint<8> active = 0;                          ///< per slot: any place of its queue is valid
  ap_uint<8> valid[queue_places(kBytes)] = {};    ///< per place and slot: holds a SEND
  ap_uint<8> dropped[queue_places(kBytes)] = {};  ///< per place and slot: which is to be forgotten
  Places<kBytes> head;                            ///< that is served
  ap_uint<8> paced = 0;                           ///< per slot: its next segment waits for `due`
  SegmentFacts facts;
  // Looks in vain since anything changed, and the earliest pacing time seen in them.
  ap_uint<4> quiet = 0;
  Deadline deadline;
};

/// The first slot after `slot` whose bit in `active` is set; `slot` if none is.
inline ap_uint<3> next_slot(const ap_uint<3>& slot, const ap_uint<8>& active) {
  ap_uint<3> first = slot;  // of all
  ap_uint<3> after = 0;     // of those after `slot`
  bool is_after = false;
  for (int i = 7; i >= 0; --i) {
    if (active[i]) first = static_cast<unsigned>(i);
    if (active[i] && static_cast<unsigned>(i) > slot) {
      after = static_cast<unsigned>(i);
      is_after = true;
    }
  }
  return is_after ? after : first;
}

inline ap_uint<8> slot_bit(const ap_uint<3>& slot) { return ap_uint<8>(ap_uint<8>(1) << slot); }

/// a <= b in sequence space.
inline bool not_after(const ap_uint<32>& a, const ap_uint<32>& b) { return !ap_uint<32>(b - a)[31]; }

/// Takes one command.
template <int kBytes>
inline void take_command(SegmenterState<kBytes>& state, const SlotCommand<kBytes>& in,
                         mem<QueuedSend, queue_entries(kBytes)>& queued, mem<QueuedPace, queue_entries(kBytes)>& paces,
                         mem<SendProgress, queue_entries(kBytes)>& progress, mem<Ring<kBytes>, card::kSlots>& rings,
                         mem<ap_uint<32>, card::kSlots>& written, mem<ap_uint<32>, card::kSlots>& released,
                         mem<SoftState, card::kSlots>& soft_states) {
  const ap_uint<3> slot = slot_of<kBytes>(in.entry);
  const bool open = in.op == SlotOp::kOpen;
  if (in.op == SlotOp::kReset || open) {
    const ap_uint<8> affected = open ? slot_bit(slot) : ap_uint<8>(0xFF);
    for (unsigned place = 0; place < queue_places(kBytes); ++place) {
      state.dropped[place] = state.dropped[place] | (state.valid[place] & affected);
    }
    state.phase = SegmenterPhase::kSelect;
  }
  if (open) {
    rings.write(slot, ring_of<kBytes>(in.tag, in.arg));
    state.paced = state.paced & ap_uint<8>(slot_bit(slot) ^ 0xFF);
  }
  if (open || in.op == SlotOp::kWritten) written.write(slot, in.seq);
  if (open || in.op == SlotOp::kRelease) released.write(slot, in.seq);
  if (in.op == SlotOp::kUpdate) {
    SoftState soft;
    soft.rcv_nxt = in.seq;
    soft.window = in.tag;
    soft.tsecr = in.arg;
    soft_states.write(slot, soft);
  }
  if (in.op == SlotOp::kSend) {
    QueuedSend send;
    send.mss = in.arg.range(31, 16);
    send.tag = in.tag;
    send.flags = in.flags;
    queued.write(in.entry, send);
    SendProgress start;
    start.seq = in.seq;
    start.remaining = in.arg.range(15, 0);
    progress.write(in.entry, start);
  }
  if (in.op == SlotOp::kCommit) {
    QueuedPace pace;
    pace.gap_ns = in.arg;
    pace.fin = in.seq[8 * (card::send::kLastFlags - 8)];  // FIN is bit 0 of the TCP flags
    paces.write(in.entry, pace);
    for (unsigned place = 0; place < queue_places(kBytes); ++place) {
      if (place_of<kBytes>(in.entry) == place) state.valid[place] = state.valid[place] | slot_bit(slot);
    }
    state.active = state.active | slot_bit(slot);
  }
  state.quiet = 0;
  state.deadline.valid = false;
}

/// The queue entry that is looked at is done with.
template <int kBytes>
inline void retire(SegmenterState<kBytes>& state) {
  const ap_uint<place_bits(kBytes)> at = place_of<kBytes>(state.entry);
  const ap_uint<8> bit = slot_bit(state.slot);
  ap_uint<8> others = 0;
  for (unsigned place = 0; place < queue_places(kBytes); ++place) {
    if (at != place) others = others | state.valid[place];
  }
  state.active = state.active & ap_uint<8>((bit ^ 0xFF) | others);
  for (unsigned place = 0; place < queue_places(kBytes); ++place) {
    if (at == place) {
      state.valid[place] = state.valid[place] ^ bit;
      state.dropped[place] = state.dropped[place] & ap_uint<8>(bit ^ 0xFF);
    }
  }
  move_on<kBytes>(state.head, bit);
}

/// A segment is looked at in every step, and the look's phases wait until what they need is there:
///
///   kSize     entry -> bytes, final, drop, pace
///   kEnd               bytes -> end, remaining, next_index
///   kCompare                    end -> is_written, is_past, is_at
template <int kBytes>
inline void find_facts(SegmenterState<kBytes>& state, const QueuedSend& send, const QueuedPace& pace,
                       const SendProgress& now_at, const ap_uint<32>& written, const ap_uint<32>& released,
                       bool time_has_come) {
  const SegmentFacts before = state.facts;
  SegmentFacts& facts = state.facts;
  // A UDP SEND is one segment.
  const bool udp = (send.flags & static_cast<unsigned>(card::SendFlag::kUdp)) != 0;
  facts.final = udp || now_at.remaining <= send.mss;
  facts.bytes = facts.final ? now_at.remaining : send.mss;
  facts.pace = pace;
  facts.is_paced = ((state.paced >> state.slot) & 1) != 0;
  facts.time_has_come = time_has_come;
  const ap_uint<place_bits(kBytes)> at = place_of<kBytes>(state.entry);
  ap_uint<8> dropped = 0;
  for (unsigned place = 0; place < queue_places(kBytes); ++place) {
    if (at == place) dropped = state.dropped[place];
  }
  facts.drop = ((dropped >> state.slot) & 1) != 0;

  facts.end = ap_uint<32>(now_at.seq + before.bytes);
  facts.remaining = ap_uint<16>(now_at.remaining - before.bytes);
  facts.next_index = ap_uint<16>(now_at.index + 1u);
  facts.segments = ap_uint<8>(now_at.segments + 1u);
  facts.has_bytes = before.bytes != 0;

  facts.is_written = not_after(before.end, written);
  facts.is_past = not_after(before.end, released);
  facts.is_at = before.end == released;
}

/// The look's last step: plan the segment, skip it, or go on to the next slot.
template <int kBytes>
inline void decide_segment(SegmenterState<kBytes>& state, const SegmentFacts& facts, const QueuedSend& send,
                           const SendProgress& now_at, const Ring<kBytes>& ring, const ap_uint<64>& now,
                           const ap_uint<64>& due_at, mem<SendProgress, queue_entries(kBytes)>& progress,
                           mem<ap_uint<64>, card::kSlots>& due, stream<SegmentPlan<kBytes>>& plan,
                           pulse<kSegmenterCounters>& counters) {
  const bool drop = facts.drop;
  const bool ready = facts.is_written && (!facts.is_paced || facts.time_has_come);
  // A FIN that comes with released data is not released itself.
  const bool fin = facts.final && facts.pace.fin;
  const bool skip = drop || (facts.has_bytes && facts.is_past && !(fin && facts.is_at));
  const bool last = drop || facts.final;
  const bool report = (send.flags & static_cast<unsigned>(card::SendFlag::kReport)) != 0;
  if (!skip && !ready) {
    if (state.quiet < kQuietLooks) {
      state.quiet += 1;
      if (facts.is_written && (!state.deadline.valid || due_at < state.deadline.time_ns)) {
        state.deadline.valid = true;
        state.deadline.time_ns = due_at;
      }
    }
    state.phase = SegmenterPhase::kSelect;
    return;
  }
  state.quiet = 0;
  state.deadline.valid = false;
  if ((!skip || last) && plan.full()) return;

  const ap_uint<8> left = skip ? now_at.segments : facts.segments;
  if (!skip || last) {
    SegmentPlan<kBytes> out;
    out.skip = skip;
    out.final = last;
    out.report = last && report && !drop;
    out.entry = state.entry;
    out.flags = send.flags;
    out.tag = send.tag;
    out.seq = now_at.seq;
    out.index = now_at.index;
    out.bytes = facts.bytes;
    out.segments = left;
    out.ring = ring;
    plan.write(out);
  }
  SendProgress next;
  next.seq = facts.end;
  next.remaining = facts.remaining;
  next.index = facts.next_index;
  next.segments = left;
  progress.write(state.entry, next);
  if (!skip) {
    const ap_uint<8> bit = slot_bit(state.slot);
    due.write(state.slot, ap_uint<64>(now + facts.pace.gap_ns));
    state.paced =
        facts.pace.gap_ns != 0 ? ap_uint<8>(state.paced | bit) : ap_uint<8>(state.paced & ap_uint<8>(bit ^ 0xFF));
  }
  if (last) retire<kBytes>(state);
  ap_uint<kSegmenterCounters> events = 0;
  events[0] = skip ? 0 : 1;
  events[1] = skip && !drop ? 1 : 0;
  counters.write(events);
  state.phase = SegmenterPhase::kSelect;
}

template <int kBytes>
void segmenter(SegmenterState<kBytes>& state, mem<QueuedSend, queue_entries(kBytes)>& queued,
               mem<QueuedPace, queue_entries(kBytes)>& paces, mem<SendProgress, queue_entries(kBytes)>& progress,
               mem<Ring<kBytes>, card::kSlots>& rings, mem<ap_uint<32>, card::kSlots>& written,
               mem<ap_uint<32>, card::kSlots>& released, mem<SoftState, card::kSlots>& soft_states,
               mem<ap_uint<64>, card::kSlots>& due, stream<SlotCommand<kBytes>>& command, wire<ap_uint<64>>& now_ns,
               wire<SoftRequest>& soft_request, stream<SegmentPlan<kBytes>>& plan, wire<SoftState>& soft,
               wire<bool>& busy, wire<Deadline>& deadline, pulse<kSegmenterCounters>& counters) {
  const SoftRequest request = soft_request.read();
  if (!request.hold) soft.write(soft_states.read(request.slot));

  const ap_uint<64> now = now_ns.read();
  const ap_uint<64> due_at = due.read(state.slot);
  const SegmentFacts facts = state.facts;
  find_facts<kBytes>(state, queued.read(state.entry), paces.read(state.entry), progress.read(state.entry),
                     written.read(state.slot), released.read(state.slot), now >= due_at);

  if (!command.empty()) {
    take_command<kBytes>(state, command.read(), queued, paces, progress, rings, written, released, soft_states);
  } else if (state.phase == SegmenterPhase::kSelect) {
    state.slot = next_slot(state.slot, state.active);
    if (state.active != 0) {
      state.phase = SegmenterPhase::kEntry;
    } else {
      state.quiet = kQuietLooks;
    }
  } else if (state.phase == SegmenterPhase::kEntry) {
    state.entry = entry_at<kBytes>(state.head, state.slot);
    state.phase = SegmenterPhase::kSize;
  } else if (state.phase == SegmenterPhase::kSize) {
    state.phase = SegmenterPhase::kEnd;
  } else if (state.phase == SegmenterPhase::kEnd) {
    state.phase = SegmenterPhase::kCompare;
  } else if (state.phase == SegmenterPhase::kCompare) {
    state.phase = SegmenterPhase::kDecide;
  } else {
    decide_segment<kBytes>(state, facts, queued.read(state.entry), progress.read(state.entry), rings.read(state.slot),
                           now, due_at, progress, due, plan, counters);
  }
  busy.write(state.quiet < kQuietLooks);
  deadline.write(state.deadline);
}

}  // namespace sockwire
