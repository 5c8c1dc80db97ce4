// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/unroll_budget.hpp"

#include <llvm/Analysis/LoopInfo.h>
#include <llvm/Analysis/ScalarEvolution.h>
#include <llvm/Support/MathExtras.h>

#include "hls/compiler/budget.hpp"

namespace hlsc {
namespace {

/// As the unroller counts them: the most that there can be, or 1 if that is not known.
std::uint64_t rounds_of(const llvm::Loop& loop, llvm::ScalarEvolution& evolution) {
  const unsigned rounds = evolution.getSmallConstantMaxTripCount(&loop);
  return rounds == 0 || rounds > kMaxRounds ? 1 : rounds;
}

/// Instructions of a loop after it is unrolled.
std::uint64_t unrolled(const llvm::Loop& loop, const llvm::LoopInfo& loops, llvm::ScalarEvolution& evolution) {
  std::uint64_t round = 0;
  for (const llvm::BasicBlock* block : loop.blocks())
    if (loops.getLoopFor(block) == &loop) round += block->size();
  for (const llvm::Loop* inner : loop) round = llvm::SaturatingAdd(round, unrolled(*inner, loops, evolution));
  return llvm::SaturatingMultiply(round, rounds_of(loop, evolution));
}

}  // namespace

llvm::PreservedAnalyses UnrollBudget::run(llvm::Function& function, llvm::FunctionAnalysisManager& analyses) {
  const llvm::LoopInfo& loops = analyses.getResult<llvm::LoopAnalysis>(function);
  llvm::ScalarEvolution& evolution = analyses.getResult<llvm::ScalarEvolutionAnalysis>(function);
  std::uint64_t total = 0;
  for (const llvm::Loop* loop : loops) {
    total = llvm::SaturatingAdd(total, unrolled(*loop, loops, evolution));
    if (total <= kMaxInstructions) continue;
    refusal_ = too_large(location_of(loop->getStartLoc()),
                         "this loop and those inside it unroll to more than " + std::to_string(kMaxInstructions) +
                             " operations; spread the rounds over steps with a counter in the state");
    break;
  }
  return llvm::PreservedAnalyses::all();
}

}  // namespace hlsc
