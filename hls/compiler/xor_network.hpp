// SPDX-License-Identifier: Apache-2.0
// Networks of exclusive ors, bit by bit.
#pragma once

#include "hls/compiler/design.hpp"

namespace hlsc {

/// Takes words that are exclusive ors apart into bits, each the sum over GF(2) of a set of bits, and computes the pair
/// that most of the sets have in common once, then the next (C. Paar, "Optimized arithmetic for Reed-Solomon encoders",
/// 1997). Worth it for a CRC of wide words; a simulator computes words faster than it does bits, so a kernel asks for
/// it.
void share_xors(Design& design);

}  // namespace hlsc
