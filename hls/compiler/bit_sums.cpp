// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/bit_sums.hpp"

#include <algorithm>

namespace hlsc {
namespace {

BitSums::Row sum(const BitSums::Row& a, const BitSums::Row& b) {
  BitSums::Row result;
  std::set_symmetric_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(result));
  return result;
}

}  // namespace

BitSums::Row BitSums::row_of(Ref x, unsigned bit) {
  if (const auto known = known_.find({x, bit}); known != known_.end()) return known->second;
  return known_[{x, bit}] = computed_row(x, bit);
}

BitSums::Row BitSums::computed_row(Ref x, unsigned bit) {
  switch (x->op) {
    case Op::kConst:
      return x->value[bit] ? Row{kOne} : Row{};
    case Op::kXor:
      return sum(row_of(x->operand(0), bit), row_of(x->operand(1), bit));
    case Op::kNot:
      return sum(row_of(x->operand(0), bit), {kOne});
    case Op::kMux: {
      if (!is_wiring(x)) return row_of_other(x, bit);
      const Row inverted = row_of(x->operand(2), bit);
      return inverted == row_of(x->operand(1), bit) ? inverted : sum(row_of(x->operand(0), 0), inverted);
    }
    case Op::kSlice:
      return row_of(x->operand(0), bit + x->aux);
    case Op::kConcat:
      for (Ref part : x->operands) {
        if (bit < part->width) return row_of(part, bit);
        bit -= part->width;
      }
      [[fallthrough]];
    default:
      return row_of_other(x, bit);
  }
}

/// A bit may be there as an expression of its own too; it is known by that one.
BitSums::Row BitSums::row_of_other(Ref x, unsigned bit) {
  Ref only = graph_.bit(x, bit);
  if (only != x && !only->is(Op::kSlice)) return row_of(only, 0);
  const auto [found, added] = numbers_.try_emplace({x, bit}, static_cast<unsigned>(bits_.size()));
  if (added) bits_.push_back({x, bit});
  return {found->second};
}

}  // namespace hlsc
