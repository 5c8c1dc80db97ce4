// SPDX-License-Identifier: Apache-2.0
// What of the card's frames the host has, and which of them are lost.
//
//              una            next           fill
//   ...........|==============|~~~~~~~~~~~~~~|....
//               sent; acked,   full, or a     being
//               lost or        message ends   filled
//               under way
//
// Loss. Each transmission has a stamp, the next of a counter. The wires keep order: when the host has a frame with a
// newer stamp than one that it has not, that one is lost. A notice is gone through a frame a clock, twice: what it says
// has come, and then what has not though it was sent earlier.
#pragma once

#include "hls/base/memory.hpp"
#include "hls/link/link_types.hpp"

namespace sockwire {

enum class LinkScan : std::uint8_t { kNone = 0, kCheck = 1, kAcked = 2, kLost = 3 };

struct LinkWindowState {
  ap_uint<8> una = 0;
  ap_uint<8> next = 0;
  ap_uint<8> limit = kLinkSlots;
  ap_uint<16> acked = 0;  ///< by slot
  ap_uint<16> lost = 0;   ///< by slot: to be sent again
  ap_uint<8> stamp = 0;   ///< of the next transmission
  ap_uint<8> newest = 0;  ///< of those that have come
  LinkScan scan = LinkScan::kNone;
  ap_uint<8> at = 0;  ///< frame that the scan looks at
  // What the scan is about.
  ap_uint<8> ack = 0;
  ap_uint<16> held = 0;
  ap_uint<8> new_limit = 0;
};

namespace detail {

inline int link_slot_bit(const ap_uint<8>& number) { return static_cast<int>(number.range(3, 0)); }

/// Which of two stamps was given later, if neither is older than 127 transmissions.
inline bool link_newer(const ap_uint<8>& stamp, const ap_uint<8>& than) {
  const ap_uint<8> after = stamp - than;
  return after != 0 && !after[7];
}

/// Takes a notice about frames.
inline void link_scan_begin(LinkWindowState& window, const LinkNotice& notice) {
  window.ack = notice.ack;
  window.held = notice.held;
  window.new_limit = notice.limit;
  window.scan = LinkScan::kCheck;
  window.at = window.una;
}

/// A step of the scan; `before` is the window before this step, in which a frame may have begun. A notice that
/// acknowledges what was not sent is not gone through. Returns whether it tells of progress, in the first step.
inline bool link_scan(LinkWindowState& window, const LinkWindowState& before, mem<ap_uint<8>, kLinkSlots>& stamps) {
  const int bit = link_slot_bit(before.at);
  const ap_uint<8> stamp = stamps.read(before.at.range(3, 0));
  const ap_uint<8> from_una = before.at - before.una;
  const ap_uint<8> before_ack = before.ack - before.una;
  const ap_uint<8> below_limit = before.new_limit - before.at;
  const bool below = from_una < before_ack;
  const bool come = below || (before.held[bit] && below_limit != 0 && below_limit <= kLinkSlots);
  if (before.scan == LinkScan::kCheck) {
    const ap_uint<8> sent = before.next - before.una;
    window.scan = before_ack > sent ? LinkScan::kNone : LinkScan::kAcked;
    return before_ack != 0;
  }
  window.at += 1;
  if (before.at == before.next) {
    window.at = before.una;
    window.scan = before.scan == LinkScan::kAcked ? LinkScan::kLost : LinkScan::kNone;
    if (before.scan == LinkScan::kLost) {
      window.una = before.ack;
      window.limit = before.new_limit;
    }
  } else if (before.scan == LinkScan::kAcked) {
    if (come && !before.acked[bit]) {
      window.acked[bit] = true;
      window.lost[bit] = false;
      if (link_newer(stamp, before.newest)) window.newest = stamp;
    }
  } else if (below) {
    window.acked[bit] = false;
    window.lost[bit] = false;
  } else if (!before.acked[bit] && link_newer(before.newest, stamp)) {
    window.lost[bit] = true;
  }
  return false;
}

/// The slot of a frame that is to be sent again: the lowest, as which of them comes first does not matter.
inline ap_uint<4> link_lost_slot(const LinkWindowState& window) {
  ap_uint<4> slot = 0;
  for (unsigned i = kLinkSlots; i > 0; --i) {
    if (window.lost[static_cast<int>(i - 1)]) slot = i - 1;
  }
  return slot;
}

/// The frame in a slot that has been sent and is not acknowledged.
inline ap_uint<8> link_number_in(const LinkWindowState& window, const ap_uint<4>& slot) {
  const ap_uint<4> ahead = slot - window.una.range(3, 0);
  return window.una + ahead;
}

/// The frame in a slot is about to be sent; `first`: it is `next`.
inline void link_sent(LinkWindowState& window, const ap_uint<4>& slot, bool first,
                      mem<ap_uint<8>, kLinkSlots>& stamps) {
  stamps.write(slot, window.stamp);
  window.stamp += 1;
  window.lost[static_cast<int>(slot)] = false;
  if (first) window.next += 1;
}

}  // namespace detail

}  // namespace sockwire
