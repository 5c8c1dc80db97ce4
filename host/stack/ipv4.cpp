// SPDX-License-Identifier: Apache-2.0
#include "host/stack/ipv4.hpp"

#include <algorithm>

#include "hls/wire/ethernet.hpp"
#include "hls/wire/ipv4.hpp"
#include "host/base/byte_order.hpp"

namespace sockwire::stack {

std::optional<Ipv4Packet> parse_ipv4(std::span<const std::uint8_t> bytes, bool truncated) {
  if (bytes.size() < wire::kIpv4MinHeaderBytes) return std::nullopt;
  const std::uint8_t* at = bytes.data();
  const std::size_t header_bytes = std::size_t{at[wire::kIpv4VersionIhl] & 0x0fu} * 4;
  const std::size_t total_bytes = load_be16(at + wire::kIpv4TotalLength);
  if (at[wire::kIpv4VersionIhl] >> 4 != 4 || header_bytes < wire::kIpv4MinHeaderBytes) return std::nullopt;
  if (header_bytes > bytes.size() || total_bytes < header_bytes) return std::nullopt;
  if (!truncated && total_bytes > bytes.size()) return std::nullopt;

  const std::uint16_t fragment = load_be16(at + wire::kIpv4Fragment);
  const std::size_t end = std::min(total_bytes, bytes.size());
  Ipv4Packet packet;
  packet.source = Ipv4Address(load_be32(at + wire::kIpv4Source));
  packet.destination = Ipv4Address(load_be32(at + wire::kIpv4Destination));
  packet.protocol = at[wire::kIpv4Protocol];
  packet.ttl = at[wire::kIpv4Ttl];
  packet.id = load_be16(at + wire::kIpv4Id);
  packet.fragment = (fragment & (wire::kIpv4MoreFragments | wire::kIpv4FragmentOffsetMask)) != 0;
  packet.first_fragment = (fragment & wire::kIpv4FragmentOffsetMask) == 0;
  packet.header = bytes.first(header_bytes);
  packet.payload = bytes.subspan(header_bytes, end - header_bytes);
  return packet;
}

void write_ipv4_header(const Ipv4Fields& fields, std::uint8_t* out) {
  out[wire::kIpv4VersionIhl] = 0x45;
  out[wire::kIpv4Tos] = 0;
  store_be16(out + wire::kIpv4TotalLength,
             static_cast<std::uint16_t>(wire::kIpv4MinHeaderBytes + fields.payload_bytes));
  store_be16(out + wire::kIpv4Id, fields.id);
  store_be16(out + wire::kIpv4Fragment, fields.dont_fragment ? wire::kIpv4DontFragment : 0);
  out[wire::kIpv4Ttl] = fields.ttl;
  out[wire::kIpv4Protocol] = fields.protocol;
  store_be16(out + wire::kIpv4Checksum, 0);
  store_be32(out + wire::kIpv4Source, fields.source.value());
  store_be32(out + wire::kIpv4Destination, fields.destination.value());
}

void write_ethernet_header(const MacAddress& destination, const MacAddress& source, std::uint16_t type,
                           std::uint8_t* out) {
  destination.copy_to(out + wire::kEthernetDestination);
  source.copy_to(out + wire::kEthernetSource);
  store_be16(out + wire::kEthernetType, type);
}

}  // namespace sockwire::stack
