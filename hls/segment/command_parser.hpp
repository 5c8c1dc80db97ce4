// SPDX-License-Identifier: Apache-2.0
// Takes commands apart (hls/card/layout.hpp) and hands each part to the kernel that owns it. A message that is not well
// formed is swallowed whole and counted; it never stalls those that follow.
//
//   in   command          the host's messages, one packet each
//   in   template_done    one bit per queue entry, toggled by the assembler when it has done with the entry's template
//   in   lane_credit      control frames (7:0) and ACK frames (15:8) that have left the lane, as the events carry it
//   out  slot_command     SLOT, UPDATE, RELEASE, SEND and the progress of WRITE, to the segmenter
//   out  template_write   SEND bodies, to the assembler
//   out  payload_write    WRITE bodies, to the send buffer
//   out  lane_frame, lane_beat   FRAMEs, to the priority lane
//   out  register_request, hello_request
//   out  epoch            the current one
//   out  payload_credit   WRITE payload taken in, in units of 64 bytes, absolute; refused payload counts too
//   out  counters         card::Counter kCommandEpoch to kCommandOverrun, in that order
//   out  busy             a step is due that needs no input
//
// HELLO is answered when the transmit queues have drained, so that nothing of the old epoch is in the way of the new.
#pragma once

#include "hls/base/memory.hpp"
#include "hls/base/stream.hpp"
#include "hls/segment/command_decision.hpp"
#include "hls/segment/tx_types.hpp"

