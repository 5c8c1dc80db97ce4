// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/checks.hpp"

#include <llvm/IR/DebugInfoMetadata.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/Instructions.h>
#include <llvm/IR/IntrinsicInst.h>

#include <set>

#include "hls/compiler/diagnostics.hpp"

namespace hlsc {
namespace {

std::string source_name(const llvm::Function& function) {
  std::string name = demangled(function.getName().str());
  if (const std::size_t bracket = name.find('('); bracket != std::string::npos) name.erase(bracket);
  return name;
}

std::string source_name(const llvm::GlobalVariable& variable) {
  llvm::SmallVector<llvm::DIGlobalVariableExpression*, 1> info;
  variable.getDebugInfo(info);
  return info.empty() ? demangled(variable.getName().str()) : info[0]->getVariable()->getName().str();
}

class SourceChecker {
 public:
  void visit(llvm::Function& function) {
    active_.insert(&function);
    for (llvm::Instruction& instruction : llvm::instructions(function)) check(instruction);
    active_.erase(&function);
    done_.insert(&function);
  }

 private:
  void check(llvm::Instruction& instruction) {
    check_types(instruction);
    for (const llvm::Use& operand : instruction.operands()) check_variable(instruction, operand);
    if (auto* call = llvm::dyn_cast<llvm::CallBase>(&instruction)) check_call(*call);
    if (llvm::isa<llvm::IntToPtrInst>(instruction) || llvm::isa<llvm::PtrToIntInst>(instruction))
      throw Refusal(location_of(instruction), "a pointer made from a number has no meaning in hardware");
  }

  void check_types(const llvm::Instruction& instruction) {
    bool floating = instruction.getType()->isFPOrFPVectorTy();
    for (const llvm::Use& operand : instruction.operands()) floating |= operand->getType()->isFPOrFPVectorTy();
    if (floating)
      throw Refusal(location_of(instruction),
                    "floating point is not synthesised; use ap_uint with a scale of your choice");
  }

  void check_variable(const llvm::Instruction& instruction, const llvm::Value* operand) {
    const auto* variable = llvm::dyn_cast<llvm::GlobalVariable>(operand->stripInBoundsConstantOffsets());
    if (variable == nullptr || variable->isConstant()) return;
    if (variable->getName().starts_with("_ZGV"))
      throw Refusal(location_of(instruction),
                    "a static whose first value is computed at run time; make it constexpr or a member of the state");
    throw Refusal(location_of(instruction),
                  "variable " + source_name(*variable) +
                      " is neither constant at compile time nor in the kernel's state; make it "
                      "constexpr or a member of the state");
  }

  void check_call(llvm::CallBase& call) {
    llvm::Function* callee = call.getCalledFunction();
    if (callee == nullptr) throw Refusal(location_of(call), "a call through a pointer; call the function by its name");
    if (callee->isIntrinsic() || callee->getName().starts_with("hlsc_")) return;
    if (callee->isDeclaration())
      throw Refusal(location_of(call), "call of " + source_name(*callee) +
                                           ", whose body is not in this unit; hardware has no library to call");
    if (active_.count(callee) != 0)
      throw Refusal(location_of(call), "recursion: " + source_name(*callee) +
                                           " calls itself; hardware has no stack, use a loop with a constant bound");
    if (done_.count(callee) == 0) visit(*callee);
  }

  std::set<const llvm::Function*> active_;
  std::set<const llvm::Function*> done_;
};

}  // namespace

void check_source(llvm::Function& kernel) { SourceChecker().visit(kernel); }

}  // namespace hlsc
