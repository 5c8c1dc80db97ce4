// SPDX-License-Identifier: Apache-2.0
// LLVM's passes, in the order that leaves a kernel as one loop-free function over scalars.
#pragma once

#include <llvm/IR/Module.h>

namespace hlsc {

/// Sets LLVM's global options. Call once.
void configure_llvm();

/// Inlines everything into the kernel and drops the rest.
void inline_all(llvm::Module& module, llvm::Function& kernel);

/// Scalarises, unrolls and simplifies, once.
void simplify(llvm::Module& module);

}  // namespace hlsc
