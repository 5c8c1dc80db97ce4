// SPDX-License-Identifier: Apache-2.0
// A packed word as hlsc's contract has it (hls/compiler/README.md): leaves in the order of declaration, the first
// lowest. `leaves(bits, value)` visits a type's leaves, to write a value into the word or to take one out of it.
#pragma once

#include "hls/base/memory.hpp"
#include "hls/base/stream.hpp"

#if !defined(__HLSC__)
#include <cstdint>
#include <vector>
#endif

namespace sockwire {

#if defined(__HLSC__)

class Bits {
 public:
  std::uint64_t leaf(std::uint64_t value, int width);
};

#else

class Bits {
 public:
  /// To be written.
  Bits() = default;
  /// To be read from.
  explicit Bits(std::vector<std::uint32_t> words) : words_(std::move(words)), reading_(true) {}

  /// The next `width` bits become the value, or are returned.
  detail::uint128_t leaf(detail::uint128_t value, int width) {
    if (!reading_) words_.resize(static_cast<std::size_t>(at_ + width + 31) / 32);
    if (reading_) value = 0;
    for (int done = 0; done < width;) {
      std::uint32_t& word = words_[static_cast<std::size_t>(at_ / 32)];
      const int offset = at_ % 32;
      const int count = width - done < 32 - offset ? width - done : 32 - offset;
      const std::uint32_t mask = count == 32 ? ~0u : (1u << count) - 1;
      if (reading_)
        value |= static_cast<detail::uint128_t>((word >> offset) & mask) << done;
      else
        word |= (static_cast<std::uint32_t>(value >> done) & mask) << offset;
      done += count;
      at_ += count;
    }
    return value;
  }

  const std::vector<std::uint32_t>& words() const { return words_; }

 private:
  std::vector<std::uint32_t> words_;
  int at_ = 0;
  bool reading_ = false;
};

#endif

inline void leaves(Bits& bits, bool& v) { v = bits.leaf(v ? 1 : 0, 1) != 0; }
inline void leaves(Bits& bits, std::uint8_t& v) { v = static_cast<std::uint8_t>(bits.leaf(v, 8)); }
inline void leaves(Bits& bits, std::uint16_t& v) { v = static_cast<std::uint16_t>(bits.leaf(v, 16)); }
inline void leaves(Bits& bits, std::uint32_t& v) { v = static_cast<std::uint32_t>(bits.leaf(v, 32)); }
inline void leaves(Bits& bits, std::uint64_t& v) { v = static_cast<std::uint64_t>(bits.leaf(v, 64)); }
inline void leaves(Bits& bits, detail::uint128_t& v) { v = bits.leaf(v, 128); }
inline void leaves(Bits& bits, std::int8_t& v) {
  v = static_cast<std::int8_t>(bits.leaf(static_cast<std::uint8_t>(v), 8));
}
inline void leaves(Bits& bits, std::int16_t& v) {
  v = static_cast<std::int16_t>(bits.leaf(static_cast<std::uint16_t>(v), 16));
}
inline void leaves(Bits& bits, std::int32_t& v) {
  v = static_cast<std::int32_t>(bits.leaf(static_cast<std::uint32_t>(v), 32));
}
inline void leaves(Bits& bits, std::int64_t& v) {
  v = static_cast<std::int64_t>(bits.leaf(static_cast<std::uint64_t>(v), 64));
}
template <int kBits>
void leaves(Bits& bits, ap_uint<kBits>& v) {
  v = bits.leaf(v.value(), kBits);
}

}  // namespace sockwire
