// SPDX-License-Identifier: Apache-2.0
// From the loop-free control flow graph to expressions: control flow becomes choice.
#pragma once

#include <llvm/IR/Function.h>

#include "hls/compiler/design.hpp"
#include "hls/compiler/port_lowering.hpp"

namespace hlsc {

/// Fills the design's inputs, next states and actions. Throws Refusal at loops that are left, and at two accesses of
/// one port that can happen in the same step.
void convert(llvm::Function& kernel, const Meanings& meanings, Design& design);

}  // namespace hlsc
