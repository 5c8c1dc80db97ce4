// SPDX-License-Identifier: Apache-2.0
#include "host/stack/interface_identifier.hpp"

#include <algorithm>

namespace sockwire::stack {

namespace {

/// RFC 5453 3: subnet router anycast (all zeros), and the last 128 of a subnet; RFC 2526 for those. What begins like an
/// EUI-64 of IANA's own (0200:5eff:fe…) is kept free, too.
bool is_reserved(const InterfaceId& id) {
  const auto begins = [&](std::initializer_list<std::uint8_t> bytes) {
    return std::equal(bytes.begin(), bytes.end(), id.begin());
  };
  if (id == InterfaceId{} || begins({0x02, 0x00, 0x5e, 0xff, 0xfe})) return true;
  return begins({0xfd, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}) && id[7] >= 0x80;
}

}  // namespace

InterfaceId eui64_identifier(const MacAddress& mac) {
  const auto& m = mac.bytes();
  return {static_cast<std::uint8_t>(m[0] ^ 0x02), m[1], m[2], 0xff, 0xfe, m[3], m[4], m[5]};
}

InterfaceId opaque_identifier(const tcp::SipHashKey& key, const IpPrefix& prefix, const MacAddress& mac,
                              std::uint8_t dad_counter) {
  for (std::uint8_t attempt = 0;; ++attempt) {
    // The leading byte keeps this use of the key apart from others.
    std::array<std::uint8_t, 17> message{'a'};
    std::copy_n(prefix.address.bytes().begin(), 8, message.begin() + 1);
    mac.copy_to(message.data() + 9);
    message[15] = dad_counter;
    message[16] = attempt;
    const std::uint64_t hash = tcp::siphash24(key, message);
    InterfaceId id{};
    for (std::size_t i = 0; i < id.size(); ++i) id[i] = static_cast<std::uint8_t>(hash >> (8 * i));
    if (!is_reserved(id)) return id;
  }
}

IpAddress join(const IpPrefix& prefix, const InterfaceId& identifier) {
  auto bytes = prefix.address.bytes();
  std::copy(identifier.begin(), identifier.end(), bytes.begin() + 8);
  return IpAddress(bytes);
}

}  // namespace sockwire::stack
