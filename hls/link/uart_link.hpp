// SPDX-License-Identifier: Apache-2.0
// The card's end of the serial link, between the bytes of a UART and the engine's two streams.
#pragma once

#include "hls/base/dataflow.hpp"
#include "hls/link/coalescer.hpp"
#include "hls/link/link_receiver.hpp"
#include "hls/link/link_stuffer.hpp"
#include "hls/link/link_transmitter.hpp"

namespace sockwire {

struct LinkParts {
  Process<LinkReceiverState> receiver;
  bram<ap_uint<8>, kLinkSlots * link_frame::kPayloadMax> receive_slots;
  mem<ap_uint<10>, kLinkSlots> receive_last_bytes;
  stream<LinkNotice> notices;
  wire<LinkHeld> held;
  busy_wire receiver_busy;

  Process<CoalescerState> coalescer;
  bram<ap_uint<8>, kCoalescerBytes> waiting;
  bram<ap_uint<9>, kUrgentBytes> urgent;
  mem<CoalescerEntry, kCoalescerEvents> entries;
  mem<ap_uint<8>, 128> headers;
  stream<Beat<1>> next_events;
  busy_wire coalescer_busy;

  Process<LinkTransmitterState> transmitter;
  bram<ap_uint<8>, kLinkSlots * link_frame::kPayloadMax> send_slots;
  mem<ap_uint<10>, kLinkSlots> send_last_bytes;
  mem<ap_uint<8>, kLinkSlots> stamps;
  stream<LinkByte> frame;
  busy_wire transmitter_busy;

  Process<LinkStufferState> stuffer;

#if !defined(__SYNTHESIS__)
  template <typename Visitor>
  auto nets(Visitor visit) {
    return visit(notices, held, receiver_busy, next_events, coalescer_busy, frame, transmitter_busy);
  }
#endif
};

/// line_rx, line_tx: bytes of the UART; line_busy: one is on its way out; divisor: its clocks a bit.
/// commands, events: the engine's. ticks: card time. phy: what the PHY says. counters: LinkCounter; receive_counters:
/// CoalescerCounter. deadline: when it has something to do.
inline void uart_link(LinkParts& p, stream<SerialByte>& line_rx, wire<bool>& line_busy, stream<Beat<1>>& events,
                      wire<LinkTicks>& ticks, wire<PhyStatus>& phy, stream<Beat<1>>& commands,
                      stream<ap_uint<8>>& line_tx, wire<ap_uint<8>>& divisor, pulse<kLinkCounters>& counters,
                      pulse<kCoalescerCounters>& receive_counters, wire<LinkDeadline>& deadline) {
#pragma HLS dataflow
  p.receiver.run(link_receiver, p.receive_slots, p.receive_last_bytes, line_rx, commands, p.notices, p.held, counters,
                 p.receiver_busy);
  p.coalescer.run(coalescer, p.waiting, p.urgent, p.entries, p.headers, events, p.next_events, receive_counters,
                  p.coalescer_busy);
  p.transmitter.run(link_transmitter, p.send_slots, p.send_last_bytes, p.stamps, p.next_events, p.notices, p.held,
                    line_busy, ticks, phy, p.frame, divisor, deadline, p.transmitter_busy);
  p.stuffer.run(link_stuffer, p.frame, line_tx);
}

}  // namespace sockwire
