// SPDX-License-Identifier: Apache-2.0
// What needs a view of the whole step: bits that nothing looks at, state that never changes or is never seen.
#pragma once

#include "hls/compiler/design.hpp"

namespace hlsc {

void optimise(Design& design);

/// Registers that lead to nothing that leaves the module. The last passes may leave some behind, and would be undone by
/// another round of the above.
void drop_unseen_registers(Design& design);

}  // namespace hlsc
