// SPDX-License-Identifier: Apache-2.0
// What the stack takes in and hands out: plain descriptors. The stack knows no card; host/socket carries these to one.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "hls/wire/seq_num.hpp"
#include "host/base/time.hpp"

namespace sockwire::stack {

/// Names a connection as long as the stack lives; none is used twice. 0 names none.
using ConnectionId = std::uint32_t;
inline constexpr ConnectionId kNoConnection = 0;

/// What somebody has found out about a checksum.
enum class Verdict : std::uint8_t {
  kUnverified,  ///< The stack verifies it.
  kGood,
  kBad,
};

/// A frame that came in. `bytes`: from the destination address on, without FCS, perhaps with padding; borrowed for the
/// duration of the call.
struct ReceivedFrame {
  std::span<const std::uint8_t> bytes;
  TimePoint arrived;  ///< Of its last bit.
  Verdict l3 = Verdict::kUnverified;
  Verdict l4 = Verdict::kUnverified;
};

/// Comes back in Stack::on_sent() when the last bit of what it was given with has left.
struct DepartureKey {
  ConnectionId connection = kNoConnection;
  std::uint32_t tag = 0;

  friend bool operator==(const DepartureKey&, const DepartureKey&) = default;
};

/// A whole frame without padding and FCS, to be sent before any TxSend that waits: ARP, ICMP, SYN, RST, pure ACKs.
struct TxFrame {
  std::vector<std::uint8_t> bytes;
  bool insert_l3 = false;            ///< The IPv4 header checksum (header at l3_offset) is zero and to be inserted.
  bool insert_l4 = false;            ///< So is the checksum over [l4_offset, end).
  bool is_ack = false;               ///< A TCP segment without payload and sequence space; at most 128 bytes.
  std::uint8_t l3_offset = 0;        ///< Even.
  std::uint8_t l4_offset = 0;        ///< Even.
  std::uint8_t checksum_offset = 0;  ///< Of the field in the frame; even.
  std::uint16_t pseudo_sum = 0;      ///< One's-complement sum of the whole pseudo header, length included; 0: none.
  bool udp_zero = false;             ///< A checksum that comes to 0 is sent as 0xffff (RFC 768).
  std::optional<DepartureKey> report;
  ConnectionId connection = kNoConnection;  ///< Of an ACK.
  /// Of an ACK: it says more than the connection's ACK before it, which need not be sent any more if it waits. A
  /// duplicate ACK never does: each of them counts (RFC 5681 3.2).
  bool supersedes = false;
};

/// Soft state of a connection: what each of its segments carries when it leaves. Supersedes what was given before, also
/// for what still waits.
struct SoftState {
  ConnectionId connection = kNoConnection;
  SeqNum rcv_nxt;
  std::uint16_t window = 0;  ///< As in the header.
  std::uint32_t tsecr = 0;

  friend bool operator==(const SoftState&, const SoftState&) = default;
};

inline constexpr std::size_t kMaxTemplateBytes = 128;

/// A super-segment: [seq, seq + payload_bytes) of a connection, to be cut by `mss`. The bytes are had from
/// Stack::copy_payload() until they are acknowledged. Order among the TxSends of a connection is kept.
struct TxSend {
  DepartureKey key;
  SeqNum seq;
  std::uint32_t payload_bytes = 0;  ///< 1 to 65535.
  std::uint16_t mss = 0;
  std::uint16_t ip_id = 0;  ///< IPv4: of the first segment; one more for each that follows.
  bool ipv6 = false;        ///< The network header in the template is IPv6's.
  /// Everything before the payload. The IP length, the checksums, and per segment the sequence number, IP id and
  /// flags are the card's to fill in. The flags in it are those of the whole super-segment.
  std::array<std::uint8_t, kMaxTemplateBytes> header{};
  std::uint8_t header_bytes = 0;
  std::uint8_t l3_offset = 0;
  std::uint8_t l4_offset = 0;
  std::uint8_t tsecr_offset = 0;    ///< Where SoftState::tsecr is stamped, in the template; 0 for nowhere.
  std::uint16_t pseudo_sum = 0;     ///< Of the pseudo header without its length.
  std::uint8_t first_flags = 0;     ///< TCP flags that only the first segment keeps.
  std::uint8_t last_flags = 0;      ///< TCP flags that only the last segment keeps.
  std::uint32_t pacing_gap_ns = 0;  ///< Least time from the start of a segment to that of the connection's next.
  SoftState soft;                   ///< As of now.
};

/// Nothing of the connection before `snd_una` needs to be sent or kept any more.
struct Release {
  ConnectionId connection = kNoConnection;
  SeqNum snd_una;
};

/// The connection is over: what the card keeps for it may go.
struct Close {
  ConnectionId connection = kNoConnection;
};

using Output = std::variant<TxFrame, TxSend, SoftState, Release, Close>;

/// What can be taken just now. Asked anew for each Output.
class Room {
 public:
  virtual ~Room() = default;
  /// Another TxFrame.
  virtual bool frame() = 0;
  /// Payload bytes of another TxSend of this connection; 0 for no TxSend at all.
  virtual std::size_t payload(ConnectionId connection) = 0;
};

}  // namespace sockwire::stack
