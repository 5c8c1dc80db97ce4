// SPDX-License-Identifier: Apache-2.0
// What can be refused before any optimisation, while every construct still has its own line.
#pragma once

#include <llvm/IR/Function.h>

namespace hlsc {

/// Throws Refusal at recursion, calls out of the unit, floating point, variables outside the state.
void check_source(llvm::Function& kernel);

}  // namespace hlsc
