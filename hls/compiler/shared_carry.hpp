// SPDX-License-Identifier: Apache-2.0
// A comparison whose answer the carry of a sum or difference beside it already is.
#pragma once

#include "hls/compiler/design.hpp"

namespace hlsc {

/// Where x - y is computed, x < y is its borrow; so x == 0 is the borrow of x - 1, and x at its largest value the carry
/// of x + 1. Comparisons that fit into one LUT stay as they are.
void share_carries(Design& design);

}  // namespace hlsc
