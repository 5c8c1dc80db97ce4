// SPDX-License-Identifier: Apache-2.0
#include "sim/journey/headers.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "hls/wire/ethernet.hpp"
#include "hls/wire/icmp.hpp"
#include "hls/wire/icmpv6.hpp"
#include "hls/wire/ipv4.hpp"
#include "hls/wire/ipv6.hpp"
#include "hls/wire/ipv6_extensions.hpp"
#include "hls/wire/tcp.hpp"

namespace sockwire::journey {

namespace {

constexpr std::size_t kUdpHeaderBytes = 8;
constexpr std::size_t kIcmpBytes = 4;  // type, code, checksum

void read_transport(std::span<const std::uint8_t> frame, Headers& headers) {
  const std::size_t left = headers.end - headers.l4;
  const std::uint8_t protocol = headers.protocol;
  headers.icmp = headers.ipv4 && protocol == wire::kIpProtocolIcmp;
  headers.icmpv6 = headers.ipv6 && protocol == wire::kIpProtocolIcmpv6 && left >= kIcmpBytes;
  if (protocol == wire::kIpProtocolUdp && left >= kUdpHeaderBytes) {
    headers.udp = true;
    headers.payload = headers.l4 + kUdpHeaderBytes;
  } else if (protocol == wire::kIpProtocolTcp && left >= wire::kTcpMinHeaderBytes) {
    const std::size_t header_bytes = static_cast<std::size_t>(frame[headers.l4 + wire::kTcpDataOffset] >> 4) * 4;
    if (header_bytes < wire::kTcpMinHeaderBytes || header_bytes > left) return;
    headers.tcp = true;
    headers.payload = headers.l4 + header_bytes;
    headers.seq = SeqNum(read32(frame, headers.l4 + wire::kTcpSequence));
    headers.ack = SeqNum(read32(frame, headers.l4 + wire::kTcpAck));
    headers.flags = frame[headers.l4 + wire::kTcpFlags];
    headers.window = read16(frame, headers.l4 + wire::kTcpWindow);
  } else {
    return;
  }
  headers.payload_bytes = headers.end - headers.payload;
  headers.source_port = read16(frame, headers.l4);
  headers.destination_port = read16(frame, headers.l4 + 2);
}

void read_ipv4(std::span<const std::uint8_t> frame, Headers& headers) {
  const std::size_t there = frame.size() - headers.l3;
  if (there < wire::kIpv4MinHeaderBytes || frame[headers.l3] >> 4 != 4) return;
  const std::size_t header_bytes = static_cast<std::size_t>(frame[headers.l3] & 15) * 4;
  const std::size_t total = read16(frame, headers.l3 + wire::kIpv4TotalLength);
  if (header_bytes < wire::kIpv4MinHeaderBytes || total < header_bytes || total > there) return;
  headers.ipv4 = true;
  headers.l4 = headers.l3 + header_bytes;
  headers.end = headers.l3 + total;
  headers.source = IpAddress::from_ipv4(read32(frame, headers.l3 + wire::kIpv4Source));
  headers.destination = IpAddress::from_ipv4(read32(frame, headers.l3 + wire::kIpv4Destination));
  headers.protocol = frame[headers.l3 + wire::kIpv4Protocol];
  read_transport(frame, headers);
}

/// Of the extension headers only hop-by-hop options are stepped over: that is all that a host sends here.
void read_ipv6(std::span<const std::uint8_t> frame, Headers& headers) {
  const std::size_t there = frame.size() - headers.l3;
  if (there < wire::kIpv6HeaderBytes || frame[headers.l3] >> 4 != 6) return;
  const std::size_t total = wire::kIpv6HeaderBytes + std::size_t{read16(frame, headers.l3 + wire::kIpv6PayloadLength)};
  if (total > there) return;
  headers.ipv6 = true;
  headers.l4 = headers.l3 + wire::kIpv6HeaderBytes;
  headers.end = headers.l3 + total;
  headers.source = ipv6_at(frame, headers.l3 + wire::kIpv6Source);
  headers.destination = ipv6_at(frame, headers.l3 + wire::kIpv6Destination);
  headers.protocol = frame[headers.l3 + wire::kIpv6NextHeader];
  constexpr std::size_t kUnit = 8;
  if (headers.protocol == wire::kNextHopByHop && headers.l4 + kUnit <= headers.end) {
    const std::size_t bytes = kUnit * (1 + std::size_t{frame[headers.l4 + wire::kExtensionLength]});
    if (headers.l4 + bytes > headers.end) return;
    headers.protocol = frame[headers.l4 + wire::kExtensionNextHeader];
    headers.l4 += bytes;
  }
  read_transport(frame, headers);
}

bool is_neighbour_message(std::span<const std::uint8_t> frame, const Headers& headers, std::uint8_t type) {
  return headers.icmpv6 && frame[headers.l4 + wire::kIcmpType] == type && headers.end - headers.l4 >= wire::kNdpOptions;
}

}  // namespace

std::uint32_t Headers::length() const {
  return static_cast<std::uint32_t>(payload_bytes) + (has(wire::kTcpSyn) ? 1u : 0u) + (has(wire::kTcpFin) ? 1u : 0u);
}

bool Headers::neighbour_solicitation(std::span<const std::uint8_t> frame) const {
  return is_neighbour_message(frame, *this, wire::kNeighbourSolicitation);
}

bool Headers::neighbour_advertisement(std::span<const std::uint8_t> frame) const {
  return is_neighbour_message(frame, *this, wire::kNeighbourAdvertisement);
}

Headers read_headers(std::span<const std::uint8_t> frame) {
  Headers headers;
  headers.end = frame.size();
  if (frame.size() < wire::kEthernetHeaderBytes) return headers;
  headers.ethertype = read16(frame, wire::kEthernetType);
  headers.l3 = wire::kEthernetHeaderBytes;
  constexpr std::size_t kArpBytes = 28;  // RFC 826, of IPv4 on Ethernet
  if (headers.ethertype == wire::kEtherTypeArp && frame.size() >= headers.l3 + kArpBytes) {
    headers.arp = true;
    headers.end = headers.l3 + kArpBytes;
  }
  if (headers.ethertype == wire::kEtherTypeIpv4) read_ipv4(frame, headers);
  if (headers.ethertype == wire::kEtherTypeIpv6) read_ipv6(frame, headers);
  return headers;
}

std::string flag_names(std::uint8_t flags) {
  constexpr std::pair<std::uint8_t, const char*> kNames[] = {
      {wire::kTcpSyn, "SYN"},     {wire::kTcpFin, "FIN"}, {wire::kTcpRst, "RST"}, {wire::kTcpPsh, "PSH"},
      {wire::kTcpAckFlag, "ACK"}, {wire::kTcpUrg, "URG"}, {wire::kTcpEce, "ECE"}, {wire::kTcpCwr, "CWR"}};
  std::string text;
  for (const auto& [flag, name] : kNames) {
    if ((flags & flag) != 0) text += (text.empty() ? "" : "+") + std::string(name);
  }
  return text.empty() ? "none" : text;
}

std::string ipv4_text(std::uint32_t address) {
  return std::to_string(address >> 24) + "." + std::to_string(address >> 16 & 255) + "." +
         std::to_string(address >> 8 & 255) + "." + std::to_string(address & 255);
}

IpAddress ipv6_at(std::span<const std::uint8_t> bytes, std::size_t at) {
  std::array<std::uint8_t, 16> address{};
  std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), address.size(), address.begin());
  return IpAddress(address);
}

std::string dns_name(std::span<const std::uint8_t> message, std::size_t at) {
  std::string name;
  while (at < message.size() && message[at] != 0 && message[at] < 64) {
    const std::size_t length = message[at];
    if (at + 1 + length > message.size()) break;
    if (!name.empty()) name += '.';
    for (const std::uint8_t byte : message.subspan(at + 1, length)) {
      name += byte > 32 && byte < 127 ? static_cast<char>(byte) : '.';
    }
    at += 1 + length;
  }
  return name;
}

std::string ip_text(const Headers& headers) {
  if (!headers.ip()) return {};
  return std::string(headers.ipv4 ? "IPv4 " : "IPv6 ") + to_string(headers.source) + " > " +
         to_string(headers.destination);
}

std::string mac_text(std::span<const std::uint8_t> bytes) {
  std::string text;
  for (std::size_t i = 0; i < 6; ++i) {
    char part[4];
    std::snprintf(part, sizeof part, "%s%02x", i == 0 ? "" : ":", bytes[i]);
    text += part;
  }
  return text;
}

}  // namespace sockwire::journey
