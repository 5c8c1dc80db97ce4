// SPDX-License-Identifier: Apache-2.0
// ICMP errors, in and out.
#include <algorithm>
#include <chrono>
#include <cstring>

#include "hls/wire/icmp.hpp"
#include "hls/wire/icmpv6.hpp"
#include "hls/wire/ipv4.hpp"
#include "hls/wire/ipv6.hpp"
#include "host/base/byte_order.hpp"
#include "host/stack/icmp.hpp"
#include "host/stack/ipv4.hpp"
#include "host/stack/ipv6.hpp"

namespace sockwire::stack {

namespace {

/// Of the original packet's payload, in an error that we send: RFC 792 asks for 8 bytes, RFC 1812 4.3.2.3 for more.
constexpr std::size_t kQuotedBytesMax = 512;
/// RFC 4443 2.4 (c): as much as fits into the least MTU of IPv6.
constexpr std::size_t kIpv6ErrorBytesMax = 1280 - wire::kIpv6HeaderBytes;
/// RFC 792, time exceeded.
constexpr std::uint8_t kFragmentReassembly = 1;

IcmpErrorKind kind_of_ipv4(std::uint8_t type, std::uint8_t code) {
  if (type != wire::kIcmpDestinationUnreachable) return IcmpErrorKind::kOther;
  switch (code) {
    case wire::kIcmpNetUnreachable:
      return IcmpErrorKind::kNetwork;
    case wire::kIcmpHostUnreachable:
      return IcmpErrorKind::kHost;
    case wire::kIcmpProtocolUnreachable:
      return IcmpErrorKind::kProtocol;
    case wire::kIcmpPortUnreachable:
      return IcmpErrorKind::kPort;
    case wire::kIcmpFragmentationNeeded:
      return IcmpErrorKind::kPacketTooBig;
    case 9:  // RFC 1122 3.2.2.1 and RFC 1812 5.2.7.1: prohibited, by network, host or filter
    case 10:
    case 13:
      return IcmpErrorKind::kProhibited;
    default:
      return IcmpErrorKind::kOther;
  }
}

IcmpErrorKind kind_of_ipv6(std::uint8_t type, std::uint8_t code) {
  if (type == wire::kIcmpv6PacketTooBig) return IcmpErrorKind::kPacketTooBig;
  if (type == wire::kIcmpv6ParameterProblem && code == wire::kIcmpv6UnknownNextHeader) return IcmpErrorKind::kProtocol;
  if (type != wire::kIcmpv6DestinationUnreachable) return IcmpErrorKind::kOther;
  switch (code) {
    case wire::kIcmpv6NoRoute:
      return IcmpErrorKind::kNetwork;
    case wire::kIcmpv6AddressUnreachable:
      return IcmpErrorKind::kHost;
    case wire::kIcmpv6PortUnreachable:
      return IcmpErrorKind::kPort;
    case wire::kIcmpv6Prohibited:
      return IcmpErrorKind::kProhibited;
    default:
      return IcmpErrorKind::kOther;
  }
}

/// Of "fragmentation needed"; a router that does not say means a plateau below what it refused (RFC 1191 5).
std::uint16_t ipv4_mtu(std::span<const std::uint8_t> message) {
  const std::uint16_t told = load_be16(&message[wire::kIcmpNextHopMtu]);
  if (told != 0) return told;
  return next_plateau_below(load_be16(&message[wire::kIcmpOriginal + wire::kIpv4TotalLength]));
}

std::optional<IpPacket> parse_original(std::span<const std::uint8_t> bytes, bool ipv4) {
  if (ipv4) return parse_ipv4(bytes, true);
  const Ipv6Parsed parsed = parse_ipv6(bytes, true);
  if (parsed.problem != Ipv6Problem::kNone || !parsed.packet.first_fragment) return std::nullopt;
  return parsed.packet;
}

}  // namespace

std::optional<IcmpError> Icmp::parse_error(const IpPacket& packet) const {
  const bool ipv4 = packet.source.is_ipv4();
  const auto original = parse_original(packet.payload.subspan(wire::kIcmpOriginal), ipv4);
  if (!original || original->payload.size() < 8) return std::nullopt;
  const std::uint8_t type = packet.payload[wire::kIcmpType];
  const std::uint8_t code = packet.payload[wire::kIcmpCode];
  IcmpError error;
  error.from = packet.source;
  error.kind = ipv4 ? kind_of_ipv4(type, code) : kind_of_ipv6(type, code);
  error.original = *original;
  if (error.kind == IcmpErrorKind::kPacketTooBig) {
    error.next_hop_mtu =
        ipv4 ? ipv4_mtu(packet.payload)
             : static_cast<std::uint16_t>(std::min<std::uint32_t>(load_be32(&packet.payload[wire::kIcmpv6Mtu]), 65535));
  }
  return error;
}

std::optional<IcmpError> Icmp::on_error(TimePoint now, const IpPacket& packet) {
  Counters& counters = network_.counters();
  const auto error = parse_error(packet);
  if (!error) {
    ++counters.icmp_malformed;
    return std::nullopt;
  }
  if (!network_.owns(error->original.source)) {
    ++counters.icmp_errors_unmatched;
    return std::nullopt;
  }
  const bool ipv4 = packet.source.is_ipv4();
  // RFC 8201 4: less than IPv6's least MTU is not believed.
  if (!ipv4 && error->kind == IcmpErrorKind::kPacketTooBig && error->next_hop_mtu < kMinIpv6PathMtu) {
    ++counters.path_mtu_refused;
    return std::nullopt;
  }
  if (error->original.protocol != (ipv4 ? wire::kIpProtocolIcmp : wire::kIpProtocolIcmpv6)) return error;
  on_echo_error(now, *error);
  return std::nullopt;
}

/// RFC 1122 3.2.2, RFC 4443 2.4 (e): never about an ICMP error, a fragment but the first, or what came from nobody in
/// particular. to_group: about a packet to several hosts, too.
bool Icmp::may_send_error(const IpPacket& packet, bool to_group) const {
  const bool ipv4 = packet.source.is_ipv4();
  if (!to_group && network_.is_group(packet.destination)) return false;
  if (!packet.first_fragment || packet.source.is_unspecified()) return false;
  if (ipv4) return packet.protocol != wire::kIpProtocolIcmp;
  return packet.protocol != wire::kIpProtocolIcmpv6 || packet.payload.empty() || packet.payload[0] >= 128;
}

void Icmp::send_unreachable(TimePoint now, std::uint8_t code, const IpPacket& packet) {
  if (!may_send_error(packet, false)) return;
  if (packet.source.is_ipv4()) {
    send_error(now, wire::kIcmpDestinationUnreachable, code, 0, packet);
  } else if (code == wire::kIcmpPortUnreachable) {
    send_error(now, wire::kIcmpv6DestinationUnreachable, wire::kIcmpv6PortUnreachable, 0, packet);
  }
}

void Icmp::send_reassembly_timeout(TimePoint now, const IpPacket& packet) {
  if (!may_send_error(packet, false)) return;
  if (packet.source.is_ipv4()) {
    send_error(now, wire::kIcmpTimeExceeded, kFragmentReassembly, 0, packet);
  } else {
    send_error(now, wire::kIcmpv6TimeExceeded, wire::kIcmpv6ReassemblyTimeExceeded, 0, packet);
  }
}

void Icmp::send_parameter_problem(TimePoint now, std::uint8_t code, std::uint32_t pointer, const IpPacket& packet) {
  if (packet.source.is_ipv4() || !may_send_error(packet, code == wire::kIcmpv6UnknownOption)) return;
  send_error(now, wire::kIcmpv6ParameterProblem, code, pointer, packet);
}

void Icmp::send_error(TimePoint now, std::uint8_t type, std::uint8_t code, std::uint32_t word, const IpPacket& packet) {
  Counters& counters = network_.counters();
  if (!take_error_token(now)) {
    ++counters.icmp_errors_limited;
    return;
  }
  const bool ipv4 = packet.source.is_ipv4();
  const std::size_t header = std::min(packet.header.size(), kIpv6ErrorBytesMax - wire::kIcmpHeaderBytes);
  const std::size_t room = ipv4 ? kQuotedBytesMax : kIpv6ErrorBytesMax - wire::kIcmpHeaderBytes - header;
  const std::size_t quoted = std::min(packet.payload.size(), room);
  // From the address that was asked for, if that is one of ours alone.
  const IpAddress own = network_.owns(packet.destination)
                            ? packet.destination
                            : network_.source_for(packet.source).value_or(packet.destination);
  const std::uint8_t protocol = ipv4 ? wire::kIpProtocolIcmp : wire::kIpProtocolIcmpv6;
  TxFrame frame = network_.make_frame(MacAddress(), network_.header_of(own, packet.source, protocol),
                                      wire::kIcmpHeaderBytes + header + quoted, wire::kIcmpChecksum, !ipv4);
  std::uint8_t* at = frame.bytes.data() + frame.l4_offset;
  at[wire::kIcmpType] = type;
  at[wire::kIcmpCode] = code;
  store_be32(at + wire::kIcmpv6Pointer, word);
  std::memcpy(at + wire::kIcmpOriginal, packet.header.data(), header);
  std::memcpy(at + wire::kIcmpOriginal + header, packet.payload.data(), quoted);
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

}  // namespace sockwire::stack
