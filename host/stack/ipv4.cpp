// SPDX-License-Identifier: Apache-2.0
#include "host/stack/ipv4.hpp"

#include <algorithm>

#include "hls/wire/ipv4.hpp"
#include "host/base/byte_order.hpp"

namespace sockwire::stack {

std::optional<IpPacket> parse_ipv4(std::span<const std::uint8_t> bytes, bool truncated) {
  if (bytes.size() < wire::kIpv4MinHeaderBytes) return std::nullopt;
  const std::uint8_t* at = bytes.data();
  const std::size_t header_bytes = std::size_t{at[wire::kIpv4VersionIhl] & 0x0fu} * 4;
  const std::size_t total_bytes = load_be16(at + wire::kIpv4TotalLength);
  if (at[wire::kIpv4VersionIhl] >> 4 != 4 || header_bytes < wire::kIpv4MinHeaderBytes) return std::nullopt;
  if (header_bytes > bytes.size() || total_bytes < header_bytes) return std::nullopt;
  if (!truncated && total_bytes > bytes.size()) return std::nullopt;

  const std::uint16_t fragment = load_be16(at + wire::kIpv4Fragment);
  const std::size_t end = std::min(total_bytes, bytes.size());
  IpPacket packet;
  packet.source = IpAddress::from_ipv4(load_be32(at + wire::kIpv4Source));
  packet.destination = IpAddress::from_ipv4(load_be32(at + wire::kIpv4Destination));
  packet.protocol = at[wire::kIpv4Protocol];
  packet.ttl = at[wire::kIpv4Ttl];
  packet.traffic_class = at[wire::kIpv4Tos];
  packet.id = load_be16(at + wire::kIpv4Id);
  packet.more_fragments = (fragment & wire::kIpv4MoreFragments) != 0;
  packet.fragment_offset = (fragment & wire::kIpv4FragmentOffsetMask) * 8u;
  packet.first_fragment = packet.fragment_offset == 0;
  packet.fragment = packet.more_fragments || !packet.first_fragment;
  packet.header = bytes.first(header_bytes);
  packet.payload = bytes.subspan(header_bytes, end - header_bytes);
  return packet;
}

Ipv4Options examine_ipv4_options(std::span<const std::uint8_t> header) {
  constexpr std::uint8_t kEnd = 0;
  constexpr std::uint8_t kNop = 1;
  constexpr std::uint8_t kLooseSourceRoute = 131;
  constexpr std::uint8_t kStrictSourceRoute = 137;
  for (std::size_t i = wire::kIpv4MinHeaderBytes; i < header.size() && header[i] != kEnd;) {
    if (header[i] == kNop) {
      ++i;
      continue;
    }
    if (header[i] == kLooseSourceRoute || header[i] == kStrictSourceRoute) return Ipv4Options::kSourceRoute;
    if (i + 1 >= header.size() || header[i + 1] < 2 || header[i + 1] > header.size() - i) {
      return Ipv4Options::kMalformed;
    }
    i += header[i + 1];
  }
  return Ipv4Options::kFine;
}

void write_ipv4_header(const IpHeader& header, std::size_t payload_bytes, std::uint8_t* out) {
  out[wire::kIpv4VersionIhl] = 0x45;
  out[wire::kIpv4Tos] = header.traffic_class;
  store_be16(out + wire::kIpv4TotalLength, static_cast<std::uint16_t>(wire::kIpv4MinHeaderBytes + payload_bytes));
  store_be16(out + wire::kIpv4Id, header.id);
  store_be16(out + wire::kIpv4Fragment, header.dont_fragment ? wire::kIpv4DontFragment : 0);
  out[wire::kIpv4Ttl] = header.ttl;
  out[wire::kIpv4Protocol] = header.protocol;
  store_be16(out + wire::kIpv4Checksum, 0);
  store_be32(out + wire::kIpv4Source, header.source.ipv4());
  store_be32(out + wire::kIpv4Destination, header.destination.ipv4());
}

}  // namespace sockwire::stack
