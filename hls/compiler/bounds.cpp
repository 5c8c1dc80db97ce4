// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/bounds.hpp"

#include <llvm/IR/InstIterator.h>
#include <llvm/IR/Instructions.h>
#include <llvm/IR/IntrinsicInst.h>
#include <llvm/Transforms/Utils/Local.h>

#include <vector>

#include "hls/compiler/diagnostics.hpp"

namespace hlsc {
namespace {

const llvm::IntrinsicInst* trap_of(const llvm::BasicBlock& block) {
  for (const llvm::Instruction& instruction : block)
    if (const auto* call = llvm::dyn_cast<llvm::IntrinsicInst>(&instruction))
      if (call->getIntrinsicID() == llvm::Intrinsic::ubsantrap) return call;
  return nullptr;
}

/// Of an array access, not of a shift, the other check that the front end asks for.
bool is_out_of_bounds(const llvm::IntrinsicInst& trap) {
  constexpr std::uint64_t kOutOfBounds = 18;  // clang's SanitizerHandler
  return llvm::cast<llvm::ConstantInt>(trap.getArgOperand(0))->getZExtValue() == kOutOfBounds;
}

[[noreturn]] void refuse(const llvm::IntrinsicInst& trap) {
  throw Refusal(location_of(trap), is_out_of_bounds(trap) ? "this index is beyond the end of its array"
                                                          : "this shifts by the width of what it shifts, or more");
}

/// The way that does not fail, of a branch that chooses.
llvm::BasicBlock* other_way(const llvm::BranchInst& branch, const llvm::BasicBlock& trap) {
  return branch.getSuccessor(branch.getSuccessor(0) == &trap ? 1 : 0);
}

}  // namespace

void tighten_bounds(llvm::Module& module) {
  for (llvm::Function& function : module)
    for (llvm::BasicBlock& block : function) {
      const auto* branch = llvm::dyn_cast_or_null<llvm::BranchInst>(block.getTerminator());
      if (branch == nullptr || !branch->isConditional()) continue;
      const llvm::IntrinsicInst* trap = trap_of(*branch->getSuccessor(1));
      auto* compare = llvm::dyn_cast<llvm::ICmpInst>(branch->getCondition());
      if (trap == nullptr || compare == nullptr || !is_out_of_bounds(*trap)) continue;
      if (compare->getPredicate() == llvm::ICmpInst::ICMP_ULE) compare->setPredicate(llvm::ICmpInst::ICMP_ULT);
    }
}

void settle_bounds(llvm::Function& kernel) {
  std::vector<llvm::BasicBlock*> traps;
  for (llvm::BasicBlock& block : kernel)
    if (trap_of(block) != nullptr) traps.push_back(&block);
  for (llvm::BasicBlock* trap : traps) {
    std::vector<llvm::BranchInst*> checks;
    for (llvm::BasicBlock* from : llvm::predecessors(trap)) {
      auto* branch = llvm::dyn_cast<llvm::BranchInst>(from->getTerminator());
      if (branch == nullptr || !branch->isConditional()) refuse(*trap_of(*trap));
      checks.push_back(branch);
    }
    if (checks.empty()) refuse(*trap_of(*trap));
    for (llvm::BranchInst* branch : checks) {
      llvm::BasicBlock* kept = other_way(*branch, *trap);
      llvm::BranchInst::Create(kept, branch->getIterator());
      branch->eraseFromParent();
    }
  }
  llvm::removeUnreachableBlocks(kernel);
}

}  // namespace hlsc
