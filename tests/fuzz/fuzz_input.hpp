// SPDX-License-Identifier: Apache-2.0
// What the fuzz targets share: the fuzzer's bytes read as decisions, and claims that end the run when they do not hold.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <vector>

namespace sockwire::fuzz {

/// Numbers out of the fuzzer's bytes; zeros behind their end.
class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : bytes_(data, size) {}

  bool done() const { return bytes_.empty(); }
  std::uint8_t byte() {
    if (bytes_.empty()) return 0;
    const std::uint8_t first = bytes_.front();
    bytes_ = bytes_.subspan(1);
    return first;
  }
  std::uint16_t two() { return static_cast<std::uint16_t>(byte() << 8 | byte()); }
  std::uint32_t four() { return std::uint32_t{two()} << 16 | two(); }
  bool flag() { return (byte() & 1) != 0; }
  /// 0 to limit - 1. Precondition: limit is not 0.
  std::uint32_t below(std::uint32_t limit) { return (limit <= 256 ? byte() : two()) % limit; }
  /// Up to so many bytes as they stand.
  std::vector<std::uint8_t> take(std::size_t most) {
    const std::size_t count = std::min(most, bytes_.size());
    std::vector<std::uint8_t> taken(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(count));
    bytes_ = bytes_.subspan(count);
    return taken;
  }

 private:
  std::span<const std::uint8_t> bytes_;
};

/// What must hold whatever came. The fuzzer, and the replay in the tests, take an abort for a find.
inline void require(bool holds, const char* claim) {
  if (holds) return;
  std::fprintf(stderr, "fuzz: it does not hold that %s\n", claim);
  std::abort();
}

}  // namespace sockwire::fuzz
