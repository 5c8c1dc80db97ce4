// SPDX-License-Identifier: Apache-2.0
// Plain arrays (in the state or local) with a run-time index: reads become muxes, writes become decoders.
#pragma once

#include <llvm/IR/Function.h>

namespace hlsc {

/// Rewrites every access through such an index. Throws Refusal where the array is too large for registers.
void expand_dynamic_indices(llvm::Function& kernel);

}  // namespace hlsc
