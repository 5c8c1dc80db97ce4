// SPDX-License-Identifier: Apache-2.0
// An address and how many of its leading bits name a network: what a route leads to, or an interface's address with
// its subnet.
#pragma once

#include <algorithm>
#include <bit>
#include <optional>
#include <string>
#include <string_view>

#include "host/base/ip_address.hpp"
#include "host/base/ipv4_address.hpp"

namespace sockwire {

/// How many leading bits of two addresses are equal, 0 to 128. An IPv4 address has 96 before its own.
constexpr int common_prefix_bits(const IpAddress& a, const IpAddress& b) {
  for (std::size_t i = 0; i < 16; ++i) {
    const auto difference = static_cast<std::uint8_t>(a.bytes()[i] ^ b.bytes()[i]);
    if (difference != 0) return static_cast<int>(8 * i) + std::countl_zero(difference);
  }
  return 128;
}

/// "10.0.0.0/24", "2001:db8::/32". Bits behind the prefix may be set: those of an interface's address.
struct IpPrefix {
  IpAddress address;
  int bits = 128;  ///< 0 to 32 of an IPv4 address, 0 to 128 of an IPv6 address.

  IpPrefix() = default;
  constexpr IpPrefix(const IpAddress& of, int prefix_bits) : address(of), bits(prefix_bits) {}
  constexpr IpPrefix(const Ipv4Interface& of)  // NOLINT(google-explicit-constructor)
      : address(of.address), bits(of.prefix_bits) {}

  /// Reads "10.0.0.2/24" or "2001:db8::2/64".
  static std::optional<IpPrefix> parse(std::string_view text);

  constexpr bool is_ipv4() const { return address.is_ipv4(); }
  /// Bits of the 16-byte form, 0 to 128.
  constexpr int mapped_bits() const { return is_ipv4() ? 96 + bits : bits; }
  constexpr bool contains(const IpAddress& other) const {
    return other.is_ipv4() == is_ipv4() && common_prefix_bits(address, other) >= mapped_bits();
  }
  /// The same with the bits behind the prefix zero.
  constexpr IpPrefix network() const {
    auto bytes = address.bytes();
    for (int i = 0; i < 16; ++i) {
      const int kept = std::clamp(mapped_bits() - 8 * i, 0, 8);
      bytes[static_cast<std::size_t>(i)] &= static_cast<std::uint8_t>(0xff00u >> kept);
    }
    return {IpAddress(bytes), bits};
  }

  friend constexpr bool operator==(const IpPrefix&, const IpPrefix&) = default;
};

/// "10.0.0.2/24".
std::string to_string(const IpPrefix& prefix);

}  // namespace sockwire
