// SPDX-License-Identifier: Apache-2.0
// The test types as the packed words that hlsc's contract says (hls/compiler/README.md): leaves in order, the first
// lowest.
#pragma once

#include <cstdint>
#include <vector>

#include "tests/hls/compiler/kernel_types.hpp"

namespace sockwire {

/// A word being packed, in 32-bit pieces from the least significant, as Verilator holds it.
class Bits {
 public:
  void put(detail::uint128_t value, int width) {
    for (int i = 0; i < width; ++i) {
      if (size_ % 32 == 0) words_.push_back(0);
      words_.back() |= static_cast<std::uint32_t>((value >> i) & 1) << (size_ % 32);
      ++size_;
    }
  }
  template <int kBits>
  void put(const ap_uint<kBits>& value) {
    put(value.value(), kBits);
  }

  int size() const { return size_; }
  bool bit(int at) const { return ((words_[static_cast<std::size_t>(at / 32)] >> (at % 32)) & 1) != 0; }

 private:
  std::vector<std::uint32_t> words_;
  int size_ = 0;
};

inline Bits packed(const Item& item) {
  Bits bits;
  bits.put(item.wide);
  bits.put(item.odd);
  bits.put(item.pair.low);
  bits.put(item.pair.high);
  bits.put(item.flag, 1);
  bits.put(static_cast<unsigned>(item.color), 3);
  bits.put(item.big);
  for (const ap_uint<8>& byte : item.bytes) bits.put(byte);
  return bits;
}

inline Bits packed(const Result& result) {
  Bits bits;
  bits.put(result.value);
  bits.put(result.sum);
  bits.put(static_cast<unsigned>(result.color), 3);
  bits.put(result.big);
  return bits;
}

inline Bits packed(const Setting& setting) {
  Bits bits;
  bits.put(setting.amount);
  bits.put(setting.enable, 1);
  return bits;
}

inline Bits packed(const Level& level) {
  Bits bits;
  bits.put(level.value);
  bits.put(level.seen, 1);
  return bits;
}

template <int kBits>
Bits packed(const ap_uint<kBits>& value) {
  Bits bits;
  bits.put(value);
  return bits;
}

}  // namespace sockwire
