// SPDX-License-Identifier: Apache-2.0
// What needs a view of the whole step: bits that nothing looks at, state that never changes or is never seen.
#pragma once

#include "hls/compiler/design.hpp"

namespace hlsc {

void optimise(Design& design);

}  // namespace hlsc
