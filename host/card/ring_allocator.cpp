// SPDX-License-Identifier: Apache-2.0
#include "host/card/ring_allocator.hpp"

#include <algorithm>
#include <cassert>

#include "hls/card/layout.hpp"

namespace sockwire::card {

void RingAllocator::reset(std::uint32_t buffer_bytes) { used_.assign(buffer_bytes >> kRingLog2Min, false); }

std::optional<Ring> RingAllocator::allocate(int log2) {
  assert(log2 >= kRingLog2Min && log2 <= kRingLog2Max);
  const std::size_t units = std::size_t{1} << (log2 - kRingLog2Min);
  for (std::size_t first = 0; first + units <= used_.size(); first += units) {
    const auto begin = used_.begin() + static_cast<std::ptrdiff_t>(first);
    const auto end = begin + static_cast<std::ptrdiff_t>(units);
    if (std::find(begin, end, true) != end) continue;
    std::fill(begin, end, true);
    return Ring{static_cast<std::uint32_t>(first << kRingLog2Min), log2};
  }
  return std::nullopt;
}

void RingAllocator::free(const Ring& ring) {
  const auto begin = used_.begin() + (ring.base >> kRingLog2Min);
  std::fill(begin, begin + (ring.bytes() >> kRingLog2Min), false);
}

}  // namespace sockwire::card
