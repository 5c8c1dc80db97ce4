// SPDX-License-Identifier: Apache-2.0
// What the kernels of the engine say to one another, and what the engine says to its wire. One type per stream or wire:
//
//   commands --> command_parser --+--> segmenter --> assembler --+--> lane arbiter --> checksum insertion --> mac_tx
//   --> line_tx
//                                 +--> send buffer (WRITE) ------+          ^                                   |
//                                 +--> priority lane (FRAME) ---------------+                                   |
//                                 Departure
//                                 +--> RegisterRequest --> registers -- RegisterReply --+                       v
//                                 +--> HelloRequest ------------------------------------+----------------> event_writer
//                                 --> events
//                                 +--> Credits (wire), epoch (wire) --------------------+                       ^
//                                       MacConfig (wire) --> mac_tx, mac_rx                                     |
//                                       RxDescriptor, beats
//   line_rx --> mac_rx --> receive_parser (checksum verification) --> packet buffer (commit or roll back) ------+
#pragma once

#include "hls/base/ap_uint.hpp"
#include "hls/base/beat.hpp"

namespace sockwire {

// ---- the wire -------------------------------------------------------------------------------------------------------

/// One cycle of the wire, as the engine drives and sees it.
/// Width 1, GMII-like (IEEE 802.3 clause 35, a byte a cycle; rtl/mac adapts it to MII's nibbles).
/// Width 8, XGMII (clause 46): eight lanes, control bit per lane, lane 0 in data[7:0] and first on the wire.
template <int kBytes>
struct Line;

template <>
struct Line<1> {
  ap_uint<8> data = 0;
  bool valid = false;    ///< TX_EN or RX_DV
  bool error = false;    ///< TX_ER or RX_ER
  bool dribble = false;  ///< receive only: in the first cycle after valid: the frame ended with an odd nibble
};

template <>
struct Line<8> {
  ap_uint<64> data = 0x0707070707070707ULL;  ///< idle: /I/ in every lane
  ap_uint<8> control = 0xFF;
};

// ---- transmit -------------------------------------------------------------------------------------------------------

/// Goes beside each frame on its way to the MAC, one for each, pushed no later than the frame's first beat.
/// mac_tx answers with a Departure if `report` is set.
struct FrameInfo {
  bool report = false;
  ap_uint<2> credit = 0;  ///< 0: none; 1: a control frame, 2: an ACK frame leaves the priority lane
  ap_uint<16> tag = 0;
  ap_uint<32> seq_end = 0;
  ap_uint<8> segments = 0;
  ap_uint<8> slot = 0;  ///< 0xFF for the priority lane
};

/// The last bit of a reported frame has left; also said, with frame == false, of a SEND whose segments were all
/// released.
struct Departure {
  ap_uint<40> time_ns = 0;
  ap_uint<16> tag = 0;
  ap_uint<32> seq_end = 0;
  ap_uint<8> segments = 0;
  ap_uint<8> slot = 0;
};

// ---- receive --------------------------------------------------------------------------------------------------------

/// Beats of a received frame without its FCS, from mac_rx to the packet buffer. On the last beat, `bad` rolls the frame
/// back.
template <int kBytes>
struct RxBeat {
  ap_uint<8 * kBytes> data = 0;
  ap_uint<kBytes> keep = 0;
  bool last = false;
  bool bad = false;
};

/// What the receive parser found out about a frame; with its last beat.
struct RxDescriptor {
  ap_uint<11> bytes = 0;
  ap_uint<40> time_ns = 0;
  ap_uint<8> status = 0;  ///< card::ReceiveStatus bits
  ap_uint<8> l4_offset = 0;
  ap_uint<8> payload_offset = 0;
};

// ---- control --------------------------------------------------------------------------------------------------------

struct RegisterRequest {
  bool write = false;
  ap_uint<16> address = 0;
  ap_uint<16> tag = 0;
  ap_uint<32> value = 0;
};

struct RegisterReply {
  ap_uint<16> address = 0;
  ap_uint<16> tag = 0;
  ap_uint<32> value = 0;
};

/// A HELLO came in: the epoch wire has changed, and the card answers.
struct HelloRequest {
  ap_uint<8> epoch = 0;
};

/// Absolute credit counters as they ride on every event (card::event::kControlCredit and so on).
struct Credits {
  ap_uint<8> control = 0;
  ap_uint<8> ack = 0;
  ap_uint<16> payload = 0;
};

/// Settings of the MAC, from the registers.
struct MacConfig {
  ap_uint<48> address = 0;  ///< first byte on the wire in bits 7:0
  bool promiscuous = false;
  bool all_multicast = false;
  bool broadcast = true;
  bool pause = true;
};

/// A PAUSE frame was received (IEEE 802.3 annex 31B): stop for this many quanta of 512 bit times; 0 ends a pause.
struct PauseRequest {
  ap_uint<16> quanta = 0;
};

}  // namespace sockwire
