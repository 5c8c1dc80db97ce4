// SPDX-License-Identifier: Apache-2.0
#include "host/stack/internet_checksum.hpp"

#include "host/base/byte_order.hpp"

namespace sockwire::stack {

namespace {

std::uint16_t fold(std::uint64_t sum) {
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>(sum);
}

}  // namespace

std::uint16_t ones_complement_sum(std::span<const std::uint8_t> bytes, std::uint16_t initial) {
  // Words may be added 32 bits at a time: carries out of the low half land in the high half, and folding brings them
  // home (RFC 1071 2 (C)).
  std::uint64_t sum = initial;
  std::size_t i = 0;
  for (; i + 4 <= bytes.size(); i += 4) sum += load_be32(&bytes[i]);
  if (i + 2 <= bytes.size()) {
    sum += load_be16(&bytes[i]);
    i += 2;
  }
  if (i < bytes.size()) sum += static_cast<std::uint64_t>(bytes[i]) << 8;
  return fold(sum);
}

std::uint16_t pseudo_header_sum(const IpAddress& source, const IpAddress& destination, std::uint8_t protocol,
                                std::size_t l4_bytes) {
  std::uint64_t sum = protocol + l4_bytes;
  const std::size_t skipped = source.is_ipv4() && destination.is_ipv4() ? 12 : 0;
  for (std::size_t i = skipped; i < 16; i += 4) {
    sum += load_be32(&source.bytes()[i]);
    sum += load_be32(&destination.bytes()[i]);
  }
  return fold(sum);
}

}  // namespace sockwire::stack
