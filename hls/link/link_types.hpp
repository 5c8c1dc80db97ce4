// SPDX-License-Identifier: Apache-2.0
// What the kernels of the serial link say to one another:
//
//   uart_rx --> link_receiver --> commands        events --> link_transmitter --> link_stuffer --> uart_tx
//                     |                                          ^
//                     +---- LinkNotice, LinkHeld (wire) ---------+
#pragma once

#include "hls/base/ap_uint.hpp"
#include "hls/link/link_frame.hpp"

namespace sockwire {

/// Time as the link counts it: card time in units of 65,536 ns, modulo 2^20 (68 s). It has no use for a finer one, and
/// what does not change costs a simulation nothing.
typedef ap_uint<20> LinkTicks;
constexpr int kLinkTickLog2 = 16;
constexpr unsigned link_ticks(std::uint64_t ns) { return static_cast<unsigned>(ns >> kLinkTickLog2); }

/// When the link has something to do though nothing happens.
struct LinkDeadline {
  bool valid = false;
  LinkTicks time = 0;
};

/// A byte off the wire.
struct SerialByte {
  ap_uint<8> data = 0;
  bool error = false;  ///< its stop bit was missing
};

/// A byte of a frame before stuffing.
struct LinkByte {
  ap_uint<8> data = 0;
  bool last = false;
};

/// A good frame came in.
struct LinkNotice {
  ap_uint<8> type = 0;    ///< LinkType; kLost if it is of another session
  ap_uint<8> number = 0;  ///< RATE: clocks a bit
  ap_uint<8> ack = 0;
  ap_uint<16> held = 0;
  ap_uint<8> limit = 0;
};

/// What the receiver has, as each frame to the host says it.
struct LinkHeld {
  ap_uint<8> session = 0;
  ap_uint<8> ack = 0;
  ap_uint<16> held = 0;
  ap_uint<8> limit = 0;
  ap_uint<8> frames = 0;  ///< DATA frames that came, modulo 256, those that were there before too: each wants an answer
};

/// Bits of link_receiver's `counters`.
enum class LinkCounter : std::uint8_t {
  kFrames = 0,    ///< good ones
  kBad = 1,       ///< wrong CRC or length, a code past the end, or a byte without its stop bit
  kRepeated = 2,  ///< DATA that was there before, or beyond the window
  kOtherSession = 3,
};
constexpr int kLinkCounters = 4;

/// Bits of the coalescer's `counters`.
enum class CoalescerCounter : std::uint8_t {
  kMerged = 0,     ///< segments that became part of an event before them
  kShedBulk = 1,   ///< frames dropped: bulk UDP or to a group, more than half full
  kShedOther = 2,  ///< frames dropped: neither TCP nor bulk, more than seven eighths full
};
constexpr int kCoalescerCounters = 3;

}  // namespace sockwire
