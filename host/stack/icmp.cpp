// SPDX-License-Identifier: Apache-2.0
#include "host/stack/icmp.hpp"

#include <algorithm>
#include <cstring>

#include "hls/wire/icmp.hpp"
#include "hls/wire/ipv4.hpp"
#include "host/base/byte_order.hpp"
#include "host/stack/internet_checksum.hpp"

namespace sockwire::stack {

namespace {

/// The identifier of our pings: one program pings at a time, and the sequence numbers tell its requests apart.
constexpr std::uint16_t kEchoId = 0x5357;
/// Pings that may wait for an answer at once.
constexpr std::size_t kMaxEchoes = 256;
/// Of the original packet's payload, in an error that we send: RFC 792 asks for 8 bytes, RFC 1812 4.3.2.3 for more.
constexpr std::size_t kQuotedBytesMax = 512;

}  // namespace

std::optional<IcmpError> Icmp::on_message(TimePoint now, TimePoint arrived, const Ipv4Packet& packet) {
  Counters& counters = network_.counters();
  ++counters.icmp_in;
  if (packet.payload.size() < wire::kIcmpHeaderBytes) {
    ++counters.icmp_malformed;
    return std::nullopt;
  }
  if (!checksum_holds(packet.payload)) {
    ++counters.icmp_checksum;
    return std::nullopt;
  }
  switch (packet.payload[wire::kIcmpType]) {
    case wire::kIcmpEchoRequest:
      answer_echo(now, packet);
      return std::nullopt;
    case wire::kIcmpEchoReply:
      on_echo_reply(arrived, packet);
      return std::nullopt;
    case wire::kIcmpDestinationUnreachable:
    case wire::kIcmpTimeExceeded:
    case wire::kIcmpParameterProblem:
      return on_error(packet);
    default:
      // RFC 1122 3.2.2: unknown types are silently discarded. So are source quenches (RFC 6633) and redirects: there is
      // one gateway.
      ++counters.icmp_type_unknown;
      return std::nullopt;
  }
}

void Icmp::answer_echo(TimePoint now, const Ipv4Packet& packet) {
  Counters& counters = network_.counters();
  if (network_.is_group(packet.destination)) {
    // RFC 1122 3.2.2.6 allows it; amplification is why nobody answers any more.
    ++counters.icmp_echo_broadcast;
    return;
  }
  ++counters.icmp_echo_requests_in;
  TxFrame frame = network_.make_frame(MacAddress(), packet.source, wire::kIpProtocolIcmp, packet.payload.size(),
                                      wire::kIcmpChecksum, false);
  std::uint8_t* at = frame.bytes.data() + kL4Offset;
  std::memcpy(at, packet.payload.data(), packet.payload.size());
  at[wire::kIcmpType] = wire::kIcmpEchoReply;
  at[wire::kIcmpCode] = 0;
  store_be16(at + wire::kIcmpChecksum, 0);
  network_.send(now, packet.source, std::move(frame));
}

bool Icmp::send_echo(TimePoint now, Ipv4Address to, std::uint16_t sequence, std::size_t data_bytes) {
  const std::size_t max_bytes = network_.config().mtu - wire::kIpv4MinHeaderBytes - wire::kIcmpHeaderBytes;
  data_bytes = std::min(data_bytes, max_bytes);
  TxFrame frame = network_.make_frame(MacAddress(), to, wire::kIpProtocolIcmp, wire::kIcmpHeaderBytes + data_bytes,
                                      wire::kIcmpChecksum, false);
  std::uint8_t* at = frame.bytes.data() + kL4Offset;
  at[wire::kIcmpType] = wire::kIcmpEchoRequest;
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

void Icmp::on_echo_reply(TimePoint arrived, const Ipv4Packet& packet) {
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

void Icmp::on_no_neighbour(Ipv4Address neighbour) {
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

std::optional<IcmpError> Icmp::on_error(const Ipv4Packet& packet) {
  Counters& counters = network_.counters();
  IcmpError error;
  error.from = packet.source;
  error.type = packet.payload[wire::kIcmpType];
  error.code = packet.payload[wire::kIcmpCode];
  if (error.type == wire::kIcmpDestinationUnreachable && error.code == wire::kIcmpFragmentationNeeded) {
    error.next_hop_mtu = load_be16(packet.payload.data() + wire::kIcmpNextHopMtu);
  }
  const auto original = parse_ipv4(packet.payload.subspan(wire::kIcmpOriginal), true);
  if (!original || original->payload.size() < 8) {
    ++counters.icmp_malformed;
    return std::nullopt;
  }
  if (original->source != network_.own_address()) {
    ++counters.icmp_errors_unmatched;
    return std::nullopt;
  }
  error.original = *original;
  if (original->protocol != wire::kIpProtocolIcmp) return error;

  const std::uint8_t* at = original->payload.data();
  const std::uint16_t sequence = load_be16(at + wire::kIcmpEchoSequence);
  const auto echo = echoes_.find(sequence);
  if (at[wire::kIcmpType] != wire::kIcmpEchoRequest || load_be16(at + wire::kIcmpEchoId) != kEchoId ||
      echo == echoes_.end() || echo->second.to != original->destination) {
    ++counters.icmp_errors_unmatched;
    return std::nullopt;
  }
  ++counters.icmp_errors_in;
  EchoEvent event;
  event.kind = EchoEvent::Kind::kUnreachable;
  event.from = packet.source;
  event.sequence = sequence;
  events_.push_back(event);
  echoes_.erase(echo);
  return std::nullopt;
}

void Icmp::send_unreachable(TimePoint now, std::uint8_t code, const Ipv4Packet& packet) {
  Counters& counters = network_.counters();
  // RFC 1122 3.2.2: never about an ICMP error, a group destination, a fragment but the first. (Sources that name no
  // single host were dropped before.)
  if (network_.is_group(packet.destination) || !packet.first_fragment) return;
  if (packet.protocol == wire::kIpProtocolIcmp) return;
  if (!take_error_token(now)) {
    ++counters.icmp_errors_limited;
    return;
  }
  const std::size_t quoted = std::min(packet.payload.size(), kQuotedBytesMax);
  const std::size_t bytes = wire::kIcmpHeaderBytes + packet.header.size() + quoted;
  TxFrame frame =
      network_.make_frame(MacAddress(), packet.source, wire::kIpProtocolIcmp, bytes, wire::kIcmpChecksum, false);
  std::uint8_t* at = frame.bytes.data() + kL4Offset;
  at[wire::kIcmpType] = wire::kIcmpDestinationUnreachable;
  at[wire::kIcmpCode] = code;
  std::memcpy(at + wire::kIcmpOriginal, packet.header.data(), packet.header.size());
  std::memcpy(at + wire::kIcmpOriginal + packet.header.size(), packet.payload.data(), quoted);
  if (network_.send(now, packet.source, std::move(frame))) ++counters.icmp_errors_out;
}

bool Icmp::take_error_token(TimePoint now) {
  const Duration cost = Duration(std::chrono::seconds(1)) / std::max(network_.config().icmp_errors_per_second, 1u);
  const Duration full = cost * network_.config().icmp_error_burst;
  bucket_ = bucket_filled_ ? std::min(full, bucket_ + (now - bucket_updated_)) : full;
  bucket_filled_ = true;
  bucket_updated_ = now;
  if (bucket_ < cost) return false;
  bucket_ -= cost;
  return true;
}

std::optional<EchoEvent> Icmp::poll_event() {
  if (events_.empty()) return std::nullopt;
  const EchoEvent event = events_.front();
  events_.pop_front();
  return event;
}

}  // namespace sockwire::stack
