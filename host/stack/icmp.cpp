// SPDX-License-Identifier: Apache-2.0
// ICMP messages in, and echo. Errors: icmp_errors.cpp.
#include "host/stack/icmp.hpp"

#include <algorithm>
#include <cstring>

#include "hls/wire/icmp.hpp"
#include "hls/wire/icmpv6.hpp"
#include "hls/wire/ipv4.hpp"
#include "hls/wire/ipv6.hpp"
#include "host/base/byte_order.hpp"
#include "host/stack/internet_checksum.hpp"

namespace sockwire::stack {

namespace {

/// The identifier of our pings: one program pings at a time, and the sequence numbers tell its requests apart.
constexpr std::uint16_t kEchoId = 0x5357;
/// Pings that may wait for an answer at once.
constexpr std::size_t kMaxEchoes = 256;

std::uint8_t protocol_of(bool ipv4) { return ipv4 ? wire::kIpProtocolIcmp : wire::kIpProtocolIcmpv6; }
std::uint8_t request_type(bool ipv4) { return ipv4 ? wire::kIcmpEchoRequest : wire::kIcmpv6EchoRequest; }
std::uint8_t reply_type(bool ipv4) { return ipv4 ? wire::kIcmpEchoReply : wire::kIcmpv6EchoReply; }

bool is_error(std::uint8_t type, bool ipv4) {
  if (!ipv4) return type < 128;  // RFC 4443 2.1; of those that are unknown, too
  return type == wire::kIcmpDestinationUnreachable || type == wire::kIcmpTimeExceeded ||
         type == wire::kIcmpParameterProblem;
}

/// ICMPv6's covers the pseudo header (RFC 4443 2.3), ICMP's does not.
bool message_checksum_holds(const IpPacket& packet) {
  const bool ipv4 = packet.source.is_ipv4();
  return checksum_holds(packet.payload, ipv4 ? std::uint16_t{0}
                                             : pseudo_header_sum(packet.source, packet.destination,
                                                                 wire::kIpProtocolIcmpv6, packet.payload.size()));
}

}  // namespace

std::optional<IcmpError> Icmp::on_message(TimePoint now, TimePoint arrived, const IpPacket& packet) {
  Counters& counters = network_.counters();
  const bool ipv4 = packet.source.is_ipv4();
  ++counters.icmp_in;
  if (packet.payload.size() < wire::kIcmpHeaderBytes) {
    ++counters.icmp_malformed;
    return std::nullopt;
  }
  if (!message_checksum_holds(packet)) {
    ++counters.icmp_checksum;
    return std::nullopt;
  }
  const std::uint8_t type = packet.payload[wire::kIcmpType];
  if (type == request_type(ipv4)) {
    answer_echo(now, packet);
  } else if (type == reply_type(ipv4)) {
    on_echo_reply(arrived, packet);
  } else if (is_error(type, ipv4)) {
    return on_error(now, packet);
  } else if (!ipv4 && type >= wire::kMldQuery && type <= wire::kMldDone) {
    network_.groups().on_mld(now, packet);
  } else if (!ipv4 && type >= wire::kRouterSolicitation && type <= wire::kNdpRedirect) {
    network_.on_ndp(now, packet);
  } else {
    // RFC 1122 3.2.2, RFC 4443 2.4 (b): unknown types are silently discarded. So are source quenches (RFC 6633) and
    // redirects: the route that there is works, too.
    ++counters.icmp_type_unknown;
  }
  return std::nullopt;
}

void Icmp::answer_echo(TimePoint now, const IpPacket& packet) {
  Counters& counters = network_.counters();
  const bool ipv4 = packet.source.is_ipv4();
  if (network_.is_group(packet.destination)) {
    // RFC 1122 3.2.2.6 allows it; amplification is why nobody answers any more.
    ++counters.icmp_echo_broadcast;
    return;
  }
  const std::size_t ip_bytes = ipv4 ? wire::kIpv4MinHeaderBytes : wire::kIpv6HeaderBytes;
  if (packet.source.is_unspecified() || ip_bytes + packet.payload.size() > network_.path_mtu(now, packet.source)) {
    ++counters.icmp_echo_too_long;
    return;
  }
  ++counters.icmp_echo_requests_in;
  TxFrame frame =
      network_.make_frame(MacAddress(), network_.header_of(packet.destination, packet.source, protocol_of(ipv4)),
                          packet.payload.size(), wire::kIcmpChecksum, !ipv4);
  std::uint8_t* at = frame.bytes.data() + frame.l4_offset;
  std::memcpy(at, packet.payload.data(), packet.payload.size());
  at[wire::kIcmpType] = reply_type(ipv4);
  at[wire::kIcmpCode] = 0;
  store_be16(at + wire::kIcmpChecksum, 0);
  network_.send(now, packet.source, std::move(frame));
}

bool Icmp::send_echo(TimePoint now, const IpAddress& to, std::uint16_t sequence, std::size_t data_bytes) {
  const bool ipv4 = to.is_ipv4();
  const std::size_t ip_bytes = ipv4 ? wire::kIpv4MinHeaderBytes : wire::kIpv6HeaderBytes;
  const std::size_t max_bytes = network_.path_mtu(now, to) - ip_bytes - wire::kIcmpHeaderBytes;
  data_bytes = std::min(data_bytes, max_bytes);
  TxFrame frame = network_.make_frame(MacAddress(), to, protocol_of(ipv4), wire::kIcmpHeaderBytes + data_bytes,
                                      wire::kIcmpChecksum, !ipv4);
  std::uint8_t* at = frame.bytes.data() + frame.l4_offset;
  at[wire::kIcmpType] = request_type(ipv4);
  store_be16(at + wire::kIcmpEchoId, kEchoId);
  store_be16(at + wire::kIcmpEchoSequence, sequence);
  for (std::size_t i = 0; i < data_bytes; ++i) at[wire::kIcmpHeaderBytes + i] = static_cast<std::uint8_t>(i);
  frame.report = DepartureKey{kNoConnection, sequence};
  if (!network_.send(now, to, std::move(frame))) return false;
  ++network_.counters().icmp_echo_requests_out;
  if (echoes_.size() >= kMaxEchoes) echoes_.erase(echoes_.begin());
  echoes_[sequence] = Echo{to, now};
  return true;
}

void Icmp::on_sent(std::uint32_t tag, TimePoint departed) {
  const auto echo = echoes_.find(static_cast<std::uint16_t>(tag));
  if (echo != echoes_.end()) echo->second.departed = departed;
}

void Icmp::on_echo_reply(TimePoint arrived, const IpPacket& packet) {
  const std::uint8_t* at = packet.payload.data();
  const std::uint16_t sequence = load_be16(at + wire::kIcmpEchoSequence);
  const auto echo = echoes_.find(sequence);
  if (load_be16(at + wire::kIcmpEchoId) != kEchoId || echo == echoes_.end() || echo->second.to != packet.source) {
    ++network_.counters().icmp_echo_unmatched;
    return;
  }
  ++network_.counters().icmp_echo_replies_in;
  EchoEvent event;
  event.from = packet.source;
  event.sequence = sequence;
  event.ttl = packet.ttl;
  event.bytes = packet.payload.size();
  event.rtt = arrived - echo->second.departed;
  events_.push_back(event);
  echoes_.erase(echo);
}

void Icmp::on_no_neighbour(const IpAddress& neighbour) {
  for (auto echo = echoes_.begin(); echo != echoes_.end();) {
    if (network_.next_hop(echo->second.to) != neighbour) {
      ++echo;
      continue;
    }
    EchoEvent event;
    event.kind = EchoEvent::Kind::kNoNeighbour;
    event.from = neighbour;
    event.sequence = echo->first;
    events_.push_back(event);
    echo = echoes_.erase(echo);
  }
}

/// An error about an echo request of ours, if it is one.
void Icmp::on_echo_error(TimePoint now, const IcmpError& error) {
  Counters& counters = network_.counters();
  const std::uint8_t* at = error.original.payload.data();
  const std::uint16_t sequence = load_be16(at + wire::kIcmpEchoSequence);
  const auto echo = echoes_.find(sequence);
  if (at[wire::kIcmpType] != request_type(error.original.source.is_ipv4()) ||
      load_be16(at + wire::kIcmpEchoId) != kEchoId || echo == echoes_.end() ||
      echo->second.to != error.original.destination) {
    ++counters.icmp_errors_unmatched;
    return;
  }
  ++counters.icmp_errors_in;
  if (error.kind == IcmpErrorKind::kPacketTooBig) {
    network_.lower_path_mtu(now, error.original.destination, error.next_hop_mtu);
  }
  EchoEvent event;
  event.kind = EchoEvent::Kind::kUnreachable;
  event.from = error.from;
  event.sequence = sequence;
  events_.push_back(event);
  echoes_.erase(echo);
}

std::optional<EchoEvent> Icmp::poll_event() {
  if (events_.empty()) return std::nullopt;
  const EchoEvent event = events_.front();
  events_.pop_front();
  return event;
}

}  // namespace sockwire::stack
