// SPDX-License-Identifier: Apache-2.0
// A table whose rows stay where they are: rows are taken and given back in constant time, and named by small numbers
// that are used again.
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace sockwire::stack {

template <typename Row>
class Slab {
 public:
  using Index = std::uint32_t;

  /// A row as it is made. It stays at its address until it is given back.
  Index take() {
    if (free_.empty()) grow();
    const Index index = free_.back();
    free_.pop_back();
    ++size_;
    return index;
  }
  /// Precondition: it is taken.
  void give_back(Index index) {
    (*this)[index] = Row{};
    free_.push_back(index);
    --size_;
  }
  Row& operator[](Index index) { return chunks_[index / kChunk][index % kChunk]; }
  const Row& operator[](Index index) const { return chunks_[index / kChunk][index % kChunk]; }

  std::size_t size() const { return size_; }
  /// One past the highest index that was ever taken: rows below may be free, and then are as they were made.
  Index limit() const { return static_cast<Index>(chunks_.size() * kChunk); }

 private:
  static constexpr std::size_t kChunk = 64;

  void grow() {
    chunks_.push_back(std::make_unique<Row[]>(kChunk));
    // The lowest is taken first.
    for (std::size_t i = 0; i < kChunk; ++i) free_.push_back(static_cast<Index>(limit() - 1 - i));
  }

  std::vector<std::unique_ptr<Row[]>> chunks_;
  std::vector<Index> free_;
  std::size_t size_ = 0;
};

}  // namespace sockwire::stack
