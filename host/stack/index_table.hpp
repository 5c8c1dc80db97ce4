// SPDX-License-Identifier: Apache-2.0
// A hash table that keeps nothing but the numbers of rows which lie elsewhere: four bytes an entry, no allocation
// unless it grows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace sockwire::stack {

/// Open addressing with linear probing; what is erased leaves no gap behind. Whoever has the rows gives, with each
/// call, what tells them apart.
class IndexTable {
 public:
  using Index = std::uint32_t;
  static constexpr Index kNone = UINT32_MAX;

  /// The entry with this hash for which is_it(index); kNone: there is none.
  template <typename IsIt>
  Index find(std::size_t hash, IsIt is_it) const {
    if (size_ == 0) return kNone;
    for (std::size_t at = hash & mask(); entries_[at] != kNone; at = (at + 1) & mask()) {
      if (is_it(entries_[at])) return entries_[at];
    }
    return kNone;
  }
  /// hash_of(index): of those that are in it, and of this one. Precondition: it is not in it.
  template <typename HashOf>
  void insert(Index index, HashOf hash_of) {
    if (4 * (size_ + 1) > 3 * entries_.size()) grow(hash_of);
    ++size_;
    put(index, hash_of(index));
  }
  /// Precondition: it is in it.
  template <typename HashOf>
  void erase(Index index, HashOf hash_of) {
    std::size_t gap = hash_of(index) & mask();
    while (entries_[gap] != index) gap = (gap + 1) & mask();
    --size_;
    // What follows moves up, unless that would put it before the place where it is looked for first.
    for (std::size_t at = (gap + 1) & mask(); entries_[at] != kNone; at = (at + 1) & mask()) {
      const std::size_t home = hash_of(entries_[at]) & mask();
      if (((at - home) & mask()) < ((at - gap) & mask())) continue;
      entries_[gap] = entries_[at];
      gap = at;
    }
    entries_[gap] = kNone;
  }

  std::size_t size() const { return size_; }

 private:
  static constexpr std::size_t kLeast = 16;

  std::size_t mask() const { return entries_.size() - 1; }
  void put(Index index, std::size_t hash) {
    std::size_t at = hash & mask();
    while (entries_[at] != kNone) at = (at + 1) & mask();
    entries_[at] = index;
  }
  template <typename HashOf>
  void grow(HashOf hash_of) {
    std::vector<Index> old(entries_.empty() ? kLeast : 2 * entries_.size(), kNone);
    old.swap(entries_);
    for (const Index index : old) {
      if (index != kNone) put(index, hash_of(index));
    }
  }

  std::vector<Index> entries_;
  std::size_t size_ = 0;
};

}  // namespace sockwire::stack
