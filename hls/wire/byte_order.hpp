// SPDX-License-Identifier: Apache-2.0
// Numbers in memory: big-endian as headers on the wire have them (network byte order, RFC 791 appendix B),
// little-endian as the card contract has them. C++14.
#pragma once

#include <cstdint>

namespace sockwire {

constexpr std::uint16_t load_be16(const std::uint8_t* at) { return static_cast<std::uint16_t>(at[0] << 8 | at[1]); }
constexpr std::uint32_t load_be32(const std::uint8_t* at) {
  return static_cast<std::uint32_t>(load_be16(at)) << 16 | load_be16(at + 2);
}
constexpr void store_be16(std::uint8_t* at, std::uint16_t value) {
  at[0] = static_cast<std::uint8_t>(value >> 8);
  at[1] = static_cast<std::uint8_t>(value);
}
constexpr void store_be32(std::uint8_t* at, std::uint32_t value) {
  store_be16(at, static_cast<std::uint16_t>(value >> 16));
  store_be16(at + 2, static_cast<std::uint16_t>(value));
}

constexpr std::uint16_t load_le16(const std::uint8_t* at) { return static_cast<std::uint16_t>(at[1] << 8 | at[0]); }
constexpr std::uint32_t load_le32(const std::uint8_t* at) {
  return static_cast<std::uint32_t>(load_le16(at + 2)) << 16 | load_le16(at);
}
constexpr void store_le16(std::uint8_t* at, std::uint16_t value) {
  at[0] = static_cast<std::uint8_t>(value);
  at[1] = static_cast<std::uint8_t>(value >> 8);
}
constexpr void store_le32(std::uint8_t* at, std::uint32_t value) {
  store_le16(at, static_cast<std::uint16_t>(value));
  store_le16(at + 2, static_cast<std::uint16_t>(value >> 16));
}

}  // namespace sockwire
