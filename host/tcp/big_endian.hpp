// SPDX-License-Identifier: Apache-2.0
// Network byte order.
#pragma once

#include <cstdint>

namespace sockwire::tcp {

inline std::uint16_t get_be16(const std::uint8_t* p) { return static_cast<std::uint16_t>(p[0] << 8 | p[1]); }
inline std::uint32_t get_be32(const std::uint8_t* p) {
  return static_cast<std::uint32_t>(get_be16(p)) << 16 | get_be16(p + 2);
}
/// Both return the byte after what they wrote.
inline std::uint8_t* put_be16(std::uint8_t* p, std::uint16_t value) {
  *p++ = static_cast<std::uint8_t>(value >> 8);
  *p++ = static_cast<std::uint8_t>(value);
  return p;
}
inline std::uint8_t* put_be32(std::uint8_t* p, std::uint32_t value) {
  p = put_be16(p, static_cast<std::uint16_t>(value >> 16));
  return put_be16(p, static_cast<std::uint16_t>(value));
}

}  // namespace sockwire::tcp
