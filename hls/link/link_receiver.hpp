// SPDX-License-Identifier: Apache-2.0
// From the host: bytes off the wire to frames, and frames in order to the engine's commands.
//
//   bytes --> unstuff --> header, CRC --> slots (in any order) --> deliver (in order) --> commands
//                              |
//                              +--> notice (what the host has), held (what the card has)
//
// A payload byte goes to its slot as it comes, and counts once the frame's CRC has turned out right: a slot that is
// written in vain is free. An edge: it never waits for the engine; what finds no slot is not taken, and comes again.
#pragma once

#include "hls/base/beat.hpp"
#include "hls/base/memory.hpp"
#include "hls/base/stream.hpp"
#include "hls/card/layout.hpp"
#include "hls/link/link_types.hpp"
#include "hls/mac/crc32.hpp"

namespace sockwire {

/// A byte of a frame without its stuffing, or the frame's end.
struct Unstuffed {
  bool byte = false;
  ap_uint<8> data = 0;
  bool begins = false;  ///< a delimiter: the next byte begins a frame
  bool whole = false;   ///< with begins: the frame before ended where a block did
  bool broken = false;  ///< with begins: and had bytes, but is not whole
};

struct LinkUnstuffState {
  ap_uint<8> left = 0;   ///< bytes of the block that are still to come
  bool full = false;     ///< no zero follows the block
  bool started = false;  ///< a block of this frame was there
  bool lost = false;     ///< nothing counts until a delimiter has come
};

struct LinkFrameState {
  ap_uint<11> bytes = 0;  ///< so far, header and CRC too
  bool too_long = false;
  bool taken = false;  ///< its payload goes to a slot
  ap_uint<32> crc = kCrc32Initial;
  LinkNotice header;
  ap_uint<8> session = 0;
};

struct LinkDeliverState {
  ap_uint<10> at = 0;    ///< byte of the frame that the memory shows, or will
  bool shown = false;    ///< it does
  bool abort = false;    ///< the message under way is to be ended: its session has ended
  ap_uint<5> head = 0;   ///< bytes of the message's header so far
  ap_uint<16> body = 0;  ///< bytes of its body that are still to come
};

struct LinkReceiverState {
  LinkUnstuffState unstuff;
  Unstuffed in;  ///< of the step before
  LinkFrameState frame;
  LinkDeliverState deliver;
  ap_uint<8> session = 0;  ///< 0: none yet
  ap_uint<8> ack = 0;      ///< first frame that has not come
  ap_uint<8> next = 0;     ///< frame that is delivered next
  ap_uint<16> held = 0;    ///< by slot
  ap_uint<8> frames = 0;
};

namespace detail {

inline ap_uint<4> link_slot(const ap_uint<8>& number) { return number.range(3, 0); }

inline Unstuffed link_unstuff(LinkUnstuffState& state, const SerialByte& in) {
  Unstuffed out;
  if (in.error) {
    state.lost = true;
  } else if (in.data == kLinkDelimiter) {
    out.begins = true;
    out.whole = !state.lost && state.started && state.left == 0;
    out.broken = !out.whole && (state.started || state.lost);
    state = LinkUnstuffState();
  } else if (state.left == 0) {
    out.byte = !state.lost && state.started && !state.full;
    state.left = in.data - 1u;
    state.full = in.data == kLinkFullBlock;
    state.started = true;
  } else {
    out.byte = !state.lost;
    out.data = in.data;
    state.left -= 1;
  }
  return out;
}

/// Takes a byte into the header, the length and the CRC.
inline void link_frame_byte(LinkFrameState& frame, const ap_uint<8>& data) {
  if (frame.bytes == link_frame::kType) frame.header.type = data;
  if (frame.bytes == link_frame::kSession) frame.session = data;
  if (frame.bytes == link_frame::kNumber) frame.header.number = data;
  if (frame.bytes == link_frame::kAck) frame.header.ack = data;
  if (frame.bytes == link_frame::kHeld) frame.header.held.range(7, 0) = data;
  if (frame.bytes == link_frame::kHeld + 1) frame.header.held.range(15, 8) = data;
  if (frame.bytes == link_frame::kLimit) frame.header.limit = data;
  frame.crc = crc32_beat<1>(frame.crc, data);
  frame.too_long = frame.too_long || frame.bytes == link_frame::kBytesMax;
  frame.bytes += 1;
}

inline bool link_in_window(const LinkReceiverState& state, const ap_uint<8>& number) {
  const ap_uint<8> ahead = number - state.next;
  return ahead < kLinkSlots && !state.held[static_cast<int>(link_slot(number))];
}

/// Takes the byte of the step before into its frame, and a payload byte into the frame's slot, if it has one.
inline void link_take(LinkReceiverState& state, const LinkReceiverState& before,
                      bram<ap_uint<8>, kLinkSlots * link_frame::kPayloadMax>& slots) {
  const ap_uint<4> slot = link_slot(state.frame.header.number);
  const ap_uint<11> at = state.frame.bytes - unsigned(link_frame::kHeaderBytes);
  if (at == 0) {
    state.frame.taken =
        state.frame.header.type == unsigned(LinkType::kData) && link_in_window(before, before.frame.header.number);
  }
  if (state.frame.taken && at < link_frame::kPayloadMax) {
    slots.write(ap_uint<14>((ap_uint<14>(slot) << kLinkSlotLog2) | ap_uint<14>(at.range(9, 0))), before.in.data);
  }
  link_frame_byte(state.frame, before.in.data);
}

/// A session begins: what the old one had not delivered is forgotten, and the message under way is ended.
inline void link_sync(LinkReceiverState& state) {
  state.session = state.frame.session;
  state.ack = 0;
  state.next = 0;
  state.held = 0;
  state.frames = 0;
  state.deliver.abort = state.deliver.abort || state.deliver.head != 0;
  state.deliver.at = 0;
  state.deliver.shown = false;
}

/// Where the message ends, by its own header (card::command::kBodyBytes).
inline bool link_message_ends(LinkDeliverState& deliver, const ap_uint<8>& data) {
  static_assert(card::kHeaderBytes == 16 && card::command::kBodyBytes == 2, "two bytes, little-endian");
  bool ends = false;
  if (deliver.head < card::kHeaderBytes) {
    if (deliver.head == card::command::kBodyBytes) deliver.body.range(7, 0) = data;
    if (deliver.head == card::command::kBodyBytes + 1) deliver.body.range(15, 8) = data;
    ends = deliver.head == card::kHeaderBytes - 1 && deliver.body == 0;
    deliver.head += 1;
  } else {
    ends = deliver.body == 1;
    deliver.body -= 1;
  }
  if (ends) deliver.head = 0;
  return ends;
}

/// A byte of the next frame in order, if it is there and the engine takes it.
inline void link_deliver(LinkReceiverState& state, const LinkReceiverState& before,
                         bram<ap_uint<8>, kLinkSlots * link_frame::kPayloadMax>& slots,
                         mem<ap_uint<10>, kLinkSlots>& last_bytes, stream<Beat<1>>& commands) {
  LinkDeliverState& deliver = state.deliver;
  const ap_uint<4> slot = link_slot(before.next);
  const bool held = before.held[static_cast<int>(slot)];
  const bool at_last = before.deliver.at == last_bytes.read(slot);
  Beat<1> beat;
  beat.keep = 1;
  bool taken = false;
  if (deliver.abort) {
    if (!commands.full()) {
      beat.last = true;
      commands.write(beat);
      deliver.abort = false;
      deliver.head = 0;
    }
  } else if (deliver.shown && !commands.full()) {
    beat.data = slots.data();
    beat.last = link_message_ends(deliver, beat.data);
    commands.write(beat);
    taken = true;
    deliver.at += 1;
  }
  const bool ends = taken && at_last;
  if (taken || !deliver.shown) {
    slots.request(ap_uint<14>((ap_uint<14>(slot) << kLinkSlotLog2) | ap_uint<14>(deliver.at)));
    deliver.shown = held && !ends && !deliver.abort;
  }
  if (ends) {
    state.held[static_cast<int>(slot)] = false;
    state.next += 1;
    deliver.at = 0;
  }
}

/// Judges the frame that has ended. Returns what is counted.
inline ap_uint<kLinkCounters> link_judge(LinkReceiverState& state, const Unstuffed& end,
                                         mem<ap_uint<10>, kLinkSlots>& last_bytes, stream<LinkNotice>& notices) {
  const LinkFrameState& frame = state.frame;
  ap_uint<kLinkCounters> counted = 0;
  const bool good = end.whole && !frame.too_long && frame.crc == kCrc32Residue &&
                    frame.bytes >= link_frame::kHeaderBytes + link_frame::kCrcBytes;
  counted[unsigned(LinkCounter::kBad)] = !good && (end.broken || end.whole);
  if (good) {
    LinkNotice notice = frame.header;
    const bool data = notice.type == unsigned(LinkType::kData);
    const ap_uint<11> payload = frame.bytes - unsigned(link_frame::kHeaderBytes + link_frame::kCrcBytes);
    counted[unsigned(LinkCounter::kFrames)] = true;
    if (notice.type == unsigned(LinkType::kSync)) {
      link_sync(state);
    } else if (frame.session != state.session || state.session == 0) {
      notice.type = unsigned(LinkType::kLost);
      counted[unsigned(LinkCounter::kOtherSession)] = true;
    } else if (frame.taken && payload != 0) {
      last_bytes.write(link_slot(notice.number), payload - 1u);
      state.held[static_cast<int>(link_slot(notice.number))] = true;
      state.frames += 1;
    } else if (data) {
      counted[unsigned(LinkCounter::kRepeated)] = true;
      state.frames += 1;
    }
    if (!notices.full()) notices.write(notice);
  }
  state.frame = LinkFrameState();
  return counted;
}

}  // namespace detail

/// bytes: off the wire. commands: the messages, in order and whole. notices: each good frame; the transmitter takes one
/// long before the next can come. held: to the transmitter.
inline void link_receiver(LinkReceiverState& state, bram<ap_uint<8>, kLinkSlots * link_frame::kPayloadMax>& slots,
                          mem<ap_uint<10>, kLinkSlots>& last_bytes, stream<SerialByte>& bytes,
                          stream<Beat<1>>& commands, stream<LinkNotice>& notices, wire<LinkHeld>& held,
                          pulse<kLinkCounters>& counters, wire<bool>& busy) {
  const LinkReceiverState before = state;
  const ap_uint<8> ahead = before.ack - before.next;
  if (ahead < kLinkSlots && before.held[static_cast<int>(detail::link_slot(before.ack))]) state.ack += 1;
  detail::link_deliver(state, before, slots, last_bytes, commands);

  if (before.in.byte) detail::link_take(state, before, slots);
  ap_uint<kLinkCounters> counted = 0;
  if (before.in.begins) counted = detail::link_judge(state, before.in, last_bytes, notices);
  state.in = Unstuffed();
  if (!bytes.empty()) state.in = detail::link_unstuff(state.unstuff, bytes.read());
  counters.write(counted);

  LinkHeld shown;
  shown.session = state.session;
  shown.ack = state.ack;
  shown.held = state.held;
  shown.limit = state.next + unsigned(kLinkSlots);
  shown.frames = state.frames;
  held.write(shown);
  busy.write(state.deliver.shown || state.deliver.abort || state.held != 0);
}

}  // namespace sockwire
