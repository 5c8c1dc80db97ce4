// SPDX-License-Identifier: Apache-2.0
// Counters that go on under a condition, where more than the counter itself looks at what comes out.
#pragma once

#include "hls/compiler/design.hpp"

namespace hlsc {

/// c ? x + 1 : x is x + c: a carry chain without a choice behind it. A register that nobody else looks ahead of keeps
/// the choice, which is its clock enable; and a word that fits into a LUT needs no chain.
void add_conditions(Design& design);

}  // namespace hlsc
