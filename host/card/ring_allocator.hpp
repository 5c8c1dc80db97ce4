// SPDX-License-Identifier: Apache-2.0
// Divides the card's send buffer into rings: powers of two, each aligned to its size.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace sockwire::card {

/// A ring in the send buffer: bytes [base, base + 2^log2).
struct Ring {
  std::uint32_t base = 0;
  int log2 = 0;

  std::uint32_t bytes() const { return 1u << log2; }
  friend bool operator==(const Ring&, const Ring&) = default;
};

class RingAllocator {
 public:
  /// buffer_bytes: a multiple of the smallest ring (2^kRingLog2Min). Everything is free afterwards.
  void reset(std::uint32_t buffer_bytes);
  std::optional<Ring> allocate(int log2);
  void free(const Ring& ring);

 private:
  std::vector<bool> used_;  // By units of the smallest ring.
};

}  // namespace sockwire::card
