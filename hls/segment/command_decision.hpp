// SPDX-License-Identifier: Apache-2.0
// The command parser's state, and what it decides by a header alone. No process: functions of the command parser.
#pragma once

#include "hls/base/ap_uint.hpp"
#include "hls/segment/command_checks.hpp"
#include "hls/segment/tx_types.hpp"

namespace sockwire {

constexpr int kCommandCounters = 4;

enum class ParserPhase : std::uint8_t {
  kHeader = 0,   ///< shifts a header in
  kJudge = 1,    ///< looks at it
  kDecide = 2,   ///< hands it on
  kWrite = 3,    ///< passes a WRITE's body on
  kSend = 4,     ///< passes a SEND's body on
  kCheck = 5,    ///< looks at a SEND's parameters
  kCommit = 6,   ///< makes it valid
  kFrame = 7,    ///< passes a FRAME's body on
  kDrain = 8,    ///< HELLO waits for the transmit queues
  kSwallow = 9,  ///< drops beats up to the last one
  kWritten = 10  ///< says how far a WRITE has got
};

enum class Verdict : std::uint8_t { kGood = 0, kEpoch = 1, kUnknown = 2, kMalformed = 3, kOverrun = 4 };

template <int kBytes>
struct CommandParserState {
  ParserPhase phase = ParserPhase::kHeader;
  CommandHeader header;              ///< later a SEND's parameters; a WRITE's seq moves along
  ap_uint<8> count = 0;              ///< bytes of the header; beats of a SEND's body
  bool ended = false;                ///< the header's last beat is the message's last
  Verdict verdict = Verdict::kGood;  ///< on the header, later on a SEND's parameters
  bool started = false;              ///< there was a HELLO
  ap_uint<8> epoch = 0;
  ap_uint<8> open = 0;        ///< slots that have a ring
  ap_uint<16> body_left = 0;  ///< bytes of the body that have not come
  ap_uint<4> entry = 0;       ///< of the SEND that comes in
  ap_uint<8> template_bytes = 0;
  bool ipv6 = false;
  bool udp = false;
  ap_uint<16> used = 0;    ///< per queue entry: differs from template_done while it is occupied
  ap_uint<8> tail = 0;     ///< per slot: the entry that comes next
  ap_uint<8> control = 0;  ///< frames handed to the lane, absolute like the credits
  ap_uint<8> ack = 0;
  ap_uint<22> payload = 0;  ///< bytes of WRITE bodies taken in
};

/// The counter's bit of a verdict that is not good.
inline ap_uint<kCommandCounters> counted(Verdict verdict) {
  ap_uint<kCommandCounters> bits = 0;
  if (verdict == Verdict::kEpoch) bits[0] = 1;
  if (verdict == Verdict::kUnknown) bits[1] = 1;
  if (verdict == Verdict::kMalformed) bits[2] = 1;
  if (verdict == Verdict::kOverrun) bits[3] = 1;
  return bits;
}

/// What becomes of a message, judged by its header. `busy_entries`: queue entries that are occupied.
template <int kBytes>
inline Verdict judge(const CommandParserState<kBytes>& state, const ap_uint<16>& busy_entries,
                     const ap_uint<16>& lane_credit) {
  const CommandHeader& header = state.header;
  const ap_uint<8> type = header.type;
  const ap_uint<3> slot = ap_uint<3>(header.slot);
  const bool is_open = ((state.open >> slot) & 1) != 0;
  const bool ack = has_flag(header.flags, static_cast<unsigned>(card::FrameFlag::kAck));
  const ap_uint<8> acks_stored = ap_uint<8>(state.ack - lane_credit.range(15, 8));
  const ap_uint<8> controls_stored = ap_uint<8>(state.control - lane_credit.range(7, 0));

  if (type != command_of(card::Command::kHello) && (!state.started || header.epoch != state.epoch)) {
    return Verdict::kEpoch;
  }
  if (!is_known(type)) return Verdict::kUnknown;
  if (has_body(type) ? state.ended : (!state.ended || header.body_bytes != 0)) return Verdict::kMalformed;
  if (names_slot(type) && header.slot >= card::kSlots) return Verdict::kMalformed;

  Verdict verdict = Verdict::kGood;
  if (type == command_of(card::Command::kWrite)) {
    if (!is_open || header.body_bytes == 0 || header.body_bytes > card::kWriteBytesMax) {
      verdict = Verdict::kMalformed;
    }
  } else if (type == command_of(card::Command::kSend)) {
    if (!is_open || !send_header_is_valid(header)) {
      verdict = Verdict::kMalformed;
    } else if (((busy_entries >> state.entry) & 1) != 0) {
      verdict = Verdict::kOverrun;
    }
  } else if (type == command_of(card::Command::kSlot)) {
    if (!ring_is_valid(header, card::send_buffer_bytes(kBytes))) verdict = Verdict::kMalformed;
  } else if (type == command_of(card::Command::kFrame)) {
    if (!frame_is_valid(header)) {
      verdict = Verdict::kMalformed;
    } else if (ack ? acks_stored >= card::kAckFrames : controls_stored >= card::kControlFrames) {
      verdict = Verdict::kOverrun;
    }
  }
  return verdict;
}

/// The entry of the slot's queue that a SEND would take.
inline ap_uint<4> tail_entry(const ap_uint<3>& slot, const ap_uint<8>& tail) {
  return ap_uint<4>((ap_uint<4>(slot) << 1) | ((tail >> slot) & 1));
}

inline LaneFrame lane_frame_of(const CommandHeader& header) {
  LaneFrame frame;
  frame.flags = header.flags;
  frame.tag = header.tag;
  frame.l3_word = header.l3_offset().range(7, 1);
  frame.l4_word = header.l4_offset().range(7, 1);
  frame.checksum_word = header.checksum_offset().range(7, 1);
  frame.pseudo_sum = header.pseudo_sum();
  return frame;
}

inline bool is_rewrite(const CommandHeader& header) {
  return has_flag(header.flags, static_cast<unsigned>(card::WriteFlag::kRewrite));
}

/// What a well-formed header asks the segmenter to do.
inline SlotOp slot_op_of(const ap_uint<8>& type) {
  SlotOp op = SlotOp::kReset;
  if (type == command_of(card::Command::kSend)) op = SlotOp::kSend;
  if (type == command_of(card::Command::kUpdate)) op = SlotOp::kUpdate;
  if (type == command_of(card::Command::kSlot)) op = SlotOp::kOpen;
  if (type == command_of(card::Command::kRelease)) op = SlotOp::kRelease;
  return op;
}

/// Fields that an operation does not use are the header's, so that nothing has to be selected.
inline SlotCommand slot_command_of(SlotOp op, const CommandHeader& header, const ap_uint<4>& entry) {
  SlotCommand out;
  out.op = op;
  out.entry = entry;
  out.flags = header.flags;
  out.tag = header.tag;
  out.seq = header.seq;
  out.arg = header.arg;
  return out;
}

}  // namespace sockwire
