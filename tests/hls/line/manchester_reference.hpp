// SPDX-License-Identifier: Apache-2.0
// 10BASE-T's signal half bit by half bit, as IEEE 802.3 clauses 7.3.1.1 and 14.2 word it; nothing of it is the
// kernels'.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sockwire::test {

/// What goes out for these octets, a character for each half bit: 'H' (positive) or 'L' (negative), the octets' low
/// bits first. A CD1 is LH, a CD0 is HL.
inline std::string manchester_halves(const std::vector<std::uint8_t>& octets) {
  std::string halves;
  for (const std::uint8_t octet : octets) {
    for (int bit = 0; bit < 8; ++bit) halves += (octet >> bit & 1) != 0 ? "LH" : "HL";
  }
  return halves;
}

/// Octets back from half bits; nothing if two halves of a bit are alike or the number of bits is no whole octet.
inline std::optional<std::vector<std::uint8_t>> manchester_octets(const std::string& halves) {
  if (halves.size() % 16 != 0) return std::nullopt;
  std::vector<std::uint8_t> octets;
  for (std::size_t i = 0; i < halves.size(); i += 2) {
    if (halves[i] == halves[i + 1]) return std::nullopt;
    if (i % 16 == 0) octets.push_back(0);
    if (halves[i + 1] == 'H') octets.back() = static_cast<std::uint8_t>(octets.back() + (1 << (i % 16 / 2)));
  }
  return octets;
}

}  // namespace sockwire::test
