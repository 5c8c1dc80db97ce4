// SPDX-License-Identifier: Apache-2.0
// Changes units of the front end into what no front end would write.
#pragma once

#include <llvm/IR/Module.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace llvm {
class IRMutationStrategy;
}

namespace hlsc::test {

/// A changed copy of a module in the context of the original, or null if the change made no valid one. The same seed
/// gives the same change.
std::unique_ptr<llvm::Module> mutated(const llvm::Module& module, std::uint32_t seed);

/// Ways to change a module that aim at what hlsc takes for granted; for llvm::IRMutator.
std::vector<std::unique_ptr<llvm::IRMutationStrategy>> hostile_strategies();

/// The text of a module with one word of it changed. Takes the alias analysis metadata out of the module.
std::string text_mutated(llvm::Module& module, std::uint32_t seed);

}  // namespace hlsc::test
