// SPDX-License-Identifier: Apache-2.0
// A packet of either IP version: as it came in, and what is to be said in the header of one that goes out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "host/base/ip_address.hpp"

namespace sockwire::stack {

/// A packet that came in, or the original in an ICMP error. Header and payload are views into the bytes that were
/// parsed, or into the buffer of what was reassembled.
struct IpPacket {
  IpAddress source;
  IpAddress destination;
  std::uint8_t protocol = 0;       ///< Of the payload: what follows all extension headers.
  std::uint8_t ttl = 0;            ///< Hop limit.
  std::uint8_t traffic_class = 0;  ///< DSCP and, in its two low bits, ECN (RFC 3168 5).
  std::uint32_t id = 0;            ///< Of a fragment; 16 bits in IPv4.
  bool fragment = false;           ///< Not the whole of a datagram.
  bool first_fragment = true;
  bool more_fragments = false;
  std::uint32_t fragment_offset = 0;      ///< In bytes, where the payload lies in the datagram's.
  std::span<const std::uint8_t> header;   ///< With options or extension headers.
  std::span<const std::uint8_t> payload;  ///< Without the padding of the frame.
};

/// What a header says that we write.
struct IpHeader {
  IpAddress source;  ///< Of the destination's version.
  IpAddress destination;
  std::uint8_t protocol = 0;
  std::uint8_t ttl = 64;
  std::uint8_t traffic_class = 0;
  std::uint16_t id = 0;       ///< IPv4 only.
  bool dont_fragment = true;  ///< IPv4 only: in IPv6 no router fragments.
};

}  // namespace sockwire::stack
