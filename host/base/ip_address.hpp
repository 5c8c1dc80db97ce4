// SPDX-License-Identifier: Apache-2.0
// An IP address of either version, in the 16 bytes of an IPv6 address (IPv4 as ::ffff:a.b.c.d, RFC 4291 2.5.5.2).
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>

namespace sockwire {

/// An address in network byte order. Value-initialised it is the unspecified address.
class IpAddress {
 public:
  constexpr IpAddress() = default;
  constexpr explicit IpAddress(const std::array<std::uint8_t, 16>& bytes) : bytes_(bytes) {}

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

  friend constexpr auto operator<=>(const IpAddress&, const IpAddress&) = default;

 private:
  std::array<std::uint8_t, 16> bytes_{};
};

/// "10.0.0.1" for an IPv4 address, else eight groups in the way of RFC 5952: "2001:db8::1".
std::string to_string(const IpAddress& address);

}  // namespace sockwire
