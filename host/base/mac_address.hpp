// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sockwire {

/// A 48-bit MAC address (IEEE 802.3 clause 3.2.3), bytes in the order in which they are sent.
class MacAddress {
 public:
  constexpr MacAddress() = default;
  constexpr explicit MacAddress(const std::array<std::uint8_t, 6>& bytes) : bytes_(bytes) {}

  static constexpr MacAddress broadcast() { return MacAddress({0xff, 0xff, 0xff, 0xff, 0xff, 0xff}); }
  /// Copies six bytes.
  static constexpr MacAddress from_bytes(const std::uint8_t* at) {
    return MacAddress({at[0], at[1], at[2], at[3], at[4], at[5]});
  }
  /// Reads "02:00:5e:10:00:01" (two hexadecimal digits, six times, colons or hyphens between).
  static std::optional<MacAddress> parse(std::string_view text);

  constexpr void copy_to(std::uint8_t* at) const {
    for (std::size_t i = 0; i < bytes_.size(); ++i) at[i] = bytes_[i];
  }
  constexpr const std::array<std::uint8_t, 6>& bytes() const { return bytes_; }
  /// The group bit: multicast or broadcast.
  constexpr bool is_group() const { return (bytes_[0] & 1) != 0; }
  constexpr bool is_zero() const { return *this == MacAddress(); }

  friend constexpr auto operator<=>(const MacAddress&, const MacAddress&) = default;

 private:
  std::array<std::uint8_t, 6> bytes_{};
};

/// "02:00:5e:10:00:01".
std::string to_string(const MacAddress& address);

}  // namespace sockwire
