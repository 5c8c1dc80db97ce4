// SPDX-License-Identifier: Apache-2.0
// A kernel's state and memories are static in Vitis HLS and so start as zeros, where no constructor says otherwise.
// Here they lie on the heap, which therefore starts as zeros too.
#include <cstdlib>
#include <new>

void* operator new(std::size_t bytes) {
  void* const memory = std::calloc(1, bytes);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
void* operator new[](std::size_t bytes) { return operator new(bytes); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
