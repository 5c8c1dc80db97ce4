// SPDX-License-Identifier: Apache-2.0
// A ring of bytes addressed by sequence number, whose memory follows what it holds.
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

/// The memory is a power of two and divides 2^32, so the byte with sequence number s lives at s mod its size: there is
/// no head or tail here, and bytes may be stored in any order. It is taken as it is needed, up to the capacity, and
/// given back when far less has been enough for a while.
class SeqRing {
 public:
  explicit SeqRing(std::size_t min_capacity) : capacity_(capacity_for(min_capacity)) {
    assert(capacity_ <= (std::size_t{1} << 30));
  }

  static std::size_t capacity_for(std::size_t min_capacity) {
    return std::bit_ceil(std::max<std::size_t>(min_capacity, 16));
  }
  std::size_t capacity() const { return capacity_; }

  std::size_t memory_bytes() const { return size_; }

  /// Takes memory for all of [begin, end); what is stored from `begin` on stays. Precondition: no longer than the
  /// capacity.
  void reserve(SeqNum begin, SeqNum end) {
    const std::size_t wanted = end - begin;
    assert(wanted <= capacity_);
    peak_ = std::max(peak_, static_cast<std::uint32_t>(wanted));
    if (wanted > size_) grow(begin, std::min(capacity_, std::bit_ceil(std::max(wanted, kLeast))));
  }
  /// Nothing is stored that will be asked for.
  void on_empty() {
    if (size_ <= kLeast) return;
    calm_ = peak_ > size_ / 4 ? std::uint8_t{0} : static_cast<std::uint8_t>(calm_ + 1);
    peak_ = 0;
    if (calm_ < kCalm) return;
    calm_ = 0;
    size_ = 0;
    bytes_.reset();
  }

  /// Precondition: memory is reserved for it.
  void write(SeqNum at, std::span<const std::uint8_t> data) {
    assert(data.size() <= size_);
    if (data.empty()) return;
    const std::size_t start = index(at);
    const std::size_t head = std::min(data.size(), size_ - start);
    std::memcpy(&bytes_[start], data.data(), head);
    if (head < data.size()) std::memcpy(&bytes_[0], data.data() + head, data.size() - head);
  }

  /// Precondition: they have been written.
  Spans view(SeqNum at, std::size_t bytes) const {
    assert(bytes <= size_);
    if (bytes == 0) return {};
    const std::size_t start = index(at);
    const std::size_t head = std::min(bytes, size_ - start);
    return {{&bytes_[start], head}, {&bytes_[0], bytes - head}};
  }

  void read(SeqNum at, std::span<std::uint8_t> out) const {
    const Spans spans = view(at, out.size());
    std::copy(spans.first.begin(), spans.first.end(), out.begin());
    std::copy(spans.second.begin(), spans.second.end(), out.begin() + static_cast<std::ptrdiff_t>(spans.first.size()));
  }

 private:
  static constexpr std::size_t kLeast = 2048;
  /// So often the ring was empty, and never more than a quarter full between: then the next memory is smaller.
  static constexpr std::uint8_t kCalm = 64;

  std::size_t index(SeqNum at) const { return at.value() & (size_ - 1); }

  void grow(SeqNum begin, std::size_t size) {
    auto bytes = std::make_unique_for_overwrite<std::uint8_t[]>(size);
    for (std::size_t done = 0; done < size_;) {
      const SeqNum at = begin + static_cast<std::uint32_t>(done);
      const std::size_t from = index(at);
      const std::size_t to = at.value() & (size - 1);
      const std::size_t piece = std::min({size_ - done, size_ - from, size - to});
      std::memcpy(&bytes[to], &bytes_[from], piece);
      done += piece;
    }
    bytes_ = std::move(bytes);
    size_ = size;
  }

  std::size_t capacity_;
  std::size_t size_ = 0;  ///< Of the memory.
  std::unique_ptr<std::uint8_t[]> bytes_;
  std::uint32_t peak_ = 0;  ///< The most that was reserved since it was empty.
  std::uint8_t calm_ = 0;
};

}  // namespace sockwire::tcp
