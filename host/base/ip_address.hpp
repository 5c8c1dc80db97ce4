// SPDX-License-Identifier: Apache-2.0
// An IP address of either version, in the 16 bytes of an IPv6 address (IPv4 as ::ffff:a.b.c.d, RFC 4291 2.5.5.2).
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sockwire {

/// An address in network byte order. Value-initialised it is the unspecified address.
class IpAddress {
 public:
  constexpr IpAddress() = default;
  constexpr explicit IpAddress(const std::array<std::uint8_t, 16>& bytes) : bytes_(bytes) {}

  /// Reads "10.0.0.1", or an IPv6 address in the forms of RFC 4291 2.2: "2001:db8::1", "::ffff:10.0.0.1".
  static std::optional<IpAddress> parse(std::string_view text);

  /// address: in host byte order, 0x0a000001 is 10.0.0.1.
  static constexpr IpAddress from_ipv4(std::uint32_t address) {
    IpAddress result;
    result.bytes_[10] = result.bytes_[11] = 0xff;
    for (int i = 0; i < 4; ++i) result.bytes_[12 + i] = static_cast<std::uint8_t>(address >> (24 - 8 * i));
    return result;
  }

  constexpr bool is_ipv4() const {
    for (int i = 0; i < 10; ++i) {
      if (bytes_[i] != 0) return false;
    }
    return bytes_[10] == 0xff && bytes_[11] == 0xff;
  }
  /// The low 32 bits in host byte order: the IPv4 address if is_ipv4().
  constexpr std::uint32_t ipv4() const {
    std::uint32_t address = 0;
    for (int i = 12; i < 16; ++i) address = address << 8 | bytes_[i];
    return address;
  }
  constexpr const std::array<std::uint8_t, 16>& bytes() const { return bytes_; }

  /// "::" or 0.0.0.0.
  constexpr bool is_unspecified() const { return *this == IpAddress() || *this == from_ipv4(0); }
  /// 224.0.0.0/4 (RFC 5771) or ff00::/8 (RFC 4291 2.7). A broadcast address of IPv4 is none of these.
  constexpr bool is_multicast() const { return is_ipv4() ? bytes_[12] >> 4 == 0xe : bytes_[0] == 0xff; }
  /// 127.0.0.0/8 (RFC 1122 3.2.1.3 (g)) or ::1 (RFC 4291 2.5.3).
  constexpr bool is_loopback() const {
    IpAddress one;
    one.bytes_[15] = 1;
    return is_ipv4() ? bytes_[12] == 127 : *this == one;
  }
  /// 169.254.0.0/16 (RFC 3927) or fe80::/10 (RFC 4291 2.5.6).
  constexpr bool is_link_local() const {
    if (is_ipv4()) return bytes_[12] == 169 && bytes_[13] == 254;
    return bytes_[0] == 0xfe && (bytes_[1] & 0xc0) == 0x80;
  }

  friend constexpr auto operator<=>(const IpAddress&, const IpAddress&) = default;

 private:
  std::array<std::uint8_t, 16> bytes_{};
};

/// For hash tables: a multiplicative hash; `seed` keeps outsiders from choosing addresses that collide.
struct IpAddressHash {
  std::uint64_t seed = 0;
  constexpr std::size_t operator()(const IpAddress& address) const {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    for (std::size_t i = 0; i < 8; ++i) {
      high = high << 8 | address.bytes()[i];
      low = low << 8 | address.bytes()[8 + i];
    }
    std::uint64_t mixed = (high ^ seed) * 0x9e3779b97f4a7c15u;  // Knuth's golden ratio
    mixed = (mixed ^ mixed >> 32 ^ low) * 0xbf58476d1ce4e5b9u;
    return static_cast<std::size_t>(mixed ^ mixed >> 31);
  }
};

/// "10.0.0.1" for an IPv4 address, else eight groups in the way of RFC 5952: "2001:db8::1".
std::string to_string(const IpAddress& address);

}  // namespace sockwire
