// SPDX-License-Identifier: Apache-2.0
// The command parser's state, and what it decides by a header alone. No process: functions of the command parser.
#pragma once

#include "hls/base/ap_uint.hpp"
#include "hls/segment/command_checks.hpp"
#include "hls/segment/tx_types.hpp"

namespace sockwire {

constexpr int kCommandCounters = 4;

enum class ParserPhase : std::uint8_t {
  kHeader = 0,    ///< shifts a header in
  kJudge = 1,     ///< looks at it
  kWeigh = 2,     ///< says what becomes of it
  kDecide = 3,    ///< hands it on
  kWrite = 4,     ///< passes a WRITE's body on
  kWritten = 5,   ///< says how far a WRITE has got
  kSend = 6,      ///< passes a SEND's body on
  kCheck = 7,     ///< looks at a SEND's parameters
  kCommit = 8,    ///< makes it valid
  kFrame = 9,     ///< passes a FRAME's body on
  kDrain = 10,    ///< HELLO waits for the transmit queues
  kSwallow = 11,  ///< drops beats up to the last one
};

enum class Verdict : std::uint8_t { kGood = 0, kEpoch = 1, kUnknown = 2, kMalformed = 3, kOverrun = 4 };

/// What a header says about itself, and whether there is room for what it announces.
struct HeaderFacts {
  bool current = false;  ///< of this epoch
  bool shape = false;    ///< has a body if it needs one, and a slot that there is
  bool open = false;     ///< the slot has a ring
  bool write = false;    ///< a WRITE's size is allowed
  SendFacts send;
  RingFacts ring;
  FrameFacts frame;
  bool entry_is_free = false;
  bool lane_has_room = false;
};

template <int kBytes>
struct CommandParserState {
  ParserPhase phase = ParserPhase::kHeader;
  CommandHeader header;  ///< later a SEND's parameters; a WRITE's seq moves along
  ap_uint<8> count = 0;  ///< bytes of the header; beats of a SEND's body
  bool ended = false;    ///< the header's last beat is the message's last
  HeaderFacts facts;
  Verdict verdict = Verdict::kGood;  ///< on the header
  bool parameters_valid = false;
  bool started = false;  ///< there was a HELLO
  ap_uint<8> epoch = 0;
  ap_uint<8> open = 0;                    ///< slots that have a ring
  ap_uint<16> body_end = 0;               ///< the body's last byte, counted from the one that comes next
  bool tail = false;                      ///< it is in the beat that comes next
  ap_uint<4> last_bytes = 0;              ///< that a WRITE's last beat had
  ap_uint<entry_bits(kBytes)> entry = 0;  ///< of the SEND that comes in
  ap_uint<8> template_bytes = 0;
  bool ipv6 = false;
  bool udp = false;
  ap_uint<queue_entries(kBytes)> used = 0;  ///< per queue entry: differs from template_done while it is occupied
  bool drained = false;                     ///< a step ago none was, and the lane was empty
  Places<kBytes> next_place;                ///< of the SEND that comes next
  ap_uint<8> control = 0;                   ///< frames handed to the lane, absolute like the credits
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

/// What a header's look has found out. `busy_entries`: queue entries that are occupied.
template <int kBytes>
inline HeaderFacts facts_of(const CommandParserState<kBytes>& state, const ap_uint<queue_entries(kBytes)>& busy_entries,
                            const ap_uint<16>& lane_credit) {
  const CommandHeader& header = state.header;
  const ap_uint<8> type = header.type;
  const bool ack = has_flag(header.flags, static_cast<unsigned>(card::FrameFlag::kAck));
  const ap_uint<8> acks_stored = ap_uint<8>(state.ack - lane_credit.range(15, 8));
  const ap_uint<8> controls_stored = ap_uint<8>(state.control - lane_credit.range(7, 0));
  const ap_uint<3> slot = ap_uint<3>(header.slot);
  const bool slot_exists = header.slot < card::kSlots;
  HeaderFacts facts;
  facts.current = state.started && header.epoch == state.epoch;
  facts.shape =
      (has_body(type) ? !state.ended : (state.ended && header.body_bytes == 0)) && (!names_slot(type) || slot_exists);
  facts.open = ((state.open >> slot) & 1) != 0;
  facts.write = header.body_bytes != 0 && header.body_bytes <= card::kWriteBytesMax;
  facts.send = send_facts(header);
  facts.ring = ring_facts<kBytes>(header);
  facts.frame = frame_facts(header);
  facts.entry_is_free = ((busy_entries >> entry_at<kBytes>(state.next_place, slot)) & 1) == 0;
  facts.lane_has_room = ack ? acks_stored < card::kAckFrames : controls_stored < card::kControlFrames;
  return facts;
}

/// What becomes of a message.
inline Verdict verdict_of(const CommandHeader& header, const HeaderFacts& facts) {
  const ap_uint<8> type = header.type;
  const bool write = type == command_of(card::Command::kWrite);
  const bool send = type == command_of(card::Command::kSend);
  const bool slot = type == command_of(card::Command::kSlot);
  const bool frame = type == command_of(card::Command::kFrame);
  const bool well_formed = facts.shape && (!write || (facts.open && facts.write)) &&
                           (!send || (facts.open && is_valid(facts.send, header.flags))) &&
                           (!slot || is_valid(facts.ring)) && (!frame || is_valid(facts.frame, header.flags));
  const bool has_place = (!send || facts.entry_is_free) && (!frame || facts.lane_has_room);
  if (type != command_of(card::Command::kHello) && !facts.current) return Verdict::kEpoch;
  if (!is_known(type)) return Verdict::kUnknown;
  if (!well_formed) return Verdict::kMalformed;
  return has_place ? Verdict::kGood : Verdict::kOverrun;
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
template <int kBytes>
inline SlotCommand<kBytes> slot_command_of(SlotOp op, const CommandHeader& header,
                                           const ap_uint<entry_bits(kBytes)>& entry) {
  SlotCommand<kBytes> out;
  out.op = op;
  out.entry = entry;
  out.flags = header.flags;
  out.tag = header.tag;
  out.seq = header.seq;
  out.arg = header.arg;
  return out;
}

}  // namespace sockwire
