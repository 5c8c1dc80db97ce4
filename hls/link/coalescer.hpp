// SPDX-License-Identifier: Apache-2.0
// The receive buffer of a card behind a serial link. The line is ten times as fast as the link: events wait here, and
// while they wait, segments that continue one another become one event, and what matters least makes room.
//
//        read                      start            write
//   .....|=========|=======|=======|~~~~~~~~~~~~~~~~|......      RECEIVE events
//         entries: whole events,    the event that
//         the newest of them open   is coming in
//
//   .....|===|===|...                                            all others: these go first
//
// A TCP segment continues the open event if that is a segment of the same flow, and all of its headers are the same
// but for what must differ: lengths, identification, sequence number, PSH and checksums. Then its headers are dropped:
// the write pointer goes back, and the payload follows that of the event. So nothing is merged that carries no payload,
// other ECN bits, other options, or another acknowledgement; nothing waits for it; and the event says how many segments
// it holds. An event is open until it is the next to go.
//
// Shedding. Above half of the buffer bulk UDP and group frames are dropped, above seven eighths all but TCP.
//
// Credits are absolute, so each event leaves with the newest, and one that says nothing else goes only if it is alone.
#pragma once

#include "hls/base/beat.hpp"
#include "hls/base/memory.hpp"
#include "hls/base/stream.hpp"
#include "hls/card/layout.hpp"
#include "hls/link/link_types.hpp"

