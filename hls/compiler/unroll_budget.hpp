// SPDX-License-Identifier: Apache-2.0
// Foresees what unrolling would make of a function, since LLVM's unroller cannot be stopped once it has begun.
#pragma once

#include <llvm/IR/PassManager.h>

#include <optional>

#include "hls/compiler/diagnostics.hpp"

namespace hlsc {

/// A function pass, to stand before the unroller. It changes nothing.
class UnrollBudget : public llvm::PassInfoMixin<UnrollBudget> {
 public:
  /// `refusal` is where it leaves its verdict, if it has one: rounds times operations are more than hlsc takes on.
  explicit UnrollBudget(std::optional<Refusal>& refusal) : refusal_(refusal) {}

  llvm::PreservedAnalyses run(llvm::Function& function, llvm::FunctionAnalysisManager& analyses);

 private:
  std::optional<Refusal>& refusal_;
};

}  // namespace hlsc
