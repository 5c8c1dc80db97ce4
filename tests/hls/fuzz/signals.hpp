// SPDX-License-Identifier: Apache-2.0
// Bits in packed words, and what a random neighbour of a kernel does.
#pragma once

#include <cstdint>
#include <string>

#include "tests/hls/fuzz/native.hpp"
#include "tests/hls/fuzz/random.hpp"

namespace sockwire::fuzz {

inline void set_bits(std::uint32_t* to, int low, const Words& value, int width) {
  for (int i = 0; i < width; ++i) {
    const std::uint32_t bit = (value[static_cast<std::size_t>(i / 32)] >> (i % 32)) & 1;
    std::uint32_t& word = to[(low + i) / 32];
    word = (word & ~(1u << ((low + i) % 32))) | (bit << ((low + i) % 32));
  }
}

inline void set_bit(std::uint32_t* to, int at, bool value) { set_bits(to, at, {value ? 1u : 0u}, 1); }

inline bool bit(const std::uint32_t* from, int at) { return ((from[at / 32] >> (at % 32)) & 1) != 0; }

inline Words bits(const std::uint32_t* from, int low, int width) {
  Words result(static_cast<std::size_t>(width + 31) / 32);
  for (int i = 0; i < width; ++i)
    if (bit(from, low + i)) result[static_cast<std::size_t>(i / 32)] |= 1u << (i % 32);
  return result;
}

inline std::string text_of(const Words& words) {
  static const char* kDigits = "0123456789abcdef";
  std::string text;
  for (const std::uint32_t word : words)
    for (int i = 0; i < 32; i += 4) text.insert(text.begin(), kDigits[(word >> i) & 15]);
  return "0x" + text;
}

/// In phases, so that starving and stalling are seen for long stretches too.
inline bool chance(Random& random, int cycle, std::size_t which) {
  static constexpr int kLikely[] = {99, 50, 12, 78};
  return random.percent(kLikely[(static_cast<std::size_t>(cycle / 64) + which) % 4]);
}

/// Small values, values near the top and any values: comparisons and carries hide in the ones or in the others.
inline Words random_words(Random& random, int width) {
  Words words(static_cast<std::size_t>(width + 31) / 32);
  const int pattern = random.below(8);
  for (std::uint32_t& word : words) {
    const auto any = static_cast<std::uint32_t>(random.word());
    const auto sparse = static_cast<std::uint32_t>(random.word() & random.word() & random.word());
    word = pattern == 0 ? sparse : pattern == 1 ? ~sparse : pattern == 2 ? 0u : any;
  }
  if (width % 32 != 0) words.back() &= (1u << (width % 32)) - 1;
  return words;
}

}  // namespace sockwire::fuzz
