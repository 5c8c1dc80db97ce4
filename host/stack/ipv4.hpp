// SPDX-License-Identifier: Apache-2.0
// IPv4 headers as bytes (RFC 791).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "host/base/ipv4_address.hpp"
#include "host/base/mac_address.hpp"

namespace sockwire::stack {

/// A packet that came in, or the original in an ICMP error. Its payload is a view into the bytes that were parsed.
struct Ipv4Packet {
  Ipv4Address source;
  Ipv4Address destination;
  std::uint8_t protocol = 0;
  std::uint8_t ttl = 0;
  std::uint16_t id = 0;
  bool fragment = false;  ///< Not the whole of a datagram.
  bool first_fragment = true;
  std::span<const std::uint8_t> header;
  std::span<const std::uint8_t> payload;  ///< Without the padding of the frame.
};

/// Nothing if version, header length or total length are impossible. The checksum is not looked at.
/// truncated: the payload may be cut short, as in an ICMP error.
std::optional<Ipv4Packet> parse_ipv4(std::span<const std::uint8_t> bytes, bool truncated = false);

/// What the writer needs to know.
struct Ipv4Fields {
  Ipv4Address source;
  Ipv4Address destination;
  std::uint8_t protocol = 0;
  std::uint8_t ttl = 64;
  std::uint16_t id = 0;
  bool dont_fragment = true;
  std::size_t payload_bytes = 0;
};

/// Writes 20 bytes, the checksum field zero. Precondition: 20 + payload_bytes fits 16 bits.
void write_ipv4_header(const Ipv4Fields& fields, std::uint8_t* out);

/// Writes 14 bytes (RFC 894).
void write_ethernet_header(const MacAddress& destination, const MacAddress& source, std::uint16_t type,
                           std::uint8_t* out);

}  // namespace sockwire::stack