namespace sockwire {

/// A beat of a body, cut to what the header announced.
template <int kBytes>
struct BodyBeat {
  ap_uint<kBytes> keep = 0;
  bool ends = false;  ///< the body or the message ends here
  bool good = false;  ///< and both do
};

/// The body's first beat will be next.
template <int kBytes>
inline void expect_body(CommandParserState<kBytes>& state, const ap_uint<16>& bytes) {
  state.body_end = bytes - 1;
  state.tail = bytes <= kBytes;
}

/// `keep` is all ones but in the message's last beat. Whether a beat is the body's last as announced is known before it
/// comes: to compare its bytes with those that are left would take too long.
template <int kBytes>
inline BodyBeat<kBytes> take_body(CommandParserState<kBytes>& state, const Beat<kBytes>& beat) {
  const ap_uint<3> end = ap_uint<3>(state.body_end & (kBytes - 1));
  const bool all = state.tail && ((beat.keep >> end) & 1) != 0;           // has what is left at least
  const bool over = state.tail && (((beat.keep >> 1u) >> end) & 1) != 0;  // has more
  BodyBeat<kBytes> out;
  for (int i = 0; i < kBytes; ++i) {
    out.keep[i] = beat.keep[i] && !(state.tail && static_cast<unsigned>(i) > end) ? 1 : 0;
  }
  out.ends = beat.last || all;
  out.good = beat.last && all && !over;
  if (!out.ends) {
    state.tail = state.body_end < 2 * kBytes;
    state.body_end -= kBytes;
  }
  return out;
}

/// A header's beat.
template <int kBytes>
inline void parse_header(CommandParserState<kBytes>& state, stream<Beat<kBytes>>& command,
                         pulse<kCommandCounters>& counters) {
  const Beat<kBytes> beat = command.read();
  shift_in(state.header, beat.data);
  state.count += kBytes;
  state.ended = beat.last;
  const bool full = state.count == card::kHeaderBytes;
  if (beat.last && (!full || !beat.keep[kBytes - 1])) {
    counters.write(counted(Verdict::kMalformed));
    state.count = 0;
  } else if (full) {
    state.phase = ParserPhase::kJudge;
  }
}

/// Notes a well-formed SEND, SLOT or HELLO, and says what comes next.
template <int kBytes>
inline void accept_slot_command(CommandParserState<kBytes>& state, mem<Ring<kBytes>, card::kSlots>& rings) {
  const CommandHeader header = state.header;
  const ap_uint<8> type = header.type;
  const ap_uint<3> slot = ap_uint<3>(header.slot);
  if (type == command_of(card::Command::kSend)) {
    state.template_bytes = header.body_bytes - card::send::kBytes;
    state.ipv6 = has_flag(header.flags, static_cast<unsigned>(card::SendFlag::kIpv6));
    state.udp = has_flag(header.flags, static_cast<unsigned>(card::SendFlag::kUdp));
    state.phase = ParserPhase::kSend;
  }
  if (type == command_of(card::Command::kSlot)) {
    rings.write(slot, ring_of<kBytes>(header.tag, header.arg));
    state.open = state.open | (ap_uint<8>(1) << slot);
  }
  if (type == command_of(card::Command::kHello)) state.phase = ParserPhase::kDrain;
}

/// The whole header was judged: dispatch. Returns how many bytes of payload a refused WRITE announces.
template <int kBytes>
inline ap_uint<16> decide(CommandParserState<kBytes>& state, Verdict verdict, mem<Ring<kBytes>, card::kSlots>& rings,
                          stream<SlotCommand<kBytes>>& slot_command, stream<LaneFrame>& lane_frame,
                          stream<RegisterRequest>& register_request, pulse<kCommandCounters>& counters) {
  const CommandHeader header = state.header;
  const ap_uint<8> type = header.type;
  ap_uint<16> taken = 0;
  state.count = 0;
  expect_body(state, header.body_bytes);
  state.phase = ParserPhase::kHeader;
  if (verdict != Verdict::kGood) {
    counters.write(counted(verdict));
    if (!state.ended) state.phase = ParserPhase::kSwallow;
    // The host has spent credit on what is refused, and gets it back.
    if (verdict != Verdict::kEpoch && type == command_of(card::Command::kWrite)) taken = header.body_bytes;
  } else if (type == command_of(card::Command::kWrite)) {
    state.phase = ParserPhase::kWrite;
  } else if (type == command_of(card::Command::kFrame)) {
    lane_frame.write(lane_frame_of(header));
    const bool ack = has_flag(header.flags, static_cast<unsigned>(card::FrameFlag::kAck));
    if (ack) state.ack += 1;
    if (!ack) state.control += 1;
    state.phase = ParserPhase::kFrame;
  } else if (type == command_of(card::Command::kReadRegister) || type == command_of(card::Command::kWriteRegister)) {
    RegisterRequest request;
    request.write = type == command_of(card::Command::kWriteRegister);
    request.address = header.seq;
    request.tag = header.tag;
    request.value = header.arg;
    register_request.write(request);
  } else {
    slot_command.write(slot_command_of<kBytes>(slot_op_of(type), header, state.entry));
    accept_slot_command<kBytes>(state, rings);
  }
  return taken;
}

/// A beat of a WRITE's body. Returns for how many bytes the host has its credit back.
template <int kBytes>
inline ap_uint<16> pass_payload(CommandParserState<kBytes>& state, mem<Ring<kBytes>, card::kSlots>& rings,
                                stream<Beat<kBytes>>& command, stream<SlotCommand<kBytes>>& slot_command,
                                stream<PayloadWrite<kBytes>>& payload_write, pulse<kCommandCounters>& counters) {
  const Beat<kBytes> beat = command.read();
  const BodyBeat<kBytes> body = take_body<kBytes>(state, beat);
  const ap_uint<32> seq = state.header.seq;
  PayloadWrite<kBytes> out;
  out.ring = rings.read(ap_uint<3>(state.header.slot));
  out.offset = seq;
  out.data = beat.data;
  out.keep = body.keep;
  payload_write.write(out);
  // Progress, so that segments can leave before the rest of the payload is here: every 64 bytes, of what came before.
  if (seq.range(5, 0) < kBytes && !is_rewrite(state.header)) {
    slot_command.write(slot_command_of<kBytes>(SlotOp::kWritten, state.header, state.entry));
  }
  if (!body.ends) {
    state.header.seq = seq + kBytes;
    return kBytes;
  }
  if (!body.good) counters.write(counted(Verdict::kMalformed));
  state.last_bytes = bytes_of<kBytes>(body.keep);
  state.ended = beat.last;
  state.phase = ParserPhase::kWritten;
  return 0;
}

/// After a WRITE's body. Returns what is left of its credit: what is announced and paid for, but never comes, counts
/// too.
template <int kBytes>
inline ap_uint<16> end_write(CommandParserState<kBytes>& state, stream<SlotCommand<kBytes>>& slot_command) {
  if (!is_rewrite(state.header)) {
    SlotCommand<kBytes> written = slot_command_of<kBytes>(SlotOp::kWritten, state.header, state.entry);
    written.seq = state.header.seq + state.last_bytes;
    slot_command.write(written);
  }
  state.phase = state.ended ? ParserPhase::kHeader : ParserPhase::kSwallow;
  return ap_uint<16>(state.body_end + 1u);
}

/// A beat of a SEND's body.
template <int kBytes>
inline void pass_template(CommandParserState<kBytes>& state, stream<Beat<kBytes>>& command,
                          stream<TemplateWrite<kBytes>>& template_write, pulse<kCommandCounters>& counters) {
  const Beat<kBytes> beat = command.read();
  const BodyBeat<kBytes> body = take_body<kBytes>(state, beat);
  TemplateWrite<kBytes> out;
  out.row = (ap_uint<12>(state.entry) << template_row_bits(kBytes)) | state.count;
  out.data = beat.data;
  template_write.write(out);
  if (state.count < card::send::kBytes / kBytes) shift_in(state.header, beat.data);
  state.count += 1;
  if (body.ends) {
    state.count = 0;
    if (!body.good) counters.write(counted(Verdict::kMalformed));
    state.phase = body.good ? ParserPhase::kCheck : (beat.last ? ParserPhase::kHeader : ParserPhase::kSwallow);
  }
}

/// The whole SEND is there: it becomes valid if its parameters are.
template <int kBytes>
inline void commit_send(CommandParserState<kBytes>& state, bool valid, stream<SlotCommand<kBytes>>& slot_command,
                        pulse<kCommandCounters>& counters) {
  if (valid) {
    slot_command.write(slot_command_of<kBytes>(SlotOp::kCommit, state.header, state.entry));
    state.used = state.used ^ (ap_uint<queue_entries(kBytes)>(1) << state.entry);
    move_on<kBytes>(state.next_place, ap_uint<8>(1) << slot_of<kBytes>(state.entry));
  } else {
    counters.write(counted(Verdict::kMalformed));
  }
  state.phase = ParserPhase::kHeader;
}

/// A beat of a FRAME's body.
template <int kBytes>
inline void pass_frame(CommandParserState<kBytes>& state, stream<Beat<kBytes>>& command,
                       stream<LaneBeat<kBytes>>& lane_beat, pulse<kCommandCounters>& counters) {
  const Beat<kBytes> beat = command.read();
  const BodyBeat<kBytes> body = take_body<kBytes>(state, beat);
  LaneBeat<kBytes> out;
  out.data = beat.data;
  out.keep = body.keep;
  out.last = body.ends;
  out.bad = body.ends && !body.good;
  lane_beat.write(out);
  if (body.ends) {
    if (!body.good) counters.write(counted(Verdict::kMalformed));
    state.phase = beat.last ? ParserPhase::kHeader : ParserPhase::kSwallow;
  }
}

/// The transmit queues are empty: the new epoch begins.
template <int kBytes>
inline void begin_epoch(CommandParserState<kBytes>& state, stream<LaneFrame>& lane_frame,
                        stream<HelloRequest>& hello_request) {
  LaneFrame reset = lane_frame_of(state.header);
  reset.reset = true;
  lane_frame.write(reset);
  HelloRequest hello;
  hello.epoch = state.header.epoch;
  hello_request.write(hello);
  state.epoch = hello.epoch;
  state.started = true;
  state.open = 0;
  state.control = 0;
  state.ack = 0;
  state.payload = 0;
  state.phase = ParserPhase::kHeader;
}

template <int kBytes>
void command_parser(CommandParserState<kBytes>& state, mem<Ring<kBytes>, card::kSlots>& rings,
                    stream<Beat<kBytes>>& command, wire<ap_uint<queue_entries(kBytes)>>& template_done,
                    wire<ap_uint<16>>& lane_credit, stream<SlotCommand<kBytes>>& slot_command,
                    stream<TemplateWrite<kBytes>>& template_write, stream<PayloadWrite<kBytes>>& payload_write,
                    stream<LaneFrame>& lane_frame, stream<LaneBeat<kBytes>>& lane_beat,
                    stream<RegisterRequest>& register_request, stream<HelloRequest>& hello_request,
                    wire<ap_uint<8>>& epoch, wire<ap_uint<16>>& payload_credit, pulse<kCommandCounters>& counters,
                    wire<bool>& busy) {
  const ap_uint<queue_entries(kBytes)> busy_entries = state.used ^ template_done.read();
  const ap_uint<16> credit = lane_credit.read();
  const ap_uint<16> handed = ap_uint<16>((ap_uint<16>(state.ack) << 8) | state.control);

  // Judgements are made in every step and used in the phase that they are meant for, so that nothing selects them.
  const Verdict verdict = state.verdict;
  const bool valid = state.parameters_valid;
  const bool drained = state.drained;
  state.verdict = verdict_of(state.header, state.facts);
  state.facts = facts_of<kBytes>(state, busy_entries, credit);
  state.parameters_valid = send_is_valid(send_parameters(state.header), state.template_bytes, state.ipv6, state.udp);
  state.drained = busy_entries == 0 && credit == handed;

  ap_uint<16> taken = 0;
  if (state.phase == ParserPhase::kHeader) {
    parse_header<kBytes>(state, command, counters);
  } else if (state.phase == ParserPhase::kJudge) {
    state.entry = entry_at<kBytes>(state.next_place, ap_uint<3>(state.header.slot));
    state.phase = ParserPhase::kWeigh;
  } else if (state.phase == ParserPhase::kWeigh) {
    state.phase = ParserPhase::kDecide;
  } else if (state.phase == ParserPhase::kDecide) {
    taken = decide<kBytes>(state, verdict, rings, slot_command, lane_frame, register_request, counters);
  } else if (state.phase == ParserPhase::kWrite) {
    taken = pass_payload<kBytes>(state, rings, command, slot_command, payload_write, counters);
  } else if (state.phase == ParserPhase::kWritten) {
    taken = end_write<kBytes>(state, slot_command);
  } else if (state.phase == ParserPhase::kSend) {
    pass_template<kBytes>(state, command, template_write, counters);
  } else if (state.phase == ParserPhase::kCheck) {
    state.phase = ParserPhase::kCommit;
  } else if (state.phase == ParserPhase::kCommit) {
    commit_send<kBytes>(state, valid, slot_command, counters);
  } else if (state.phase == ParserPhase::kFrame) {
    pass_frame<kBytes>(state, command, lane_beat, counters);
  } else if (state.phase == ParserPhase::kDrain) {
    if (drained) begin_epoch<kBytes>(state, lane_frame, hello_request);
  } else {
    const Beat<kBytes> beat = command.read();
    if (beat.last) state.phase = ParserPhase::kHeader;
  }
  state.payload += taken;
  payload_credit.write(ap_uint<16>(state.payload >> 6));
  epoch.write(state.epoch);
  busy.write(state.phase == ParserPhase::kJudge || state.phase == ParserPhase::kWeigh ||
             state.phase == ParserPhase::kDecide || state.phase == ParserPhase::kWritten ||
             state.phase == ParserPhase::kCheck || state.phase == ParserPhase::kCommit ||
             state.phase == ParserPhase::kDrain);
}

}  // namespace sockwire
