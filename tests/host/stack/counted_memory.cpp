// SPDX-License-Identifier: Apache-2.0
#include "tests/host/stack/counted_memory.hpp"

#include <malloc.h>

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<std::size_t> bytes{0};
std::atomic<std::size_t> blocks{0};

/// A block of glibc's malloc: what may be used of it, and the word before it that has its size.
std::size_t size_of(void* block) { return malloc_usable_size(block) + sizeof(std::size_t); }

void* take(void* block) {
  if (block == nullptr) throw std::bad_alloc();
  bytes += size_of(block);
  ++blocks;
  return block;
}

void give_back(void* block) {
  if (block == nullptr) return;
  bytes -= size_of(block);
  --blocks;
  std::free(block);
}

}  // namespace

namespace sockwire::test {

std::size_t held_bytes() { return bytes; }
std::size_t held_blocks() { return blocks; }

}  // namespace sockwire::test

void* operator new(std::size_t wanted) { return take(std::malloc(wanted == 0 ? 1 : wanted)); }
void* operator new(std::size_t wanted, std::align_val_t alignment) {
  const auto unit = static_cast<std::size_t>(alignment);
  return take(std::aligned_alloc(unit, (wanted + unit - 1) / unit * unit));
}
void operator delete(void* block) noexcept { give_back(block); }
void operator delete(void* block, std::size_t) noexcept { give_back(block); }
void operator delete(void* block, std::align_val_t) noexcept { give_back(block); }
void operator delete(void* block, std::size_t, std::align_val_t) noexcept { give_back(block); }
