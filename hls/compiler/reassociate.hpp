// SPDX-License-Identifier: Apache-2.0
// Long sums and long XORs as trees instead of chains: ((a + b) + c) + d becomes (a + b) + (c + d), exactly.
//
// A partial sum that something else uses too stays as it is. A narrow partial sum, as C++'s widths make them, is part
// of a wider one if it has a bit for its carry.
#pragma once

#include "hls/compiler/design.hpp"

namespace hlsc {

void reassociate(Design& design);

}  // namespace hlsc
