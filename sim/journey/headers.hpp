// SPDX-License-Identifier: Apache-2.0
// Where the headers of a frame lie, and the fields that tell packets apart. Reads what is there; believes nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "hls/wire/seq_num.hpp"
#include "host/base/ip_address.hpp"

namespace sockwire::journey {

inline std::uint16_t read16(std::span<const std::uint8_t> bytes, std::size_t at) {
  return static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]);
}
inline std::uint32_t read32(std::span<const std::uint8_t> bytes, std::size_t at) {
  return static_cast<std::uint32_t>(read16(bytes, at)) << 16 | read16(bytes, at + 2);
}

/// Offsets count from the first byte of the frame (its destination address).
struct Headers {
  std::uint16_t ethertype = 0;
  bool arp = false;
  bool ipv4 = false;
  bool ipv6 = false;
  bool tcp = false;
  bool udp = false;
  bool icmp = false;    ///< Of IPv4.
  bool icmpv6 = false;  ///< Whose message begins at l4 and is not payload here.
  std::uint8_t protocol = 0;
  std::size_t l3 = 0;
  std::size_t l4 = 0;       ///< After the extension headers of IPv6, if there are any.
  std::size_t payload = 0;  ///< Of TCP or UDP.
  std::size_t payload_bytes = 0;
  std::size_t end = 0;  ///< After the last byte that the headers account for; what follows is padding.
  IpAddress source;
  IpAddress destination;
  std::uint16_t source_port = 0;
  std::uint16_t destination_port = 0;
  // TCP
  SeqNum seq;
  SeqNum ack;
  std::uint8_t flags = 0;
  std::uint16_t window = 0;

  bool ip() const { return ipv4 || ipv6; }
  /// A message of neighbour discovery: a solicitation or an advertisement (RFC 4861 4.3, 4.4).
  bool neighbour_solicitation(std::span<const std::uint8_t> frame) const;
  bool neighbour_advertisement(std::span<const std::uint8_t> frame) const;
  /// A neighbour's MAC address can be learnt from it.
  bool tells_mac(std::span<const std::uint8_t> frame) const {
    return arp || neighbour_solicitation(frame) || neighbour_advertisement(frame);
  }
  bool has(std::uint8_t flag) const { return (flags & flag) != 0; }
  /// Sequence numbers that the segment takes.
  std::uint32_t length() const;
  SeqNum seq_end() const { return seq + length(); }
};

/// frame: without FCS.
Headers read_headers(std::span<const std::uint8_t> frame);

/// "SYN+ACK"
std::string flag_names(std::uint8_t flags);

std::string ipv4_text(std::uint32_t address);
/// The IPv6 address at that offset.
IpAddress ipv6_at(std::span<const std::uint8_t> bytes, std::size_t at);
constexpr std::size_t kDnsHeaderBytes = 12;
/// The name at that offset of a DNS message (RFC 1035 3.1), as far as it is there and printable; no pointers.
std::string dns_name(std::span<const std::uint8_t> message, std::size_t at);

/// "IPv4 10.18.0.2 > 10.18.0.1"; empty if it is no IP packet.
std::string ip_text(const Headers& headers);
std::string mac_text(std::span<const std::uint8_t> bytes);

}  // namespace sockwire::journey
