// SPDX-License-Identifier: Apache-2.0
// Sums and comparisons that contain a difference which is computed anyway.
#pragma once

#include "hls/compiler/design.hpp"

namespace hlsc {

/// Beside x - z, the sum x + y - z is (x - z) + y, in whatever order it was written; and what remains of it is added
/// from the narrowest on.
void share_differences(Design& design);

/// Beside x - y, x == y is whether that is zero: half the bits to look at, but later.
void compare_by_differences(Design& design);

}  // namespace hlsc
