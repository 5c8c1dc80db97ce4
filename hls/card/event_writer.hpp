// SPDX-License-Identifier: Apache-2.0
// Writes the event stream: HELLO, REGISTER, SENT, RECEIVE and CREDIT messages, each with the epoch of the last HELLO
// and the credits as they are when it starts. A named arbiter: which event comes next depends on what is there first;
// in this order:
//
//   HELLO, REGISTER, SENT of the assembler, SENT of the MAC, RECEIVE, CREDIT
//
// CREDIT is said only if nothing else is, and when a lane's credit changed or that of 2 KiB of payload did. There is no
// cycle between events: at width 8 a minimum frame's takes 10, and the wire brings one every 10.5.
#pragma once

#include "hls/base/ap_uint.hpp"
#include "hls/base/beat.hpp"
#include "hls/base/stream.hpp"
#include "hls/card/layout.hpp"
#include "hls/top/ports.hpp"

namespace sockwire {

enum class EventStep : std::uint8_t { kNext, kHeader, kBody, kHelloBody, kFrame };

template <int kBytes>
struct EventWriterState {
  EventStep step = EventStep::kNext;
  ap_uint<5> at = 0;  ///< beats of the step's part so far
  // The event that is being written.
  card::Event type = card::Event::kHello;
  ap_uint<8> epoch = 0;  ///< of the last HELLO
  ap_uint<11> body_bytes = 0;
  ap_uint<16> lane_credit = 0;  ///< as the host knows it
  ap_uint<16> payload_credit = 0;
  bool credit_due = false;  ///< as a step ago, which is after the last event's start
  ap_uint<64> second = 0;   ///< the header's second half
  ap_uint<64> body = 0;     ///< of SENT and REGISTER
};

namespace detail {

static_assert(card::event::kTime == 8 && card::event::kStatus == 13 && card::event::kL4Offset == 14 &&
                  card::event::kPayloadOffset == 15,
              "the header's second half");
static_assert(card::sent::kSeqEnd == 0 && card::sent::kTag == 4 && card::sent::kSegments == 6 && card::sent::kSlot == 7,
              "SENT");
static_assert(card::register_value::kAddress == 0 && card::register_value::kTag == 2 &&
                  card::register_value::kValue == 4,
              "REGISTER");
static_assert(card::event::kType == 0 && card::event::kEpoch == 1 && card::event::kBodyBytes == 2 &&
                  card::event::kControlCredit == 4 && card::event::kAckCredit == 5 && card::event::kPayloadCredit == 6,
              "the header's first half");

template <int kBytes>
ap_uint<64> event_first(const EventWriterState<kBytes>& state) {
  return ap_uint<64>(static_cast<std::uint8_t>(state.type)) | (ap_uint<64>(state.epoch) << 8) |
         (ap_uint<64>(state.body_bytes) << 16) | (ap_uint<64>(state.lane_credit) << 32) |
         (ap_uint<64>(state.payload_credit) << 48);
}

/// Word `index` of HELLO's body.
template <int kBytes>
ap_uint<64> event_hello(unsigned index, const ap_uint<32>& boot_id) {
  constexpr std::uint64_t kSizes = static_cast<std::uint64_t>(card::send_buffer_bytes(kBytes)) |
                                   (static_cast<std::uint64_t>(card::payload_window_bytes(kBytes)) << 32);
  constexpr std::uint64_t kCapabilities = static_cast<std::uint64_t>(card::Capability::kIpv6Send) |
                                          static_cast<std::uint64_t>(card::Capability::kVlanSend) |
                                          static_cast<std::uint64_t>(card::Capability::kPacing) |
                                          static_cast<std::uint64_t>(card::Capability::kPause);
  constexpr std::uint64_t kCounts =
      static_cast<std::uint64_t>(kBytes) | (static_cast<std::uint64_t>(card::kSlots) << 8) |
      (static_cast<std::uint64_t>(card::slot_queue_depth(kBytes)) << 16) |
      (static_cast<std::uint64_t>(card::kControlFrames) << 24) | (static_cast<std::uint64_t>(card::kAckFrames) << 32) |
      (kCapabilities << 40) | (static_cast<std::uint64_t>(card::kFrameBytesMax) << 48);
  constexpr std::uint64_t kHash = card::layout_hash();
  if (index == 0) return ap_uint<64>(kHash << 32) | boot_id;
  return index == 1 ? kSizes : kCounts;
}

static_assert(card::hello::kBootId == 0 && card::hello::kLayoutHash == 4 && card::hello::kSendBufferBytes == 8 &&
                  card::hello::kPayloadWindow == 12 && card::hello::kBytesPerBeat == 16 &&
                  card::hello::kSlotCount == 17 && card::hello::kQueueDepth == 18 &&
                  card::hello::kControlCredits == 19 && card::hello::kAckCredits == 20 &&
                  card::hello::kCapabilities == 21 && card::hello::kFrameBytes == 22,
              "HELLO");

/// Beat `at` of 64-bit words: the whole word, or one of its bytes.
template <int kBytes>
ap_uint<8 * kBytes> event_part(const ap_uint<64>& word, const ap_uint<5>& at) {
  if (kBytes == 8) return word;
  ap_uint<8 * kBytes> part = 0;
  for (unsigned i = 0; i < 8; ++i) {
    if (at.range(2, 0) == i) part = word >> (8 * i);
  }
  return part;
}

inline ap_uint<64> event_sent(const Departure& departure) {
  return ap_uint<64>(departure.seq_end) | (ap_uint<64>(departure.tag) << 32) | (ap_uint<64>(departure.segments) << 48) |
         (ap_uint<64>(departure.slot) << 56);
}

/// Chooses the next event and takes it from its stream. Returns whether there is one.
template <int kBytes>
bool event_choose(EventWriterState<kBytes>& state, stream<RxDescriptor>& descriptor, stream<Departure>& sent,
                  stream<Departure>& released, stream<HelloRequest>& hello, stream<RegisterReply>& reply,
                  bool credit_due, const ap_uint<40>& now) {
  state.second = now;
  state.body_bytes = card::sent::kBytes;
  if (!hello.empty()) {
    state.epoch = hello.read().epoch;
    state.type = card::Event::kHello;
    state.body_bytes = card::hello::kBytes;
  } else if (!reply.empty()) {
    const RegisterReply value = reply.read();
    state.type = card::Event::kRegister;
    state.body = ap_uint<64>(value.address) | (ap_uint<64>(value.tag) << 16) | (ap_uint<64>(value.value) << 32);
  } else if (!released.empty()) {
    const Departure departure = released.read();
    state.type = card::Event::kSent;
    state.second = departure.time_ns;
    state.body = event_sent(departure);
  } else if (!sent.empty()) {
    const Departure departure = sent.read();
    state.type = card::Event::kSent;
    state.second = departure.time_ns;
    state.body = event_sent(departure);
  } else if (!descriptor.empty()) {
    const RxDescriptor about = descriptor.read();
    state.type = card::Event::kReceive;
    state.body_bytes = about.bytes;
    state.second = ap_uint<64>(about.time_ns) | (ap_uint<64>(about.status) << 40) |
                   (ap_uint<64>(about.l4_offset) << 48) | (ap_uint<64>(about.payload_offset) << 56);
  } else {
    state.type = card::Event::kCredit;
    state.body_bytes = 0;
    return credit_due;
  }
  return true;
}

/// Is a CREDIT worth saying? It is for an eighth of the window: the host looks at each.
template <int kBytes>
bool event_credit_due(const EventWriterState<kBytes>& state, const ap_uint<16>& lane, const ap_uint<16>& payload) {
  constexpr unsigned kPayloadStep = card::payload_window_bytes(kBytes) / 8 / card::kPayloadCreditUnitBytes;
  const ap_uint<16> unsaid = payload - state.payload_credit;
  return lane != state.lane_credit || unsaid >= kPayloadStep;
}

}  // namespace detail

/// frame, descriptor: committed frames from packet_buffer. sent: departures from mac_tx; released: from the assembler.
/// boot_id: constant. payload_credit: in units of 64 bytes; lane_credit: control frames in 7:0, ACK frames in 15:8.
/// busy: an event is being written.
template <int kBytes>
void event_writer(EventWriterState<kBytes>& state, stream<Beat<kBytes>>& frame, stream<RxDescriptor>& descriptor,
                  stream<Departure>& sent, stream<Departure>& released, stream<HelloRequest>& hello,
                  stream<RegisterReply>& reply, wire<ap_uint<32>>& boot_id, wire<ap_uint<16>>& payload_credit,
                  wire<ap_uint<16>>& lane_credit, wire<ap_uint<64>>& now_ns, stream<Beat<kBytes>>& events,
                  wire<bool>& busy) {
  constexpr unsigned kHalf = 8 / kBytes;  // beats of half a header
  Beat<kBytes> out;
  out.keep = kBytes == 8 ? 0xFF : 1;
  bool write = true;
  const ap_uint<16> lane = lane_credit.read();
  const ap_uint<16> payload = payload_credit.read();
  const bool credit_due = state.credit_due;
  state.credit_due = detail::event_credit_due(state, lane, payload);
  switch (state.step) {
    case EventStep::kNext: {
      write = detail::event_choose(state, descriptor, sent, released, hello, reply, credit_due, now_ns.read());
      if (write) {
        state.lane_credit = lane;
        state.payload_credit = payload;
        state.step = EventStep::kHeader;
        state.at = 1;
        out.data = detail::event_part<kBytes>(detail::event_first(state), 0);
      }
      break;
    }
    case EventStep::kHeader: {
      const ap_uint<64> word = state.at < kHalf ? detail::event_first(state) : state.second;
      const bool ends = state.at == 2 * kHalf - 1;
      out.data = detail::event_part<kBytes>(word, state.at);
      out.last = ends && state.type == card::Event::kCredit;
      state.at += 1;
      if (ends) {
        state.at = 0;
        state.step = EventStep::kBody;
        if (state.type == card::Event::kHello) state.step = EventStep::kHelloBody;
        if (state.type == card::Event::kReceive) state.step = EventStep::kFrame;
        if (state.type == card::Event::kCredit) state.step = EventStep::kNext;
      }
      break;
    }
    case EventStep::kBody:
      out.data = detail::event_part<kBytes>(state.body, state.at);
      out.last = state.at == kHalf - 1;
      state.at += 1;
      break;
    case EventStep::kHelloBody: {
      const unsigned word = static_cast<unsigned>(state.at) / kHalf;
      out.data = detail::event_part<kBytes>(detail::event_hello<kBytes>(word, boot_id.read()), state.at);
      out.last = state.at == 3 * kHalf - 1;
      state.at += 1;
      break;
    }
    case EventStep::kFrame:
      out = frame.read();
      break;
  }
  if (write) events.write(out);
  if (write && out.last) state.step = EventStep::kNext;
  busy.write(state.step != EventStep::kNext || state.credit_due);
}

}  // namespace sockwire
