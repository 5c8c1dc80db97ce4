// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/bounds.hpp"

#include <llvm/ADT/SetVector.h>
#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/Instructions.h>
#include <llvm/IR/IntrinsicInst.h>
#include <llvm/Transforms/Utils/BasicBlockUtils.h>
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

/// Leaves the way that does not fail, of a branch that chooses.
void settle(llvm::BranchInst& branch, llvm::BasicBlock& trap) {
  const auto* known = llvm::dyn_cast<llvm::ConstantInt>(branch.getCondition());
  if (known != nullptr && branch.getSuccessor(known->isZero() ? 1 : 0) == &trap) refuse(*trap_of(trap));
  llvm::BasicBlock* kept = branch.getSuccessor(branch.getSuccessor(0) == &trap ? 1 : 0);
  llvm::IRBuilder<>(&branch).CreateBr(kept);
  branch.eraseFromParent();
}

/// Checks that LLVM has joined: leaves the ways that do not fail, and that there is another is what is promised.
void settle(llvm::SwitchInst& choice, llvm::BasicBlock& trap) {
  for (auto each = choice.case_begin(); each != choice.case_end();)
    each = each->getCaseSuccessor() == &trap ? choice.removeCase(each) : std::next(each);
  if (choice.getDefaultDest() != &trap) return;
  if (choice.getNumCases() == 0) refuse(*trap_of(trap));
  llvm::LLVMContext& context = choice.getContext();
  llvm::BasicBlock* never = llvm::BasicBlock::Create(context, "never", choice.getFunction());
  llvm::IRBuilder<>(never).CreateUnreachable();
  choice.setDefaultDest(never);
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
    const llvm::SmallSetVector<llvm::BasicBlock*, 8> from(llvm::pred_begin(trap), llvm::pred_end(trap));
    if (from.empty()) refuse(*trap_of(*trap));
    for (llvm::BasicBlock* block : from) {
      llvm::Instruction* end = block->getTerminator();
      auto* branch = llvm::dyn_cast<llvm::BranchInst>(end);
      if (auto* choice = llvm::dyn_cast<llvm::SwitchInst>(end))
        settle(*choice, *trap);
      else if (branch != nullptr && branch->isConditional())
        settle(*branch, *trap);
      else
        refuse(*trap_of(*trap));
    }
  }
  llvm::removeUnreachableBlocks(kernel);
  for (llvm::BasicBlock& block : llvm::make_early_inc_range(kernel)) llvm::MergeBlockIntoPredecessor(&block);
}

}  // namespace hlsc
