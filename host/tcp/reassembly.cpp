// SPDX-License-Identifier: Apache-2.0
#include "host/tcp/reassembly.hpp"

#include <algorithm>
#include <cassert>

namespace sockwire::tcp {

bool Reassembly::add(SeqNum begin, SeqNum end) {
  assert(begin < end);
  // [first, last): the ranges that overlap or touch the new one.
  const auto first = std::find_if(ranges_.begin(), ranges_.end(), [&](const Range& r) { return r.end >= begin; });
  const auto last = std::find_if(first, ranges_.end(), [&](const Range& r) { return r.begin > end; });
  if (first == last) {
    if (ranges_.size() == kMaxRanges) return false;
    ranges_.insert(first, Range{begin, end});
    return true;
  }
  first->begin = seq_min(first->begin, begin);
  first->end = seq_max((last - 1)->end, end);
  ranges_.erase(first + 1, last);
  return true;
}

SeqNum Reassembly::advance(SeqNum rcv_nxt) {
  auto done = ranges_.begin();
  while (done != ranges_.end() && done->begin <= rcv_nxt) {
    rcv_nxt = seq_max(rcv_nxt, done->end);
    ++done;
  }
  ranges_.erase(ranges_.begin(), done);
  return rcv_nxt;
}

const Reassembly::Range* Reassembly::find(SeqNum seq) const {
  const auto range = std::find_if(ranges_.begin(), ranges_.end(), [&](const Range& r) { return r.end > seq; });
  return range != ranges_.end() && range->begin <= seq ? &*range : nullptr;
}

std::size_t Reassembly::bytes() const {
  std::size_t total = 0;
  for (const Range& range : ranges_) total += range.bytes();
  return total;
}

}  // namespace sockwire::tcp
