// SPDX-License-Identifier: Apache-2.0
#include "host/tcp/sack_blocks.hpp"

#include <algorithm>

namespace sockwire::tcp {

void SackGenerator::on_out_of_order(SeqNum seq) {
  const auto end = recent_.begin() + static_cast<std::ptrdiff_t>(recent_count_);
  const auto known = std::find(recent_.begin(), end, seq);
  if (known == end && recent_count_ < recent_.size()) ++recent_count_;
  // The newest in front; what was there moves back, up to where this one was.
  const auto last = known == end ? recent_.begin() + static_cast<std::ptrdiff_t>(recent_count_) - 1 : known;
  std::move_backward(recent_.begin(), last, last + 1);
  recent_.front() = seq;
}

SackBlocks SackGenerator::make(const Reassembly& reassembly, std::size_t most) {
  SackBlocks blocks;
  const auto add = [&](const SackBlock& block) {
    if (blocks.count < most) blocks.at[blocks.count++] = block;
  };
  if (duplicate_) add(*duplicate_);
  duplicate_.reset();
  const std::size_t first = blocks.count;
  const auto told = [&](SeqNum begin) {
    return std::any_of(blocks.at.begin() + static_cast<std::ptrdiff_t>(first),
                       blocks.at.begin() + static_cast<std::ptrdiff_t>(blocks.count),
                       [&](const SackBlock& block) { return block.begin == begin; });
  };
  std::size_t kept = 0;
  for (std::size_t i = 0; i < recent_count_; ++i) {
    const Reassembly::Range* range = reassembly.find(recent_[i]);
    if (range == nullptr || told(range->begin)) continue;
    recent_[kept++] = recent_[i];
    add({range->begin, range->end});
  }
  recent_count_ = kept;
  return blocks;
}

}  // namespace sockwire::tcp
