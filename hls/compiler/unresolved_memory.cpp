// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/unresolved_memory.hpp"

#include <llvm/IR/IntrinsicInst.h>

#include <set>
#include <vector>

namespace hlsc {
namespace {

/// Follows a variable's address to where it is used.
class Culprit {
 public:
  const llvm::Instruction* find(const llvm::AllocaInst& variable) {
    follow(variable, false);
    return found_;
  }

 private:
  void follow(const llvm::Value& address, bool varies) {
    if (!seen_.insert(&address).second) return;
    for (const llvm::User* user : address.users()) {
      const auto* instruction = llvm::dyn_cast<llvm::Instruction>(user);
      if (instruction == nullptr || found_ != nullptr) continue;
      if (const auto* step = llvm::dyn_cast<llvm::GetElementPtrInst>(instruction))
        follow(*step, varies || !step->hasAllConstantIndices());
      else if (llvm::isa<llvm::PHINode>(instruction) || llvm::isa<llvm::SelectInst>(instruction))
        follow(*instruction, true);
      else if (is_to_blame(*instruction, varies))
        found_ = instruction;
    }
  }

  static bool is_to_blame(const llvm::Instruction& access, bool varies) {
    if (!access.getDebugLoc()) return false;
    if (llvm::isa<llvm::LoadInst>(access) || llvm::isa<llvm::StoreInst>(access)) return varies;
    return !access.isLifetimeStartOrEnd() && !access.isDebugOrPseudoInst();
  }

  std::set<const llvm::Value*> seen_;
  const llvm::Instruction* found_ = nullptr;
};

}  // namespace

Refusal unknown_address(const llvm::Instruction& access) {
  const SourceLocation where = location_of(access);
  if (llvm::isa<llvm::LoadInst>(access))
    return Refusal(where,
                   "this reads through an address that is only known at run time; index a mem<> or an array that is a "
                   "member of the state, or choose between values instead of references");
  if (llvm::isa<llvm::MemIntrinsic>(access))
    return Refusal(where, "this copies through an address that is only known at run time; copy the members one by one");
  if (llvm::isa<llvm::CastInst>(access)) return address_as_number(access);
  return Refusal(where,
                 "this writes through an address that is only known at run time; index a mem<> or an array that is a "
                 "member of the state, or assign under a condition instead of through a reference");
}

Refusal address_as_number(const llvm::Instruction& instruction) {
  return Refusal(location_of(instruction), "an address is not a number in hardware");
}

Refusal unresolved(const llvm::AllocaInst& variable) {
  const llvm::Instruction* access = Culprit().find(variable);
  return unknown_address(access != nullptr ? *access : variable);
}

}  // namespace hlsc
