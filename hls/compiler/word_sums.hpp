// SPDX-License-Identifier: Apache-2.0
// Sums of several words of the same width, as a checksum is.
#pragma once

#include "hls/compiler/design.hpp"

namespace hlsc {

/// Terms that have no bits in common are one word, as the bytes of a 16-bit word are. Words of n bits are then added
/// one after the other in n bits, and the carries are counted: {c1 + c2 + c3, low n bits}. So no adder is wider than
/// its words, and one operand of each is as it is, which leaves the adder's LUTs to what makes the other. It is the
/// smallest sum and not the fastest.
void chain_word_sums(Design& design);

}  // namespace hlsc
