// SPDX-License-Identifier: Apache-2.0
// The memory of a command message.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace sockwire::card {

/// As std::allocator, but what a vector grows by is left as it is: all of it is written anyway.
template <typename T>
struct UnsetAllocator : std::allocator<T> {
  template <typename U>
  struct rebind {
    using other = UnsetAllocator<U>;
  };
  void construct(T* at) noexcept { ::new (static_cast<void*>(at)) T; }
  template <typename... Args>
  void construct(T* at, Args&&... args) {
    ::new (static_cast<void*>(at)) T(std::forward<Args>(args)...);
  }
};

/// Header and body.
using Message = std::vector<std::uint8_t, UnsetAllocator<std::uint8_t>>;

}  // namespace sockwire::card
