// SPDX-License-Identifier: Apache-2.0
// An IP address of either version, in the 16 bytes of an IPv6 address (IPv4 as ::ffff:a.b.c.d, RFC 4291 2.5.5.2).
#pragma once

#include <array>
#include <bit>
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
    result.bytes_[12] = static_cast<std::uint8_t>(address >> 24);
    result.bytes_[13] = static_cast<std::uint8_t>(address >> 16);
    result.bytes_[14] = static_cast<std::uint8_t>(address >> 8);
    result.bytes_[15] = static_cast<std::uint8_t>(address);
    return result;
  }

  constexpr bool is_ipv4() const {
    // ::ffff:0:0/96 (RFC 4291 2.5.5.2).
    constexpr std::array<std::uint8_t, 8> kPrefix{0, 0, 0xff, 0xff, 0, 0, 0, 0};
    constexpr std::array<std::uint8_t, 8> kMask{0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0};
    const auto words = halves();
    return words[0] == 0 && (words[1] & std::bit_cast<std::uint64_t>(kMask)) == std::bit_cast<std::uint64_t>(kPrefix);
  }
  /// The low 32 bits in host byte order: the IPv4 address if is_ipv4().
  constexpr std::uint32_t ipv4() const {
    return std::uint32_t{bytes_[12]} << 24 | std::uint32_t{bytes_[13]} << 16 | std::uint32_t{bytes_[14]} << 8 |
           std::uint32_t{bytes_[15]};
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

  /// The bytes in two words of the machine's order: for comparing and hashing, which every packet does several times.
  constexpr std::array<std::uint64_t, 2> halves() const { return std::bit_cast<std::array<std::uint64_t, 2>>(bytes_); }

  friend constexpr auto operator<=>(const IpAddress&, const IpAddress&) = default;
  friend constexpr bool operator==(const IpAddress& left, const IpAddress& right) {
    const auto a = left.halves();
    const auto b = right.halves();
    return a[0] == b[0] && a[1] == b[1];
  }

 private:
  std::array<std::uint8_t, 16> bytes_{};
};

/// For hash tables: a multiplicative hash; `seed` keeps outsiders from choosing addresses that collide.
struct IpAddressHash {
  std::uint64_t seed = 0;
  constexpr std::size_t operator()(const IpAddress& address) const {
    const auto [high, low] = address.halves();
    std::uint64_t mixed = (high ^ seed) * 0x9e3779b97f4a7c15u;  // Knuth's golden ratio
    mixed = (mixed ^ mixed >> 32 ^ low) * 0xbf58476d1ce4e5b9u;
    return static_cast<std::size_t>(mixed ^ mixed >> 31);
  }
};

/// "10.0.0.1" for an IPv4 address, else eight groups in the way of RFC 5952: "2001:db8::1".
std::string to_string(const IpAddress& address);

}  // namespace sockwire
