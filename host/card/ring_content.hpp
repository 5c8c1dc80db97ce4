// SPDX-License-Identifier: Apache-2.0
// What a slot's ring in the card holds. A byte with sequence number s lies in cell s mod ring size, so that writing one
// range evicts whatever else lay in its cells.
//
//   ring of 8:   write [0,8)   0 1 2 3 4 5 6 7      holds [0,8)
//                write [8,11)  8 9 a 3 4 5 6 7      holds [3,8) and [8,11)
//                rewrite [0,2) 0 1 a 3 4 5 6 7      holds [0,2), [3,8) and [10,11)
#pragma once

#include <cstdint>
#include <vector>

namespace sockwire::card {

/// A range [begin, end) of sequence numbers.
struct SeqRange {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  std::uint32_t bytes() const { return end - begin; }
  friend bool operator==(const SeqRange&, const SeqRange&) = default;
};

class RingContent {
 public:
  /// ring_bytes: a power of two.
  void reset(std::uint32_t ring_bytes);
  /// [seq, seq + bytes) was written. Precondition: bytes <= ring_bytes.
  void add(std::uint32_t seq, std::uint32_t bytes);
  /// The parts of [begin, end) that the ring does not hold, in order.
  std::vector<SeqRange> missing(std::uint32_t begin, std::uint32_t end) const;

 private:
  void evict(std::uint32_t seq, std::uint32_t bytes);

  std::vector<SeqRange> held_;  // Disjoint, in no order.
  std::vector<SeqRange> left_;  ///< Of evict(), kept for its memory.
  std::uint32_t mask_ = 0;
};

/// How many bytes can be written from `seq` on before a cell is hit that holds a byte of `kept` with another sequence
/// number. At least 2^31 for "no limit". Precondition: kept is no longer than the ring.
std::uint32_t clearance(std::uint32_t seq, const SeqRange& kept, std::uint32_t ring_bytes);

}  // namespace sockwire::card
