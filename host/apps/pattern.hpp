// SPDX-License-Identifier: Apache-2.0
// A file that needs no disk: bytes that look random and follow from a seed and their position.
#pragma once

#include <cstdint>
#include <span>

namespace sockwire::apps {

/// The eight bytes at position 8 * index (the output function of SplitMix64).
constexpr std::uint64_t pattern_word(std::uint64_t seed, std::uint64_t index) {
  std::uint64_t z = seed + (index + 1) * 0x9E3779B97F4A7C15ULL;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31);
}

/// Fills `out` with the pattern from byte `offset` on.
inline void fill_pattern(std::uint64_t seed, std::uint64_t offset, std::span<std::uint8_t> out) {
  for (auto& byte : out) {
    byte = static_cast<std::uint8_t>(pattern_word(seed, offset / 8) >> (8 * (offset % 8)));
    ++offset;
  }
}

}  // namespace sockwire::apps
