// SPDX-License-Identifier: Apache-2.0
// One LLVM instruction as an expression.
#pragma once

#include <llvm/IR/Instructions.h>

#include "hls/compiler/control_flow.hpp"

namespace hlsc {

/// An arithmetic, comparison, cast, select or intrinsic instruction; throws Refusal at what has no circuit.
Ref convert_operation(WordGraph& graph, const llvm::Instruction& instruction, const ControlFlow::ValueOf& value_of);

/// A load from constant tables, through any choice between them.
Ref convert_load(WordGraph& graph, ControlFlow& control, const llvm::LoadInst& load,
                 const ControlFlow::ValueOf& value_of);

}  // namespace hlsc
