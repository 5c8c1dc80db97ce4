// SPDX-License-Identifier: Apache-2.0
// Which bytes beyond RCV.NXT have arrived. The bytes themselves lie in the receive ring already.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "hls/wire/seq_num.hpp"

namespace sockwire::tcp {

/// A sorted list of disjoint, not touching ranges, at most kMaxRanges of them (a peer that sends every other byte must
/// not cost us memory or time without bound).
class Reassembly {
 public:
  static constexpr std::size_t kMaxRanges = 1024;

  struct Range {
    SeqNum begin;
    SeqNum end;

    std::uint32_t bytes() const { return end - begin; }
  };

  /// Adds [begin, end), merging with what it overlaps or touches. Returns false, without effect, if that would
  /// need one range too many. Precondition: begin < end, and all within a window of less than 2^31.
  [[nodiscard]] bool add(SeqNum begin, SeqNum end);
  /// How far the data is contiguous from rcv_nxt on, given what is stored; ranges before that point are dropped.
  SeqNum advance(SeqNum rcv_nxt);

  /// The range that `seq` lies in, or null.
  const Range* find(SeqNum seq) const;
  bool empty() const { return ranges_.empty(); }
  const std::vector<Range>& ranges() const { return ranges_; }
  std::size_t bytes() const;

 private:
  std::vector<Range> ranges_;
};

}  // namespace sockwire::tcp
