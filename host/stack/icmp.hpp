// SPDX-License-Identifier: Apache-2.0
// ICMP (RFC 792) and ICMPv6 (RFC 4443): echo both ways, errors out, and errors in for those whom they concern. What
// ICMPv6 carries for others, neighbour discovery and multicast listeners, is theirs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <span>

#include "host/base/time.hpp"
#include "host/stack/descriptor.hpp"
#include "host/stack/ip_packet.hpp"
#include "host/stack/network.hpp"

namespace sockwire::stack {

/// How a ping of ours ended.
struct EchoEvent {
  enum class Kind : std::uint8_t {
    kReply,
    kUnreachable,  ///< An ICMP error, from `from`.
    kNoNeighbour,  ///< Nobody has the next hop's address.
  };
  Kind kind = Kind::kReply;
  IpAddress from;
  std::uint16_t sequence = 0;
  std::uint8_t ttl = 0;
  std::size_t bytes = 0;  ///< ICMP header and data.
  Duration rtt{};         ///< From the last bit out to the last bit in.
};

/// What an ICMP error of either version means.
enum class IcmpErrorKind : std::uint8_t {
  kNetwork,
  kHost,
  kProtocol,
  kPort,
  kProhibited,
  kPacketTooBig,
  kOther,  ///< Time exceeded, parameter problem, and what else there is.
};

/// RFC 1122 3.2.2.1 and 4.2.3.9, RFC 4443 3.1: what will not get better by waiting. It may be forged as any other
/// (RFC 5927 5.2).
constexpr bool is_hard(IcmpErrorKind kind) {
  return kind == IcmpErrorKind::kProtocol || kind == IcmpErrorKind::kPort || kind == IcmpErrorKind::kProhibited;
}

/// An ICMP error about a packet of ours, for the transport that sent it.
struct IcmpError {
  IpAddress from;
  IcmpErrorKind kind = IcmpErrorKind::kOther;
  std::uint16_t next_hop_mtu = 0;  ///< Of kPacketTooBig, in bytes.
  IpPacket original;               ///< Its payload has at least 8 bytes.
};

class Icmp {
 public:
  explicit Icmp(Network& network) : network_(network) {}

  /// A message of either version came in. Returns an error for TCP or UDP to look at. Precondition: the packet's bytes
  /// outlive it.
  std::optional<IcmpError> on_message(TimePoint now, TimePoint arrived, const IpPacket& packet);

  /// Sends an echo request. Returns false if there is no route.
  bool send_echo(TimePoint now, const IpAddress& to, std::uint16_t sequence, std::size_t data_bytes);
  /// The last bit of an echo request has left.
  void on_sent(std::uint32_t tag, TimePoint departed);
  /// Nobody has the address `neighbour`.
  void on_no_neighbour(const IpAddress& neighbour);
  /// Nobody waits for this answer any more.
  void forget_echo(std::uint16_t sequence) { echoes_.erase(sequence); }

  // --- errors about `packet`, as far as RFC 1122 3.2.2, RFC 4443 2.4 (e) and the rate limit allow them --------------
  /// Destination unreachable. code: of RFC 792, kIcmpPortUnreachable or kIcmpProtocolUnreachable (IPv4 only).
  void send_unreachable(TimePoint now, std::uint8_t code, const IpPacket& packet);
  /// Fragments have not become a datagram in time.
  void send_reassembly_timeout(TimePoint now, const IpPacket& packet);
  /// IPv6 only; code: of RFC 4443 3.4. pointer: in bytes, into the packet.
  void send_parameter_problem(TimePoint now, std::uint8_t code, std::uint32_t pointer, const IpPacket& packet);

  [[nodiscard]] std::optional<EchoEvent> poll_event();

 private:
  struct Echo {
    IpAddress to;
    TimePoint departed;
  };

  void answer_echo(TimePoint now, const IpPacket& packet);
  void on_echo_reply(TimePoint arrived, const IpPacket& packet);
  std::optional<IcmpError> on_error(TimePoint now, const IpPacket& packet);
  std::optional<IcmpError> parse_error(const IpPacket& packet) const;
  void on_echo_error(TimePoint now, const IcmpError& error);
  bool may_send_error(const IpPacket& packet, bool to_group) const;
  void send_error(TimePoint now, std::uint8_t type, std::uint8_t code, std::uint32_t word, const IpPacket& packet);
  bool take_error_token(TimePoint now);

  Network& network_;
  std::map<std::uint16_t, Echo> echoes_;  ///< By sequence number.
  std::deque<EchoEvent> events_;
  bool bucket_filled_ = false;
  TimePoint bucket_updated_;
  Duration bucket_{};  ///< Saved-up time: one error costs a second's fraction.
};

}  // namespace sockwire::stack
