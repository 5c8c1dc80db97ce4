// SPDX-License-Identifier: Apache-2.0
// A choice between two sums of bits modulo two is one such sum of chosen bits.
#pragma once

#include "hls/compiler/design.hpp"

namespace hlsc {

/// `c ? L(x) : L(y)` becomes `L(c ? x : y)`, where L is a network of exclusive ors: a CRC's step that two branches of
/// the C++ take, or take with and without something, is in the module once. Only where that is smaller, and where c is
/// not later than what it chooses from.
void choose_before_sums(Design& design);

}  // namespace hlsc
