// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "host/base/ip_address.hpp"

namespace sockwire {

/// An IPv4 address (RFC 791), as a number in host byte order: 0x0a000001 is 10.0.0.1.
class Ipv4Address {
 public:
  constexpr Ipv4Address() = default;
  constexpr explicit Ipv4Address(std::uint32_t value) : value_(value) {}
  constexpr Ipv4Address(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d)
      : value_(static_cast<std::uint32_t>(a) << 24 | static_cast<std::uint32_t>(b) << 16 |
               static_cast<std::uint32_t>(c) << 8 | d) {}
  /// Precondition: address.is_ipv4().
  constexpr explicit Ipv4Address(const IpAddress& address) : value_(address.ipv4()) {}

  /// Reads "10.0.0.1": four decimal numbers of at most 255, nothing else.
  static std::optional<Ipv4Address> parse(std::string_view text);

  constexpr std::uint32_t value() const { return value_; }
  constexpr operator IpAddress() const { return IpAddress::from_ipv4(value_); }  // NOLINT(google-explicit-constructor)

  constexpr bool is_unspecified() const { return value_ == 0; }
  constexpr bool is_limited_broadcast() const { return value_ == 0xffffffffu; }
  /// 224.0.0.0/4 (RFC 5771).
  constexpr bool is_multicast() const { return value_ >> 28 == 0xe; }
  /// 127.0.0.0/8 (RFC 1122 3.2.1.3 (g)).
  constexpr bool is_loopback() const { return value_ >> 24 == 127; }

  friend constexpr auto operator<=>(const Ipv4Address&, const Ipv4Address&) = default;

 private:
  std::uint32_t value_ = 0;
};

/// An interface's address and its subnet: "10.0.0.2/24".
struct Ipv4Interface {
  Ipv4Address address;
  int prefix_bits = 24;  ///< 0 to 32.

  /// Reads "10.0.0.2/24".
  static std::optional<Ipv4Interface> parse(std::string_view text);

  constexpr std::uint32_t mask() const { return prefix_bits == 0 ? 0 : ~std::uint32_t{0} << (32 - prefix_bits); }
  constexpr bool on_link(Ipv4Address other) const { return ((other.value() ^ address.value()) & mask()) == 0; }
  /// The subnet's directed broadcast address. A /31 or /32 has none (RFC 3021).
  constexpr bool is_subnet_broadcast(Ipv4Address other) const {
    return prefix_bits < 31 && on_link(other) && (other.value() | mask()) == ~std::uint32_t{0};
  }
  friend constexpr bool operator==(const Ipv4Interface&, const Ipv4Interface&) = default;
};

/// "10.0.0.1".
std::string to_string(Ipv4Address address);

}  // namespace sockwire