namespace sockwire {

constexpr int kCoalescerLog2 = 15;
constexpr int kCoalescerBytes = 1 << kCoalescerLog2;
constexpr int kCoalescerEvents = 64;
constexpr int kUrgentLog2 = 10;
constexpr int kUrgentBytes = 1 << kUrgentLog2;  ///< of events that do not wait behind frames
/// The most that an event may come to have, so that the host is told of the first segment in time.
constexpr int kCoalescedBytesMax = 8192;
constexpr int kCoalescedSegmentsMax = 15;
static_assert(kCoalescerBytes == kLinkReceiveBytes, "what the host reckons with");

typedef ap_uint<kCoalescerLog2> CoalescerAddress;
typedef ap_uint<kUrgentLog2> UrgentAddress;

/// A whole event in the buffer.
struct CoalescerEntry {
  CoalescerAddress bytes = 0;
  ap_uint<4> segments = 1;
};

/// What is known of the event that is coming in.
struct CoalescerIncoming {
  ap_uint<8> index = 0;  ///< of the byte, up to 255
  ap_uint<8> type = 0;
  ap_uint<16> body = 0;
  ap_uint<8> status = 0;
  ap_uint<8> payload_offset = 0;
  bool plain = false;  ///< IPv4 without options or tag, both sums right
  bool group = false;
  bool arp = false;
  bool ipv6 = false;
  ap_uint<8> protocol = 0;
  ap_uint<16> total = 0;  ///< length of the datagram
  bool whole = false;     ///< it fills the frame: there is no padding
  ap_uint<16> source_port = 0;
  ap_uint<32> seq = 0;
  bool ack_only = false;  ///< of the flags, ACK is set, PSH may be, and nothing else
  bool differs = false;   ///< in a byte that must be the same, from the segment before
};

struct CoalescerState {
  // Write.
  CoalescerIncoming in;
  bool over = false;     ///< its last byte has come
  bool decides = false;  ///< its headers have come: whether it continues the open event is decided in this step
  CoalescerAddress start = 0;
  CoalescerAddress write = 0;
  bool merges = false;      ///< the event that is coming in goes on in the open one
  bool room = true;         ///< for a byte and an entry
  bool urgent = false;      ///< the event that is coming in is no RECEIVE
  ap_uint<32> credits = 0;  ///< the newest, while no event's header is coming in
  UrgentAddress urgent_start = 0;
  UrgentAddress urgent_write = 0;
  ap_uint<6> urgent_events = 0;  ///< whole ones
  // The segment that may be continued.
  bool continuable = false;
  ap_uint<8> payload_offset = 0;
  ap_uint<32> expected = 0;
  // Entries: those of the queue, and the open one behind them.
  bool open = false;
  CoalescerEntry newest;
  ap_uint<6> head = 0;
  ap_uint<6> tail = 0;
  // Read.
  bool reading = false;
  bool reads_urgent = false;
  UrgentAddress urgent_read = 0;
  bool shown = false;  ///< the memory's output is the byte at `read`
  CoalescerEntry going;
  ap_uint<32> says = 0;     ///< credits
  CoalescerAddress at = 0;  ///< byte of the event that is going
  CoalescerAddress read = 0;
};

namespace detail {

constexpr unsigned kCoalescerFrame = card::kHeaderBytes;  ///< where the frame begins in an event

/// Whether a byte of a segment's headers may differ from the one before: IPv4's lengths, identification and checksum;
/// TCP's sequence number, flags (which are looked at by themselves) and checksum.
inline bool coalescer_may_differ(const ap_uint<8>& at) {
  return (at >= 16 && at < 20) || at == 24 || at == 25 || (at >= 38 && at < 42) || at == 47 || at == 50 || at == 51;
}

/// Takes a byte of the event's header.
inline void coalescer_event_byte(CoalescerIncoming& in, const ap_uint<8>& byte) {
  static_assert(card::event::kType == 0 && card::event::kBodyBytes == 2 && card::event::kControlCredit == 4 &&
                    card::event::kStatus == 13 && card::event::kL4Offset == 14 && card::event::kPayloadOffset == 15,
                "where they are");
  constexpr unsigned kGoodTcp = static_cast<unsigned>(card::ReceiveStatus::kL3Good) |
                                static_cast<unsigned>(card::ReceiveStatus::kL4Good) |
                                static_cast<unsigned>(card::ReceiveStatus::kTcp);
  if (in.index == 0) in.type = byte;
  if (in.index == 2) in.body.range(7, 0) = byte;
  if (in.index == 3) in.body.range(15, 8) = byte;
  if (in.index == 13) in.status = byte;
  if (in.index == 14) in.plain = in.status == kGoodTcp && byte == 34;
  if (in.index == 15) in.payload_offset = byte;
}

/// Takes byte `at` of the frame, of which `before` is the same byte of the segment before.
inline void coalescer_frame_byte(CoalescerIncoming& in, const ap_uint<8>& at, const ap_uint<8>& byte,
                                 const ap_uint<8>& before) {
  if (at == 0) in.group = byte[0];
  if (at == 12) in.arp = in.ipv6 = byte == 0x08 || byte == 0x86;
  if (at == 13) {
    in.arp = in.arp && byte == 0x06;
    in.ipv6 = in.ipv6 && byte == 0xDD;
  }
  if (at == 16) in.total.range(15, 8) = byte;
  if (at == 17) in.total.range(7, 0) = byte;
  if (at == (in.ipv6 ? 20u : 23u)) in.protocol = byte;
  if (at == 18) in.whole = in.total + 14u == in.body;
  if (at == 34) in.source_port.range(15, 8) = byte;
  if (at == 35) in.source_port.range(7, 0) = byte;
  if (at >= 38 && at < 42) in.seq = ap_uint<32>(in.seq << 8) | ap_uint<32>(byte);
  if (at == 47) in.ack_only = (byte & 0xF7) == 0x10;
  if (at < in.payload_offset && byte != before && !coalescer_may_differ(at)) in.differs = true;
}

/// What is dropped first: 2 bulk, 1 what keeps a host going, 0 TCP and what is no frame.
inline ap_uint<2> coalescer_class(const CoalescerIncoming& in) {
  constexpr unsigned kTcp = 6;
  constexpr unsigned kUdp = 17;
  const bool tcp =
      (in.status & static_cast<unsigned>(card::ReceiveStatus::kTcp)) != 0 || (in.ipv6 && in.protocol == kTcp);
  const bool names = in.source_port == 53 || in.source_port == 67;  // DNS and DHCP
  const bool udp = in.protocol == kUdp && !in.arp && !(names && !in.ipv6);
  if (in.type != static_cast<unsigned>(card::Event::kReceive) || tcp) return 0;
  return udp || (in.group && !in.arp && !in.ipv6) ? ap_uint<2>(2) : ap_uint<2>(1);
}

/// A RECEIVE event has come in whole. Returns what is counted.
inline ap_uint<kCoalescerCounters> coalescer_end(CoalescerState& state, const CoalescerState& before,
                                                 mem<CoalescerEntry, kCoalescerEvents>& entries) {
  const CoalescerIncoming& in = before.in;
  ap_uint<kCoalescerCounters> counted = 0;
  const ap_uint<16> payload = in.body - in.payload_offset;
  const CoalescerAddress used = before.start - before.read;
  const ap_uint<2> order = coalescer_class(in);
  const bool half = used[kCoalescerLog2 - 1];
  const bool nearly_full = half && used[kCoalescerLog2 - 2] && used[kCoalescerLog2 - 3];
  const bool shed = (order == 2 && half) || (order != 0 && nearly_full);
  state.start = before.write;
  if (before.merges) {
    state.newest.bytes += payload;
    state.newest.segments += 1;
    state.expected += payload;
  } else if (shed) {
    state.start = before.start;
    state.write = before.start;
  } else {
    if (before.open) {
      entries.write(before.tail, before.newest);
      state.tail += 1;
    }
    state.open = true;
    state.newest.bytes = in.body + unsigned(card::kHeaderBytes);
    state.newest.segments = 1;
    state.continuable = in.plain && in.ack_only && in.whole && payload != 0;
    state.payload_offset = in.payload_offset;
    state.expected = in.seq + payload;
  }
  counted[unsigned(CoalescerCounter::kMerged)] = before.merges;
  counted[unsigned(CoalescerCounter::kShedBulk)] = shed && order == 2;
  counted[unsigned(CoalescerCounter::kShedOther)] = shed && order == 1;
  return counted;
}

/// Another event has come in whole; one of credits goes with what waits anyway.
inline void coalescer_urgent_end(CoalescerState& state, const CoalescerState& before) {
  const bool credit = before.in.type == static_cast<unsigned>(card::Event::kCredit);
  const bool waits = state.open || state.head != state.tail || before.urgent_events != 0;
  if (credit && waits) {
    state.urgent_write = before.urgent_start;
  } else {
    state.urgent_start = before.urgent_write;
    state.urgent_events += 1;
  }
}

/// Whether the segment, whose headers have come, goes on in the open event.
inline bool coalescer_continues(const CoalescerState& state) {
  const CoalescerIncoming& in = state.in;
  const bool same = state.continuable && in.plain && !in.differs && in.payload_offset == state.payload_offset;
  const bool next = in.ack_only && in.seq == state.expected && in.whole;
  const bool fits =
      state.newest.segments != kCoalescedSegmentsMax && state.newest.bytes + in.body <= unsigned(kCoalescedBytesMax);
  return state.open && same && next && fits && !state.urgent;
}

/// Takes a byte of an event.
inline void coalescer_take(CoalescerState& state, const CoalescerState& before, const Beat<1>& beat,
                           mem<ap_uint<8>, 128>& headers) {
  const ap_uint<8> at = before.in.index - kCoalescerFrame;
  const bool in_frame = before.in.index >= kCoalescerFrame;
  if (before.in.index >= 4 && before.in.index < 8) {
    state.credits = ap_uint<32>(before.credits >> 8) | (ap_uint<32>(beat.data) << 24);
  }
  if (!in_frame) detail::coalescer_event_byte(state.in, beat.data);
  if (in_frame && !before.urgent && before.in.index != 255) {
    detail::coalescer_frame_byte(state.in, at, beat.data, headers.read(at.range(6, 0)));
    if (at < 128) headers.write(at.range(6, 0), beat.data);
  }
  if (before.in.index != 255) state.in.index += 1;
  state.over = beat.last;
  state.decides = in_frame && at + 1u == before.in.payload_offset && before.in.plain && !beat.last && !before.urgent;
}

/// The byte that goes out, where the event's header has to be made anew.
inline ap_uint<8> coalescer_byte(const CoalescerState& state, const ap_uint<8>& stored) {
  const CoalescerEntry& going = state.going;
  const ap_uint<16> body = going.bytes - unsigned(card::kHeaderBytes);
  const ap_uint<16> total = body - 14u;  // of the datagram, as if it had been one
  const bool frame = !state.reads_urgent;
  const bool merged = frame && going.segments > 1;
  ap_uint<8> byte = stored;
  if (state.at == 0 && merged) byte = static_cast<unsigned>(card::Event::kCoalesced);
  if (state.at == 2 && frame) byte = body.range(7, 0);
  if (state.at == 3 && frame) byte = body.range(15, 8);
  if (state.at == 4) byte = state.says.range(7, 0);
  if (state.at == 5) byte = state.says.range(15, 8);
  if (state.at == 6) byte = state.says.range(23, 16);
  if (state.at == 7) byte = state.says.range(31, 24);
  if (state.at == card::event::kL4Offset && merged) byte = going.segments;
  if (state.at == kCoalescerFrame + 16 && merged) byte = total.range(15, 8);
  if (state.at == kCoalescerFrame + 17 && merged) byte = total.range(7, 0);
  return byte;
}

}  // namespace detail

/// events: from the engine. out: to link_transmitter, which takes a byte only when the link can soon send it.
/// busy: an event is here, or on its way.
inline void coalescer(CoalescerState& state, bram<ap_uint<8>, kCoalescerBytes>& memory,
                      bram<ap_uint<9>, kUrgentBytes>& urgent, mem<CoalescerEntry, kCoalescerEvents>& entries,
                      mem<ap_uint<8>, 128>& headers, stream<Beat<1>>& events, stream<Beat<1>>& out,
                      pulse<kCoalescerCounters>& counters, wire<bool>& busy) {
  const CoalescerState before = state;
  ap_uint<kCoalescerCounters> counted = 0;

  // Read: the next event, and its bytes.
  const bool queued = before.head != before.tail;
  const bool header = before.in.index >= 4 && before.in.index < 8;  // its credits are half here
  bool taken = false;
  if (!before.reading) {
    const bool first = before.urgent_events != 0;
    const bool newest = !queued && before.open && !before.merges && !before.over && !before.decides;
    state.going = queued ? entries.read(before.head) : before.newest;
    state.says = before.credits;
    state.at = 0;
    state.reads_urgent = first;
    state.reading = !header && (first || queued || newest);
    if (!header && first) state.urgent_events -= 1;
    if (!header && !first && queued) state.head += 1;
    if (!header && !first && newest) state.open = false;
  } else if (before.shown && !out.full()) {
    const ap_uint<9> other = urgent.data();
    Beat<1> beat;
    beat.keep = 1;
    beat.data = detail::coalescer_byte(before, before.reads_urgent ? ap_uint<8>(other.range(7, 0)) : memory.data());
    beat.last = before.reads_urgent ? other[8] : before.at + 1u == before.going.bytes;
    out.write(beat);
    state.at += 1;
    if (before.reads_urgent) state.urgent_read += 1;
    if (!before.reads_urgent) state.read += 1;
    state.reading = !beat.last;
    taken = true;
  }
  if (taken || !before.shown) {
    memory.request(state.read);
    urgent.request(state.urgent_read);
  }
  state.shown = before.reading && state.reading;

  // Write: where a segment's payload belongs, the end of an event, or a byte.
  if (before.decides) {
    state.decides = false;
    if (detail::coalescer_continues(before)) {
      state.merges = true;
      state.write = before.start;
    }
  } else if (before.over) {
    state.over = false;
    state.merges = false;
    state.in = CoalescerIncoming();
    if (before.urgent) {
      detail::coalescer_urgent_end(state, before);
    } else {
      counted = detail::coalescer_end(state, before, entries);
    }
  } else if (before.room && !events.empty()) {
    const Beat<1> beat = events.read();
    detail::coalescer_take(state, before, beat, headers);
    const bool begins = before.in.index == 0;
    const bool apart = begins ? beat.data != static_cast<unsigned>(card::Event::kReceive) : before.urgent;
    state.urgent = apart;
    ap_uint<9> stored = beat.data;
    stored[8] = beat.last;
    if (apart) {
      urgent.write(before.urgent_write, stored);
      state.urgent_write += 1;
    } else {
      memory.write(before.write, beat.data);
      state.write += 1;
    }
  }
  const CoalescerAddress left = before.read - before.write;
  const UrgentAddress urgent_left = before.urgent_read - before.urgent_write;
  const ap_uint<6> held = before.tail - before.head;
  state.room = (left == 0 || left > 4) && (urgent_left == 0 || urgent_left > 4) && held < kCoalescerEvents - 2;
  counters.write(counted);
  busy.write(state.reading || state.open || before.open || queued || before.over || before.in.index != 0 ||
             before.urgent_events != 0);
}

}  // namespace sockwire
