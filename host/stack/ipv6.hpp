// SPDX-License-Identifier: Apache-2.0
// IPv6 headers and extension headers as bytes (RFC 8200).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "host/stack/ip_packet.hpp"

namespace sockwire::stack {

/// What stands in the way of a packet's payload.
enum class Ipv6Problem : std::uint8_t {
  kNone,
  kMalformed,          ///< Lengths that do not fit, or a first fragment without its headers (RFC 7112).
  kUnknownNextHeader,  ///< Reported with code 1 of "parameter problem": `pointer` says where.
  kErroneousField,     ///< Reported with code 0: a routing header that is not for a host (RFC 8200 4.4, RFC 5095).
  kUnknownOption,      ///< To be discarded; reported (code 2) if `report` is set.
  kTooManyHeaders,     ///< More extension headers than a host needs to bear (RFC 8504 5.3).
};

struct Ipv6Parsed {
  Ipv6Problem problem = Ipv6Problem::kNone;
  std::uint32_t pointer = 0;  ///< Of what is reported, in bytes from the header's start.
  bool report = false;
  bool extension_headers = false;
  /// Of a fragment: protocol is the next header of the fragment header, which may be another extension header.
  IpPacket packet;
};

/// Reads the header and every extension header up to the payload or to the fragment header. An atomic fragment
/// (RFC 6946) is none. truncated: the payload may be cut short, as in an ICMP error.
Ipv6Parsed parse_ipv6(std::span<const std::uint8_t> bytes, bool truncated = false);

/// Goes on behind a fragment header, in what was reassembled. parsed.packet: header up to the fragment header and with
/// it, its next header as the protocol, and the payload right behind the header.
void parse_ipv6_extensions(Ipv6Parsed& parsed);

/// Writes 40 bytes. Precondition: payload_bytes fits 16 bits.
void write_ipv6_header(const IpHeader& header, std::size_t payload_bytes, std::uint8_t* out);

}  // namespace sockwire::stack
