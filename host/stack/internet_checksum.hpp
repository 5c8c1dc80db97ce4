// SPDX-License-Identifier: Apache-2.0
// The Internet checksum in software (RFC 1071): for what the card does not verify, and for tests.
#pragma once

#include <cstdint>
#include <span>

#include "host/base/ip_address.hpp"

namespace sockwire::stack {

/// One's-complement sum of the big-endian 16-bit words, an odd last byte as the high half of a word; added to
/// `initial`.
std::uint16_t ones_complement_sum(std::span<const std::uint8_t> bytes, std::uint16_t initial = 0);

/// What goes into a checksum field: the complement of the sum over bytes in which the field is zero.
inline std::uint16_t internet_checksum(std::span<const std::uint8_t> bytes, std::uint16_t initial = 0) {
  return static_cast<std::uint16_t>(~ones_complement_sum(bytes, initial));
}

/// Bytes with their checksum field filled in sum to "minus zero" (RFC 1071 1).
inline bool checksum_holds(std::span<const std::uint8_t> bytes, std::uint16_t initial = 0) {
  return ones_complement_sum(bytes, initial) == 0xffff;
}

/// Sum of the pseudo header of IPv4 (RFC 9293 3.1, RFC 768) or IPv6 (RFC 8200 8.1). l4_bytes: 0 where the card adds the
/// length. Precondition: both addresses are of one version.
std::uint16_t pseudo_header_sum(const IpAddress& source, const IpAddress& destination, std::uint8_t protocol,
                                std::size_t l4_bytes);

}  // namespace sockwire::stack
