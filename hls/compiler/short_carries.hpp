// SPDX-License-Identifier: Apache-2.0
// Short sums with a constant, and comparisons with one, as logic: a carry chain takes longer to enter and to leave, and
// synthesis keeps it apart from what is before and behind it, which a LUT could hold too.
#pragma once

#include "hls/compiler/design.hpp"

namespace hlsc {

/// Bits of a sum with a constant that one LUT holds, carries included.
constexpr unsigned kLongestLogicSum = 5;

void expand_short_carries(Design& design);

/// word < limit, of the same width, without a carry chain.
Ref less_than(WordGraph& graph, Ref word, const llvm::APInt& limit);
/// word + constant, of the same width, likewise.
Ref sum_with(WordGraph& graph, Ref word, const llvm::APInt& constant);

}  // namespace hlsc
