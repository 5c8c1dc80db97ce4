// SPDX-License-Identifier: Apache-2.0
// What C++ leaves undefined would quietly become any circuit. The front end puts a check before every array access and
// shift; once loops are unrolled and constants known, those that always fail are refused, and the others are promises
// of the author.
#pragma once

#include <llvm/IR/Function.h>
#include <llvm/IR/Module.h>

namespace hlsc {

/// C++ lets a reference to the place after an array's last element be made. What is in an array here is looked at as
/// soon as it is referred to, so the checks get to be about that. To be called before the checks are inlined.
void tighten_bounds(llvm::Module& module);

/// Removes the checks. Throws Refusal at an access that lies beyond its array, and at a shift by the width or more.
void settle_bounds(llvm::Function& kernel);

}  // namespace hlsc
