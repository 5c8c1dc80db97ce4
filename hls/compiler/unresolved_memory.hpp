// SPDX-License-Identifier: Apache-2.0
// What to say about memory that LLVM's passes could not turn into values.
#pragma once

#include <llvm/IR/Instructions.h>

#include "hls/compiler/diagnostics.hpp"

namespace hlsc {

/// About an access whose address is not known: a load, a copy, a conversion of the address itself, or else a store.
Refusal unknown_address(const llvm::Instruction& access);

Refusal address_as_number(const llvm::Instruction& instruction);

/// About a variable that is still in memory: names the access that keeps it there.
Refusal unresolved(const llvm::AllocaInst& variable);

}  // namespace hlsc
