// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/checks.hpp"

#include <llvm/Demangle/Demangle.h>
#include <llvm/IR/DebugInfoMetadata.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/Instructions.h>
#include <llvm/IR/Operator.h>

#include <cstdlib>
#include <map>
#include <set>

#include "hls/compiler/budget.hpp"
#include "hls/compiler/port_intrinsics.hpp"
#include "hls/compiler/unit.hpp"
#include "hls/compiler/unresolved_memory.hpp"

namespace hlsc {
namespace {

std::string source_name(const llvm::Function& function) {
  std::string symbol = function.getName().str();
  llvm::ItaniumPartialDemangler demangler;
  if (demangler.partialDemangle(symbol.c_str())) return symbol;
  char* name = demangler.getFunctionName(nullptr, nullptr);
  std::string result = name == nullptr ? symbol : name;
  std::free(name);
  return result;
}

std::string source_name(const llvm::GlobalVariable& variable) {
  llvm::SmallVector<llvm::DIGlobalVariableExpression*, 1> info;
  variable.getDebugInfo(info);
  return info.empty() ? demangled(variable.getName().str()) : info[0]->getVariable()->getName().str();
}

class SourceChecker {
 public:
  /// Returns how many instructions the function is with everything inlined.
  std::uint64_t visit(llvm::Function& function) {
    active_.insert(&function);
    std::uint64_t size = 0;
    for (llvm::Instruction& instruction : llvm::instructions(function)) {
      size += 1 + check(instruction);
      if (size > kMaxInstructions)
        throw too_large(location_of(instruction), "what " + source_name(function) + " calls is, inlined, more than " +
                                                      std::to_string(kMaxInstructions) + " operations");
    }
    active_.erase(&function);
    sizes_[&function] = size;
    return size;
  }

 private:
  std::uint64_t check(llvm::Instruction& instruction) {
    check_form(instruction);
    for (const llvm::Use& operand : instruction.operands()) check_variable(instruction, operand);
    refuse_address_as_number(instruction, instruction);
    auto* call = llvm::dyn_cast<llvm::CallBase>(&instruction);
    return call == nullptr ? 0 : check_call(*call);
  }

  /// In an instruction, or in a constant that it uses.
  void refuse_address_as_number(const llvm::Instruction& instruction, const llvm::User& user) {
    const unsigned opcode = llvm::Operator::getOpcode(&user);
    if (opcode == llvm::Instruction::IntToPtr || opcode == llvm::Instruction::PtrToInt)
      throw address_as_number(instruction);
    for (const llvm::Use& operand : user.operands())
      if (const auto* constant = llvm::dyn_cast<llvm::ConstantExpr>(operand.get()))
        refuse_address_as_number(instruction, *constant);
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

  std::uint64_t check_call(llvm::CallBase& call) {
    llvm::Function* callee = call.getCalledFunction();
    if (callee == nullptr) throw Refusal(location_of(call), "a call through a pointer; call the function by its name");
    if (is_port_intrinsic(*callee)) check_port_intrinsic(call);
    if (callee->isIntrinsic() || is_port_intrinsic(*callee)) return 0;
    if (callee->isDeclaration())
      throw Refusal(location_of(call), "call of " + source_name(*callee) +
                                           ", whose body is not in this unit; hardware has no library to call");
    if (active_.count(callee) != 0)
      throw Refusal(location_of(call), "recursion: " + source_name(*callee) +
                                           " calls itself; hardware has no stack, use a loop with a constant bound");
    const auto known = sizes_.find(callee);
    return known != sizes_.end() ? known->second : visit(*callee);
  }

  std::set<const llvm::Function*> active_;
  std::map<const llvm::Function*, std::uint64_t> sizes_;
};

}  // namespace

void check_source(llvm::Function& kernel) { SourceChecker().visit(kernel); }

}  // namespace hlsc
