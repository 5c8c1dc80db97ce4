// SPDX-License-Identifier: Apache-2.0
// Packets of both IP versions on their way up: who they are for, whether they may be taken, and whole ones out of
// fragments.
#include "hls/wire/icmp.hpp"
#include "hls/wire/icmpv6.hpp"
#include "hls/wire/ipv4.hpp"
#include "hls/wire/ipv6.hpp"
#include "hls/wire/ipv6_extensions.hpp"
#include "hls/wire/tcp.hpp"
#include "hls/wire/udp.hpp"
#include "host/stack/internet_checksum.hpp"
#include "host/stack/ipv4.hpp"
#include "host/stack/stack.hpp"

namespace sockwire::stack {

namespace {

constexpr std::uint8_t kIpProtocolIgmp = 2;

/// What the card said of a fragment says nothing of the datagram.
ReceivedFrame unverified(const ReceivedFrame& frame) {
  ReceivedFrame copy = frame;
  copy.l4 = Verdict::kUnverified;
  return copy;
}

/// RFC 7112: a first fragment holds all headers, that of the transport too.
bool holds_all_headers(const Ipv6Parsed& fragment) {
  if (!fragment.packet.first_fragment) return true;
  Ipv6Parsed inner = fragment;
  inner.packet.fragment = false;
  parse_ipv6_extensions(inner);
  if (inner.problem == Ipv6Problem::kMalformed || inner.problem == Ipv6Problem::kTooManyHeaders) return false;
  const std::size_t bytes = inner.packet.payload.size();
  switch (inner.packet.protocol) {
    case wire::kIpProtocolTcp:
      return bytes >= wire::kTcpMinHeaderBytes;
    case wire::kIpProtocolUdp:
      return bytes >= wire::kUdpHeaderBytes;
    case wire::kIpProtocolIcmpv6:
      return bytes >= wire::kIcmpHeaderBytes;
    default:
      return true;
  }
}

}  // namespace

/// RFC 1122 3.2.1.3, RFC 4291 2.5 and 2.7: a single host that is not this one. Nobody in particular may only ask for
/// addresses (neighbour discovery), or be about to get one.
bool Stack::has_good_source(const IpPacket& packet) const {
  const IpAddress& source = packet.source;
  if (source.is_loopback() || network_.is_group(source) || network_.owns(source)) return false;
  return !source.is_unspecified() || !source.is_ipv4();
}

void Stack::on_ipv4(TimePoint now, const ReceivedFrame& frame, std::span<const std::uint8_t> bytes) {
  ++counters_.ipv4_in;
  const auto packet = parse_ipv4(bytes);
  if (!packet) {
    ++counters_.ipv4_malformed;
    return;
  }
  if (frame.l3 == Verdict::kBad || (frame.l3 == Verdict::kUnverified && !checksum_holds(packet->header))) {
    ++counters_.ipv4_checksum;
    return;
  }
  if (!network_.is_for_us(packet->destination)) {
    ++counters_.ipv4_not_ours;
    return;
  }
  if (!has_good_source(*packet)) {
    ++counters_.ipv4_source;
    return;
  }
  if (packet->header.size() > wire::kIpv4MinHeaderBytes) {
    const Ipv4Options options = examine_ipv4_options(packet->header);
    if (options != Ipv4Options::kFine) {
      ++(options == Ipv4Options::kSourceRoute ? counters_.ipv4_source_route : counters_.ipv4_options);
      return;
    }
  }
  if (!packet->fragment) {
    dispatch(now, frame, *packet);
  } else if (const auto whole = reassembly_.add(now, *packet)) {
    dispatch(now, unverified(frame), *whole);
  }
}

void Stack::on_ipv6(TimePoint now, const ReceivedFrame& frame, std::span<const std::uint8_t> bytes) {
  ++counters_.ipv6_in;
  Ipv6Parsed parsed = parse_ipv6(bytes);
  if (parsed.problem == Ipv6Problem::kMalformed) {
    ++counters_.ipv6_malformed;
    return;
  }
  if (!network_.is_for_us(parsed.packet.destination)) {
    ++counters_.ipv6_not_ours;
    return;
  }
  if (!has_good_source(parsed.packet)) {
    ++counters_.ipv6_source;
    return;
  }
  if (parsed.problem == Ipv6Problem::kNone && parsed.packet.fragment) {
    if (!holds_all_headers(parsed)) {
      ++counters_.ipv6_first_fragment;
      return;
    }
    const auto whole = reassembly_.add(now, parsed.packet);
    if (!whole) return;
    parsed.packet = *whole;
    parse_ipv6_extensions(parsed);
    // RFC 6980: neighbour discovery is never fragmented.
    if (parsed.packet.protocol == wire::kIpProtocolIcmpv6 && !parsed.packet.payload.empty() &&
        parsed.packet.payload[0] >= wire::kRouterSolicitation && parsed.packet.payload[0] <= wire::kNdpRedirect) {
      ++counters_.ndp_malformed;
      return;
    }
    if (parsed.problem == Ipv6Problem::kNone && !parsed.packet.fragment) {
      dispatch(now, unverified(frame), parsed.packet);
      return;
    }
  }
  if (parsed.problem != Ipv6Problem::kNone || parsed.packet.fragment) {
    refuse_ipv6(now, parsed);
  } else {
    dispatch(now, frame, parsed.packet);
  }
}

void Stack::refuse_ipv6(TimePoint now, const Ipv6Parsed& parsed) {
  std::uint8_t code = wire::kIcmpv6ErroneousField;
  switch (parsed.problem) {
    case Ipv6Problem::kUnknownNextHeader:
      ++counters_.ipv6_next_header;
      code = wire::kIcmpv6UnknownNextHeader;
      break;
    case Ipv6Problem::kErroneousField:
      ++counters_.ipv6_routing;
      break;
    case Ipv6Problem::kUnknownOption:
      ++counters_.ipv6_option;
      code = wire::kIcmpv6UnknownOption;
      break;
    case Ipv6Problem::kTooManyHeaders:
      ++counters_.ipv6_many_headers;
      break;
    default:
      ++counters_.ipv6_malformed;  // fragments within fragments, too
  }
  if (parsed.report) icmp_.send_parameter_problem(now, code, parsed.pointer, parsed.packet);
}

void Stack::dispatch(TimePoint now, const ReceivedFrame& frame, const IpPacket& packet) {
  const bool ipv4 = packet.source.is_ipv4();
  if (packet.protocol == wire::kIpProtocolIcmpv6 && !ipv4) {
    on_icmp(now, frame, packet);
    return;
  }
  if (packet.source.is_unspecified()) {
    ++counters_.ipv6_source;
    return;
  }
  switch (packet.protocol) {
    case wire::kIpProtocolTcp:
      on_tcp(now, frame, packet);
      return;
    case wire::kIpProtocolUdp:
      on_udp(now, frame, packet);
      return;
    case wire::kNextNone:
      if (!ipv4) return;  // RFC 8200 4.7: nothing follows
      break;
    case wire::kIpProtocolIcmp:
      on_icmp(now, frame, packet);
      return;
    case kIpProtocolIgmp:
      network_.groups().on_igmp(now, packet);
      return;
    default:
      break;
  }
  ++counters_.ipv4_protocol;
  icmp_.send_unreachable(now, wire::kIcmpProtocolUnreachable, packet);  // RFC 1122 3.2.2.1
}

}  // namespace sockwire::stack
