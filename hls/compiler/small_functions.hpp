// SPDX-License-Identifier: Apache-2.0
// Bits that depend on few bits of registers and inputs, however they were computed: six of them go through one LUT and
// seven through two and a choice. Synthesis covers the gates that it is given, and does not find that when they are
// many.
#pragma once

#include "hls/compiler/design.hpp"

namespace hlsc {

/// Computes such a bit anew, as choices by one bit after the other, where its gates take more LUTs in a row than that:
/// which of four waits, as the one whose turn it is chooses, goes through three LUTs, but is a function of seven bits.
void shorten_small_functions(Design& design);

}  // namespace hlsc
