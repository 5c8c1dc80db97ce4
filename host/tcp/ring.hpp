// SPDX-License-Identifier: Apache-2.0
// A ring of bytes addressed by sequence number.
#pragma once

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>

#include "hls/wire/seq_num.hpp"

namespace sockwire::tcp {

/// A range of a ring: `second` is empty unless the range wraps around the end.
struct Spans {
  std::span<const std::uint8_t> first;
  std::span<const std::uint8_t> second;

  std::size_t size() const { return first.size() + second.size(); }
};

/// The capacity is a power of two and divides 2^32, so the byte with sequence number s lives at s mod capacity: there
/// is no head or tail here, and bytes may be stored in any order. The memory is taken at the first write.
class SeqRing {
 public:
  explicit SeqRing(std::size_t min_capacity) : capacity_(capacity_for(min_capacity)) {
    assert(capacity_ <= (std::size_t{1} << 30));
  }

  static std::size_t capacity_for(std::size_t min_capacity) {
    return std::bit_ceil(std::max<std::size_t>(min_capacity, 16));
  }
  std::size_t capacity() const { return capacity_; }

  /// Precondition: data.size() <= capacity().
  void write(SeqNum at, std::span<const std::uint8_t> data) {
    assert(data.size() <= capacity_);
    if (data.empty()) return;
    if (!bytes_) bytes_ = std::make_unique_for_overwrite<std::uint8_t[]>(capacity_);
    const std::size_t start = index(at);
    const std::size_t head = std::min(data.size(), capacity_ - start);
    std::memcpy(&bytes_[start], data.data(), head);
    if (head < data.size()) std::memcpy(&bytes_[0], data.data() + head, data.size() - head);
  }

  /// Precondition: bytes <= capacity(), and they have been written.
  Spans view(SeqNum at, std::size_t bytes) const {
    assert(bytes <= capacity_);
    if (bytes == 0) return {};
    const std::size_t start = index(at);
    const std::size_t head = std::min(bytes, capacity_ - start);
    return {{&bytes_[start], head}, {&bytes_[0], bytes - head}};
  }

  void read(SeqNum at, std::span<std::uint8_t> out) const {
    const Spans spans = view(at, out.size());
    std::copy(spans.first.begin(), spans.first.end(), out.begin());
    std::copy(spans.second.begin(), spans.second.end(), out.begin() + static_cast<std::ptrdiff_t>(spans.first.size()));
  }

 private:
  std::size_t index(SeqNum at) const { return at.value() & (capacity_ - 1); }

  std::size_t capacity_;
  std::unique_ptr<std::uint8_t[]> bytes_;
};

}  // namespace sockwire::tcp
