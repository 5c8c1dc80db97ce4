// SPDX-License-Identifier: Apache-2.0
#include "host/stack/ipv6.hpp"

#include <algorithm>
#include <array>

#include "hls/wire/icmp.hpp"
#include "hls/wire/ipv4.hpp"
#include "hls/wire/ipv6.hpp"
#include "hls/wire/ipv6_extensions.hpp"
#include "hls/wire/tcp.hpp"
#include "hls/wire/udp.hpp"
#include "host/base/byte_order.hpp"

namespace sockwire::stack {

namespace {

/// RFC 8504 5.3 lets a host set such a limit.
constexpr int kMaxExtensionHeaders = 8;

IpAddress address_at(const std::uint8_t* at) {
  std::array<std::uint8_t, 16> bytes{};
  std::copy_n(at, bytes.size(), bytes.begin());
  return IpAddress(bytes);
}

bool fail(Ipv6Parsed& parsed, Ipv6Problem problem, std::size_t pointer = 0, bool report = false) {
  parsed.problem = problem;
  parsed.pointer = static_cast<std::uint32_t>(pointer);
  parsed.report = report;
  return false;
}

/// RFC 8200 4.2. options: behind the two bytes of the extension header; at: where they begin in the packet.
bool take_options(Ipv6Parsed& parsed, std::span<const std::uint8_t> options, std::size_t at) {
  for (std::size_t i = 0; i < options.size();) {
    if (options[i] == wire::kOptionPad1) {
      ++i;
      continue;
    }
    if (i + 1 >= options.size() || options[i + 1] > options.size() - i - 2) {
      return fail(parsed, Ipv6Problem::kMalformed);
    }
    const bool known = options[i] == wire::kOptionPadN || options[i] == wire::kOptionRouterAlert;
    const std::uint8_t action = options[i] & wire::kOptionActionMask;
    if (!known && action != wire::kOptionSkip) {
      const bool report = action == wire::kOptionReport ||
                          (action == wire::kOptionReportUnicast && !parsed.packet.destination.is_multicast());
      return fail(parsed, Ipv6Problem::kUnknownOption, at + i, report);
    }
    i += 2u + options[i + 1];
  }
  return true;
}

/// Takes a fragment header. Returns whether the packet is whole in spite of it.
bool take_fragment(Ipv6Parsed& parsed, std::span<const std::uint8_t> header) {
  IpPacket& packet = parsed.packet;
  const std::uint16_t word = load_be16(&header[wire::kFragmentOffset]);
  packet.fragment_offset = word & wire::kFragmentOffsetMask;
  packet.more_fragments = (word & wire::kFragmentMore) != 0;
  packet.id = load_be32(&header[wire::kFragmentId]);
  packet.first_fragment = packet.fragment_offset == 0;
  packet.fragment = packet.more_fragments || !packet.first_fragment;
  return !packet.fragment;
}

bool is_upper_layer(std::uint8_t protocol) {
  return protocol == wire::kIpProtocolTcp || protocol == wire::kIpProtocolUdp || protocol == wire::kIpProtocolIcmpv6;
}

}  // namespace

Ipv6Parsed parse_ipv6(std::span<const std::uint8_t> bytes, bool truncated) {
  Ipv6Parsed parsed;
  if (bytes.size() < wire::kIpv6HeaderBytes || bytes[0] >> 4 != 6) {
    fail(parsed, Ipv6Problem::kMalformed);
    return parsed;
  }
  const std::size_t payload_bytes = load_be16(&bytes[wire::kIpv6PayloadLength]);
  const std::size_t there = bytes.size() - wire::kIpv6HeaderBytes;
  if (payload_bytes > there && !truncated) {
    fail(parsed, Ipv6Problem::kMalformed);
    return parsed;
  }
  IpPacket& packet = parsed.packet;
  packet.source = address_at(&bytes[wire::kIpv6Source]);
  packet.destination = address_at(&bytes[wire::kIpv6Destination]);
  packet.protocol = bytes[wire::kIpv6NextHeader];
  packet.ttl = bytes[wire::kIpv6HopLimit];
  packet.traffic_class = static_cast<std::uint8_t>(load_be16(bytes.data()) >> 4);
  packet.header = bytes.first(wire::kIpv6HeaderBytes);
  packet.payload = bytes.subspan(wire::kIpv6HeaderBytes, std::min(payload_bytes, there));
  parse_ipv6_extensions(parsed);
  return parsed;
}

void parse_ipv6_extensions(Ipv6Parsed& parsed) {
  IpPacket& packet = parsed.packet;
  const bool behind_fragment = packet.header.size() > wire::kIpv6HeaderBytes;
  // Where the field is that names the next header: for "parameter problem".
  std::size_t named_at =
      behind_fragment ? packet.header.size() - wire::kFragmentHeaderBytes : std::size_t{wire::kIpv6NextHeader};
  for (int count = 0; !is_upper_layer(packet.protocol); ++count) {
    const bool hop_by_hop = packet.protocol == wire::kNextHopByHop;
    if (packet.protocol == wire::kNextNone) return;
    // RFC 8200 4.1: hop-by-hop options only as the very first header.
    const bool known = (hop_by_hop && count == 0 && !behind_fragment) || packet.protocol == wire::kNextRouting ||
                       packet.protocol == wire::kNextFragment || packet.protocol == wire::kNextDestinationOptions;
    if (!known) {
      fail(parsed, Ipv6Problem::kUnknownNextHeader, named_at, true);
      return;
    }
    if (count == kMaxExtensionHeaders) {
      fail(parsed, Ipv6Problem::kTooManyHeaders);
      return;
    }
    if (packet.payload.size() < 8) {
      fail(parsed, Ipv6Problem::kMalformed);
      return;
    }
    const bool fragment = packet.protocol == wire::kNextFragment;
    const std::size_t bytes =
        fragment ? wire::kFragmentHeaderBytes : (packet.payload[wire::kExtensionLength] + std::size_t{1}) * 8;
    if (bytes > packet.payload.size()) {
      fail(parsed, Ipv6Problem::kMalformed);
      return;
    }
    const auto header = packet.payload.first(bytes);
    const std::size_t at = packet.header.size();
    const std::uint8_t kind = packet.protocol;
    parsed.extension_headers = true;
    packet.protocol = header[wire::kExtensionNextHeader];
    packet.header = {packet.header.data(), at + bytes};
    packet.payload = packet.payload.subspan(bytes);
    named_at = at + wire::kExtensionNextHeader;
    if (kind == wire::kNextFragment) {
      if (!take_fragment(parsed, header)) return;
    } else if (kind == wire::kNextRouting) {
      // RFC 8200 4.4: with no segments left it says nothing to us; else no host obeys it (RFC 5095).
      if (header[wire::kRoutingSegmentsLeft] != 0) {
        fail(parsed, Ipv6Problem::kErroneousField, at + wire::kRoutingType, true);
        return;
      }
    } else if (!take_options(parsed, header.subspan(2), at + 2)) {
      return;
    }
  }
}

void write_ipv6_header(const IpHeader& header, std::size_t payload_bytes, std::uint8_t* out) {
  store_be32(out + wire::kIpv6VersionClassFlow, 6u << 28 | std::uint32_t{header.traffic_class} << 20);
  store_be16(out + wire::kIpv6PayloadLength, static_cast<std::uint16_t>(payload_bytes));
  out[wire::kIpv6NextHeader] = header.protocol;
  out[wire::kIpv6HopLimit] = header.ttl;
  std::copy_n(header.source.bytes().begin(), wire::kIpv6AddressBytes, out + wire::kIpv6Source);
  std::copy_n(header.destination.bytes().begin(), wire::kIpv6AddressBytes, out + wire::kIpv6Destination);
}

}  // namespace sockwire::stack
