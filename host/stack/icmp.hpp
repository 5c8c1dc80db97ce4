// SPDX-License-Identifier: Apache-2.0
// ICMP (RFC 792): echo both ways, errors out, and errors in for those whom they concern.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <span>

#include "host/base/time.hpp"
#include "host/stack/descriptor.hpp"
#include "host/stack/ipv4.hpp"
#include "host/stack/network.hpp"

namespace sockwire::stack {

/// How a ping of ours ended.
struct EchoEvent {
  enum class Kind : std::uint8_t {
    kReply,
    kUnreachable,  ///< An ICMP error, from `from`.
    kNoNeighbour,  ///< ARP went unanswered.
  };
  Kind kind = Kind::kReply;
  Ipv4Address from;
  std::uint16_t sequence = 0;
  std::uint8_t ttl = 0;
  std::size_t bytes = 0;  ///< ICMP header and data.
  Duration rtt{};         ///< From the last bit out to the last bit in.
};

/// An ICMP error about a packet of ours, for the transport that sent it.
struct IcmpError {
  Ipv4Address from;
  std::uint8_t type = 0;
  std::uint8_t code = 0;
  std::uint16_t next_hop_mtu = 0;  ///< Of "fragmentation needed"; 0 from old routers (RFC 1191 5).
  Ipv4Packet original;             ///< Its payload has at least 8 bytes.
};

class Icmp {
 public:
  explicit Icmp(Network& network) : network_(network) {}

  /// An ICMP message came in. Returns an error for TCP or UDP to look at. Precondition: the frame's bytes outlive it.
  std::optional<IcmpError> on_message(TimePoint now, TimePoint arrived, const Ipv4Packet& packet);

  /// Sends an echo request. Returns false if there is no route.
  bool send_echo(TimePoint now, Ipv4Address to, std::uint16_t sequence, std::size_t data_bytes);
  /// The last bit of an echo request has left.
  void on_sent(std::uint32_t tag, TimePoint departed);
  /// ARP for `neighbour` went unanswered.
  void on_no_neighbour(Ipv4Address neighbour);
  /// Nobody waits for this answer any more.
  void forget_echo(std::uint16_t sequence) { echoes_.erase(sequence); }

  /// Destination unreachable about `packet`, as far as RFC 1122 3.2.2 and the rate limit allow it.
  void send_unreachable(TimePoint now, std::uint8_t code, const Ipv4Packet& packet);

  [[nodiscard]] std::optional<EchoEvent> poll_event();

 private:
  struct Echo {
    Ipv4Address to;
    TimePoint departed;
  };

  void answer_echo(TimePoint now, const Ipv4Packet& packet);
  void on_echo_reply(TimePoint arrived, const Ipv4Packet& packet);
  std::optional<IcmpError> on_error(const Ipv4Packet& packet);
  bool take_error_token(TimePoint now);

  Network& network_;
  std::map<std::uint16_t, Echo> echoes_;  ///< By sequence number.
  std::deque<EchoEvent> events_;
  bool bucket_filled_ = false;
  TimePoint bucket_updated_;
  Duration bucket_{};  ///< Saved-up time: one error costs a second's fraction.
};

}  // namespace sockwire::stack
