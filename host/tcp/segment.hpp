// SPDX-License-Identifier: Apache-2.0
// What goes into a connection and what comes out of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "hls/wire/seq_num.hpp"
#include "hls/wire/tcp.hpp"
#include "host/tcp/ecn.hpp"
#include "host/tcp/options.hpp"

namespace sockwire::tcp {

/// A segment that arrived: checksum already verified, header parsed (see header.hpp). The payload is borrowed for the
/// duration of the call. May be several segments that the card coalesced.
struct Segment {
  SeqNum seq;
  SeqNum ack;                ///< Meaningful if flags has kTcpAckFlag.
  std::uint8_t flags = 0;    ///< wire::kTcpFin ...
  std::uint16_t window = 0;  ///< As in the header, not yet scaled.
  std::uint16_t urgent = 0;  ///< The urgent pointer: meaningful if flags has kTcpUrg.
  Options options;
  std::span<const std::uint8_t> payload;
  EcnCodepoint ecn = EcnCodepoint::kNotEct;  ///< Of its IP header.
  unsigned merged_segments = 1;              ///< How many frames this was on the wire.

  bool syn() const { return (flags & wire::kTcpSyn) != 0; }
  bool fin() const { return (flags & wire::kTcpFin) != 0; }
  bool rst() const { return (flags & wire::kTcpRst) != 0; }
  bool has_ack() const { return (flags & wire::kTcpAckFlag) != 0; }
  /// SEG.LEN of RFC 9293: payload plus one for SYN and one for FIN.
  std::uint32_t length() const {
    return static_cast<std::uint32_t>(payload.size()) + (syn() ? 1u : 0u) + (fin() ? 1u : 0u);
  }
  SeqNum end() const { return seq + length(); }
};

/// The largest payload of one Transmit: what a 16-bit length holds.
inline constexpr std::size_t kMaxTransmitBytes = 65535;

enum class TransmitKind : std::uint8_t {
  /// Occupies sequence space: data, SYN, FIN in any mix; may be a super-segment that the card cuts by `mss`. Goes into
  /// the
  /// connection's slot *in order*, and its departure is reported with on_sent(tag).
  kSegment,
  /// No payload, no sequence space (an ACK, a window update, a RST). May overtake what is queued in the slot; its
  /// departure is not reported.
  kPureAck,
  /// Nothing new to send: `ack`, `window`, `options.timestamps` are the soft state for what is already queued in the
  /// slot and has not left. A path without soft state ignores it (an ACK follows by itself once the queue has drained).
  kRefresh,
};

/// One thing to hand to the card.
struct Transmit {
  TransmitKind kind = TransmitKind::kSegment;
  /// Of kSegment: name it in on_sent(). Grows by one from 0 for each kSegment of the connection.
  std::uint32_t tag = 0;
  SeqNum seq;
  /// 0 to kMaxTransmitBytes. With data after a SYN is never sent, so the payload starts at seq when it is not zero.
  std::uint32_t payload_bytes = 0;
  /// Payload bytes of one segment on the wire; the card cuts payload_bytes by it.
  std::uint16_t mss = 0;
  SeqNum ack;
  std::uint16_t window = 0;  ///< As it stands in the header: already scaled.
  /// Flags of the first and last cut segment; those between carry kTcpAckFlag only. Equal where one segment results.
  /// PSH and FIN are in `flags_last` only, CWR in `flags_first`. kTcpAckFlag is in both or in neither.
  std::uint8_t flags_first = 0;
  std::uint8_t flags_last = 0;
  Options options;  ///< On every cut segment. Fits the header template: 0 or 12 bytes unless SYN.
  bool retransmission = false;
  /// Least time from the start of one cut segment to the start of the connection's next, in ns.
  std::uint32_t pacing_gap_ns = 0;
  bool ect = false;          ///< Its packets say ECT(0) (RFC 3168 5).
  std::uint8_t dscp = 0;     ///< Of its packets (RFC 2474 3).
  std::uint16_t urgent = 0;  ///< The urgent pointer, if the flags have kTcpUrg: then it is one segment on the wire.

  /// All flags of a segment that is not cut.
  std::uint8_t flags() const { return flags_first | flags_last; }
  bool syn() const { return (flags() & wire::kTcpSyn) != 0; }
  bool fin() const { return (flags() & wire::kTcpFin) != 0; }
  bool rst() const { return (flags() & wire::kTcpRst) != 0; }
  /// One past the last sequence number that it occupies.
  SeqNum seq_end() const { return seq + payload_bytes + (syn() ? 1u : 0u) + (fin() ? 1u : 0u); }
};

/// The answer that a segment to no connection deserves: a RST, or nothing if it is a RST itself (RFC 9293 3.10.7.1).
std::optional<Transmit> reset_for(const Segment& segment);

}  // namespace sockwire::tcp
