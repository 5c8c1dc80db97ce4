// SPDX-License-Identifier: Apache-2.0
// IPv4 headers as bytes (RFC 791).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "host/stack/ip_packet.hpp"

namespace sockwire::stack {

/// Nothing if version, header length or total length are impossible. Neither checksum nor options are looked at.
/// truncated: the payload may be cut short, as in an ICMP error.
std::optional<IpPacket> parse_ipv4(std::span<const std::uint8_t> bytes, bool truncated = false);

/// What the options of a header are to us (RFC 1122 3.2.1.8, RFC 7126).
enum class Ipv4Options : std::uint8_t {
  kFine,         ///< None, or some that are ignored: timestamps, record route, router alert, unknown ones.
  kMalformed,    ///< A length that does not fit.
  kSourceRoute,  ///< Loose or strict: refused (RFC 7126 4.3, 4.4).
};
/// header: of a packet that parse_ipv4() has taken.
Ipv4Options examine_ipv4_options(std::span<const std::uint8_t> header);

/// Writes 20 bytes, the checksum field zero. Preconditions: 20 + payload_bytes fits 16 bits; IPv4 addresses.
void write_ipv4_header(const IpHeader& header, std::size_t payload_bytes, std::uint8_t* out);

}  // namespace sockwire::stack
