// SPDX-License-Identifier: Apache-2.0
#include "host/card/ring_content.hpp"

#include <algorithm>
#include <cassert>

#include "hls/wire/seq_num.hpp"

namespace sockwire::card {
namespace {

bool before(std::uint32_t a, std::uint32_t b) { return SeqNum(a) < SeqNum(b); }

}  // namespace

void RingContent::reset(std::uint32_t ring_bytes) {
  assert(ring_bytes != 0 && (ring_bytes & (ring_bytes - 1)) == 0);
  held_.clear();
  mask_ = ring_bytes - 1;
}

void RingContent::evict(std::uint32_t seq, std::uint32_t bytes) {
  left_.clear();
  for (const SeqRange& range : held_) {
    for (std::uint32_t at = range.begin; at != range.end;) {
      const std::uint32_t cell = (at - seq) & mask_;  // counted from the first cell that is written
      const bool lost = cell < bytes;
      const std::uint32_t run = std::min(range.end - at, lost ? bytes - cell : mask_ + 1 - cell);
      if (!lost) left_.push_back({at, at + run});
      at += run;
    }
  }
  held_.swap(left_);
}

void RingContent::add(std::uint32_t seq, std::uint32_t bytes) {
  assert(bytes <= mask_ + 1);
  if (bytes == 0) return;
  evict(seq, bytes);
  for (SeqRange& range : held_) {
    if (range.end == seq) {
      range.end = seq + bytes;
      return;
    }
  }
  held_.push_back({seq, seq + bytes});
}

std::vector<SeqRange> RingContent::missing(std::uint32_t begin, std::uint32_t end) const {
  std::vector<SeqRange> result;
  while (begin != end) {
    // The held range that `begin` lies in, else the next one to come.
    std::uint32_t next = end;
    bool inside = false;
    for (const SeqRange& range : held_) {
      if (!before(begin, range.begin) && before(begin, range.end)) {
        next = before(range.end, end) ? range.end : end;
        inside = true;
        break;
      }
      if (before(begin, range.begin) && before(range.begin, next)) next = range.begin;
    }
    if (!inside) result.push_back({begin, next});
    begin = next;
  }
  return result;
}

std::uint32_t clearance(std::uint32_t seq, const SeqRange& kept, std::uint32_t ring_bytes) {
  constexpr std::uint32_t kUnlimited = 1u << 31;
  if (kept.bytes() == 0) return kUnlimited;
  const std::uint32_t cell = (seq - kept.begin) & (ring_bytes - 1);  // counted from the first cell that is kept
  if (cell < kept.bytes()) return seq == kept.begin + cell ? ring_bytes - cell : 0;
  const std::uint32_t distance = ring_bytes - cell;
  return seq + distance == kept.begin ? distance + ring_bytes : distance;
}

}  // namespace sockwire::card
