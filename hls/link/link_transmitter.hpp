// SPDX-License-Identifier: Apache-2.0
// To the host: the engine's events to numbered frames, which wait in their slots until the host has them.
//
//   events --> slots --> choose --> header, payload, CRC --> frame
//                          ^
//   notices --> window, times, what is owed
//
// What is sent next, in this order: an answer (to SYNC, RATE, or a frame of no session), a frame that was lost, a new
// one, a part of one when events pause, STATUS. A frame carries what the receiver has at the moment it begins.
#pragma once

#include "hls/base/beat.hpp"
#include "hls/base/memory.hpp"
#include "hls/base/stream.hpp"
#include "hls/link/link_window.hpp"
#include "hls/link/phy_status.hpp"
#include "hls/mac/crc32.hpp"

namespace sockwire {

struct LinkFillState {
  ap_uint<8> number = 0;  ///< of the frame that is being filled
  ap_uint<10> bytes = 0;
  bool boundary = false;  ///< its last byte ended a message
  bool inside = false;    ///< the last byte that came did not
  bool skips = false;     ///< the rest of a message is dropped, whose beginning the host has forgotten
  bool room = true;       ///< its slot is free
};

enum class LinkPart : std::uint8_t { kIdle = 0, kBegin = 1, kHeader = 2, kPayload = 3, kCrc = 4 };

/// The frame that is being sent.
struct LinkSendState {
  LinkPart part = LinkPart::kIdle;
  LinkType type = LinkType::kStatus;
  ap_uint<4> slot = 0;
  bool first = false;  ///< for the first time: it is the window's `next`
  ap_uint<8> number = 0;
  LinkHeld held;
  ap_uint<10> at = 0;    ///< byte of the part
  ap_uint<10> last = 0;  ///< of its payload
  ap_uint<32> crc = kCrc32Initial;
};

/// What the host is owed.
struct LinkOwedState {
  bool sync = false;
  bool rate = false;
  bool lost = false;
  bool status = false;
  ap_uint<8> frames = 0;  ///< LinkHeld::frames as last answered
  ap_uint<8> limit = kLinkSlots;
  ap_uint<kPhyBits> phy = 0;  ///< PhyStatus as last said
};

struct LinkTimesState {
  LinkTicks heard = 0;  ///< the last good frame came
  LinkTicks said = 0;   ///< the last frame left, or one was acknowledged
};

struct LinkTransmitterState {
  LinkFillState fill;
  LinkWindowState window;
  LinkSendState send;
  LinkOwedState owed;
  LinkTimesState times;
  ap_uint<8> divisor = kLinkStartDivisor;
  ap_uint<8> next_divisor = kLinkStartDivisor;  ///< once what is on its way has left
};

namespace detail {

inline ap_uint<14> link_address(const ap_uint<4>& slot, const ap_uint<10>& at) {
  return ap_uint<14>((ap_uint<14>(slot) << kLinkSlotLog2) | ap_uint<14>(at));
}

/// Takes an event's byte into the slot that is being filled; lets the frame go when it is full, or if `close`.
inline void link_fill(LinkFillState& fill, const LinkWindowState& window,
                      bram<ap_uint<8>, kLinkSlots * link_frame::kPayloadMax>& slots,
                      mem<ap_uint<10>, kLinkSlots>& last_bytes, stream<Beat<1>>& events, bool close) {
  const LinkFillState before = fill;
  const ap_uint<4> slot = before.number.range(3, 0);
  bool ends = false;
  ap_uint<10> last = before.bytes - 1u;
  if (before.skips) {
    if (!events.empty()) fill.skips = !events.read().last;
  } else if (before.room && !events.empty()) {
    const Beat<1> beat = events.read();
    fill.inside = !beat.last;
    slots.write(link_address(slot, before.bytes), beat.data);
    fill.bytes += 1;
    fill.boundary = beat.last;
    ends = before.bytes == link_frame::kPayloadMax - 1;
    last = before.bytes;
  } else {
    ends = close;
  }
  if (ends) {
    last_bytes.write(slot, last);
    fill.number += 1;
    fill.bytes = 0;
    fill.boundary = false;
  }
  // One frame may wait while the next is filled: what cannot go yet is better kept where it can still be merged.
  const ap_uint<8> under_way = before.number - window.una;
  const ap_uint<8> waiting = before.number - window.next;
  fill.room = under_way < kLinkSlots && waiting < 2 && !ends;
}

/// Takes a notice.
inline void link_notice(LinkTransmitterState& state, const LinkNotice& notice, const LinkTicks& now) {
  state.times.heard = now;
  if (notice.type == unsigned(LinkType::kSync)) {
    // Everything of the session before is forgotten, but not the times, nor the rate. The frame that is being sent is
    // finished: it names the session before, and so is nobody's.
    const bool inside = state.fill.inside;
    state.fill = LinkFillState();
    state.fill.skips = inside;
    state.window = LinkWindowState();
    state.owed = LinkOwedState();
    state.owed.sync = true;
  } else if (notice.type == unsigned(LinkType::kLost)) {
    state.owed.lost = true;
  } else {
    if (notice.type == unsigned(LinkType::kRate)) {
      state.owed.rate = true;
      state.next_divisor = notice.number < kLinkDivisorMin ? ap_uint<8>(unsigned(kLinkDivisorMin)) : notice.number;
    }
    if (notice.type == unsigned(LinkType::kPing)) state.owed.status = true;
    link_scan_begin(state.window, notice);
  }
}

/// What is due by the clock, when nothing is on its way out.
inline void link_on_time(LinkTransmitterState& state, const LinkTransmitterState& before, bool synced,
                         const LinkTicks& now) {
  const bool under_way = before.window.una != before.window.next;
  const LinkTicks silent = now - before.times.said;
  const LinkTicks deaf = now - before.times.heard;
  if (before.divisor != kLinkStartDivisor && deaf >= link_ticks(kLinkDeadNs)) state.next_divisor = kLinkStartDivisor;
  if (synced && under_way && silent >= link_ticks(kLinkRetryNs)) {
    state.window.lost[link_slot_bit(before.window.una)] = true;
  }
  if (synced && !under_way && silent >= link_ticks(kLinkKeepAliveNs)) state.owed.status = true;
}

inline ap_uint<kPhyBits> link_phy(const PhyStatus& phy) {
  ap_uint<kPhyBits> bits = 0;
  bits[static_cast<int>(PhyBit::kPresent)] = phy.present;
  bits[static_cast<int>(PhyBit::kLink)] = phy.link;
  bits[static_cast<int>(PhyBit::kHundred)] = phy.hundred;
  bits[static_cast<int>(PhyBit::kFullDuplex)] = phy.full_duplex;
  return bits;
}

/// Chooses what to send next.
inline void link_choose(LinkTransmitterState& state, const LinkTransmitterState& before, const LinkHeld& held,
                        const ap_uint<kPhyBits>& phy) {
  const LinkWindowState& window = before.window;
  const LinkOwedState& owed = before.owed;
  LinkSendState& send = state.send;
  const ap_uint<8> room_said = held.limit - owed.limit;
  const bool synced = held.session != 0;
  send.part = LinkPart::kBegin;
  send.number = 0;
  send.first = false;
  if (owed.sync) {
    send.type = LinkType::kSync;
    send.number = unsigned(kLinkCardClockMhz);
  } else if (owed.rate) {
    send.type = LinkType::kRate;
    send.number = before.next_divisor;
  } else if (owed.lost) {
    send.type = LinkType::kLost;
  } else if (synced && window.lost != 0) {
    send.type = LinkType::kData;
    send.slot = link_lost_slot(window);
  } else if (synced && window.next != before.fill.number && window.next != window.limit) {
    send.type = LinkType::kData;
    send.slot = window.next.range(3, 0);
    send.first = true;
  } else if (synced && (owed.status || held.frames != owed.frames || room_said >= kLinkLimitStep || phy != owed.phy)) {
    send.type = LinkType::kStatus;
    send.number = phy;
  } else {
    send.part = LinkPart::kIdle;
  }
}

/// Begins the frame that was chosen.
inline void link_begin(LinkTransmitterState& state, const LinkTransmitterState& before, const LinkHeld& held,
                       mem<ap_uint<10>, kLinkSlots>& last_bytes, mem<ap_uint<8>, kLinkSlots>& stamps) {
  LinkSendState& send = state.send;
  send.part = LinkPart::kHeader;
  send.held = held;
  send.at = 0;
  send.last = last_bytes.read(before.send.slot);
  send.crc = kCrc32Initial;
  if (before.send.type == LinkType::kData) {
    send.number = before.send.first ? before.window.next : link_number_in(before.window, before.send.slot);
    link_sent(state.window, before.send.slot, before.send.first, stamps);
  }
  if (before.send.type == LinkType::kSync) state.owed.sync = false;
  if (before.send.type == LinkType::kRate) state.owed.rate = false;
  if (before.send.type == LinkType::kLost) state.owed.lost = false;
  if (before.send.type == LinkType::kStatus) state.owed.phy = before.send.number.range(kPhyBits - 1, 0);
  state.owed.status = false;
  state.owed.frames = held.frames;
  state.owed.limit = held.limit;
}

inline ap_uint<8> link_header_byte(const LinkSendState& send) {
  const unsigned at = static_cast<unsigned>(send.at.range(2, 0));
  if (at == link_frame::kType) return unsigned(send.type);
  if (at == link_frame::kSession) return send.held.session;
  if (at == link_frame::kNumber) return send.number;
  if (at == link_frame::kAck) return send.held.ack;
  if (at == link_frame::kHeld) return ap_uint<8>(send.held.held.range(7, 0));
  if (at == link_frame::kHeld + 1) return ap_uint<8>(send.held.held.range(15, 8));
  return send.held.limit;
}

/// The next byte of the frame; `stored` is the payload's.
inline LinkByte link_send_byte(LinkSendState& send, const ap_uint<8>& stored) {
  const LinkSendState before = send;
  LinkByte out;
  send.at += 1;
  if (before.part == LinkPart::kCrc) {
    const ap_uint<32> fcs = ~before.crc;
    out.data = fcs.range(7, 0);
    out.last = before.at == link_frame::kCrcBytes - 1;
    send.crc = ap_uint<32>(before.crc >> 8);
    if (out.last) send.part = LinkPart::kIdle;
    return out;
  }
  const bool header = before.part == LinkPart::kHeader;
  out.data = header ? link_header_byte(before) : stored;
  send.crc = crc32_beat<1>(before.crc, out.data);
  if (header ? before.at == link_frame::kHeaderBytes - 1 : before.at == before.last) {
    send.at = 0;
    send.part = header && before.type == LinkType::kData ? LinkPart::kPayload : LinkPart::kCrc;
  }
  return out;
}

/// When something is to be done though nothing happens.
inline LinkDeadline link_deadline(const LinkTransmitterState& state, bool synced, const LinkTicks& now) {
  LinkDeadline deadline;
  const bool under_way = state.window.una != state.window.next;
  const bool may_die = state.divisor != kLinkStartDivisor;
  const LinkTicks said = state.times.said + (under_way ? link_ticks(kLinkRetryNs) : link_ticks(kLinkKeepAliveNs));
  const LinkTicks dead = state.times.heard + link_ticks(kLinkDeadNs);
  const LinkTicks until_said = said - now;
  const LinkTicks until_dead = dead - now;
  deadline.valid = synced || may_die;
  deadline.time = may_die && (!synced || until_dead < until_said) ? dead : said;
  return deadline;
}

}  // namespace detail

/// events: from the engine. notices, held: from link_receiver. line_busy: a byte is on the wire. frame: to
/// link_stuffer. divisor: clocks a bit, both ways. deadline: when something falls due. busy: something is to be sent or
/// gone through. phy: what the card's PHY says.
inline void link_transmitter(LinkTransmitterState& state, bram<ap_uint<8>, kLinkSlots * link_frame::kPayloadMax>& slots,
                             mem<ap_uint<10>, kLinkSlots>& last_bytes, mem<ap_uint<8>, kLinkSlots>& stamps,
                             stream<Beat<1>>& events, stream<LinkNotice>& notices, wire<LinkHeld>& held,
                             wire<bool>& line_busy, wire<LinkTicks>& ticks, wire<PhyStatus>& phy,
                             stream<LinkByte>& frame, wire<ap_uint<8>>& divisor, wire<LinkDeadline>& deadline,
                             wire<bool>& busy) {
  const LinkTransmitterState before = state;
  const LinkHeld has = held.read();
  const ap_uint<kPhyBits> link = detail::link_phy(phy.read());
  const bool synced = has.session != 0;
  const LinkTicks now = ticks.read();
  const bool idle = before.send.part == LinkPart::kIdle;
  const bool drained = idle && !line_busy.read();
  const bool begins = before.send.part == LinkPart::kBegin;
  const bool turns = before.next_divisor != before.divisor;

  // A part of a frame is let go when events pause at the end of one and nothing else is to be sent.
  const bool close = drained && before.fill.boundary && before.fill.number == before.window.next;
  detail::link_fill(state.fill, before.window, slots, last_bytes, events, close);

  // The window: a step through a notice, a new one (not while a frame begins), or the clock.
  if (before.window.scan != LinkScan::kNone) {
    if (detail::link_scan(state.window, before.window, stamps)) state.times.said = now;
  } else if (!notices.empty() && !begins) {
    detail::link_notice(state, notices.read(), now);
  } else if (drained) {
    detail::link_on_time(state, before, synced, now);
  }

  if (begins) {
    detail::link_begin(state, before, has, last_bytes, stamps);
  } else if (!idle) {
    state.times.said = now;
    if (!frame.full()) frame.write(detail::link_send_byte(state.send, slots.data()));
  } else if ((!turns || before.owed.rate) && before.window.scan == LinkScan::kNone && notices.empty()) {
    // Not while the window moves: a slot would mean another frame in the next step.
    detail::link_choose(state, before, has, link);
  } else if (drained && !before.owed.rate) {
    state.divisor = before.next_divisor;
  }
  slots.request(
      detail::link_address(state.send.slot, state.send.part == LinkPart::kPayload ? state.send.at : ap_uint<10>(0)));

  divisor.write(before.divisor);
  deadline.write(detail::link_deadline(before, synced, now));
  busy.write(!idle || before.window.scan != LinkScan::kNone || turns || before.fill.bytes != 0 ||
             state.send.part != LinkPart::kIdle);
}

}  // namespace sockwire
