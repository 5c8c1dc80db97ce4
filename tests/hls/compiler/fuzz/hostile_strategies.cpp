// SPDX-License-Identifier: Apache-2.0
// Changes of a function that aim at what hlsc takes for granted: where control goes, which port is meant, which
// operations there are.
#include <llvm/FuzzMutate/IRMutator.h>
#include <llvm/FuzzMutate/Random.h>
#include <llvm/FuzzMutate/RandomIRBuilder.h>
#include <llvm/IR/Constants.h>
#include <llvm/IR/DebugInfo.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/Instructions.h>

#include <array>

#include "tests/hls/compiler/fuzz/foreign_instructions.hpp"
#include "tests/hls/compiler/fuzz/mutations.hpp"

namespace hlsc::test {
namespace {

using llvm::RandomIRBuilder;

/// A change of one function, chosen by FuzzMutate among those that have a body.
class Hostile : public llvm::IRMutationStrategy {
 public:
  using Change = void (*)(llvm::Function&, RandomIRBuilder&);
  Hostile(Change change, std::uint64_t weight) : change_(change), weight_(weight) {}

  std::uint64_t getWeight(std::size_t, std::size_t, std::uint64_t) override { return weight_; }
  using IRMutationStrategy::mutate;
  void mutate(llvm::Function& function, RandomIRBuilder& random) override {
    if (!function.isDeclaration()) change_(function, random);
  }

 private:
  Change change_;
  std::uint64_t weight_;
};

llvm::Instruction& any_instruction(llvm::Function& function, RandomIRBuilder& random) {
  std::vector<llvm::Instruction*> all;
  for (llvm::Instruction& each : llvm::instructions(function)) all.push_back(&each);
  return *pick(random, all);
}

bool may_be_replaced(const llvm::Use& use) {
  const llvm::Type* type = use->getType();
  if (type->isLabelTy() || type->isMetadataTy() || type->isTokenTy()) return false;
  const auto* call = llvm::dyn_cast<llvm::CallBase>(use.getUser());
  return call == nullptr || !call->isCallee(&use);
}

/// One operand becomes a constant, or another value of its type; the verifier drops what does not dominate it.
void change_operand(llvm::Function& function, RandomIRBuilder& random) {
  std::vector<llvm::Use*> uses;
  for (llvm::Use& use : any_instruction(function, random).operands())
    if (may_be_replaced(use)) uses.push_back(&use);
  if (uses.empty()) return;
  llvm::Use& use = *pick(random, uses);
  std::vector<llvm::Value*> others = {odd_constant(random, use->getType())};
  for (llvm::Argument& argument : function.args())
    if (argument.getType() == use->getType()) others.push_back(&argument);
  for (llvm::Instruction& other : llvm::instructions(function))
    if (other.getType() == use->getType()) others.push_back(&other);
  use.set(below(random, 2) == 0 ? others[0] : pick(random, others));
}

void change_operation(llvm::Function& function, RandomIRBuilder& random) {
  llvm::Instruction& instruction = any_instruction(function, random);
  if (auto* compare = llvm::dyn_cast<llvm::ICmpInst>(&instruction))
    return compare->setPredicate(
        static_cast<llvm::CmpInst::Predicate>(llvm::CmpInst::FIRST_ICMP_PREDICATE + below(random, 10)));
  if (!llvm::isa<llvm::BinaryOperator>(instruction) || !instruction.getType()->isIntegerTy()) return;
  constexpr std::array<llvm::Instruction::BinaryOps, 12> kOps = {
      llvm::Instruction::Add,  llvm::Instruction::Sub,  llvm::Instruction::Mul,  llvm::Instruction::UDiv,
      llvm::Instruction::SDiv, llvm::Instruction::URem, llvm::Instruction::SRem, llvm::Instruction::Shl,
      llvm::Instruction::LShr, llvm::Instruction::AShr, llvm::Instruction::And,  llvm::Instruction::Xor};
  auto* other = llvm::BinaryOperator::Create(kOps[below(random, kOps.size())], instruction.getOperand(0),
                                             instruction.getOperand(1), "", instruction.getIterator());
  instruction.replaceAllUsesWith(other);
  instruction.eraseFromParent();
}

/// A branch leads elsewhere, also backwards.
void change_target(llvm::Function& function, RandomIRBuilder& random) {
  std::vector<llvm::BasicBlock*> targets;
  std::vector<llvm::Instruction*> branches;
  for (llvm::BasicBlock& block : function) {
    if (!block.isEntryBlock()) targets.push_back(&block);
    if (block.getTerminator()->getNumSuccessors() > 0) branches.push_back(block.getTerminator());
  }
  if (targets.empty()) return;
  llvm::Instruction* branch = pick(random, branches);
  const auto which = static_cast<unsigned>(below(random, branch->getNumSuccessors()));
  llvm::BasicBlock* after = pick(random, targets);
  branch->getSuccessor(which)->removePredecessor(branch->getParent(), true);
  branch->setSuccessor(which, after);
  for (llvm::PHINode& phi : after->phis()) phi.addIncoming(odd_constant(random, phi.getType()), branch->getParent());
}

std::vector<llvm::CallInst*> port_calls(llvm::Function& function) {
  std::vector<llvm::CallInst*> calls;
  for (llvm::Instruction& each : llvm::instructions(function))
    if (auto* call = llvm::dyn_cast<llvm::CallInst>(&each))
      if (call->getCalledFunction() != nullptr && call->getCalledFunction()->getName().starts_with("hlsc_"))
        calls.push_back(call);
  return calls;
}

/// A port's operation becomes that of another kind of port, or is done twice.
void change_port(llvm::Function& function, RandomIRBuilder& random) {
  const std::vector<llvm::CallInst*> calls = port_calls(function);
  if (calls.empty()) return;
  llvm::CallInst* call = pick(random, calls);
  if (below(random, 3) == 0) {
    call->clone()->insertBefore(call->getIterator());
    return;
  }
  std::vector<llvm::Function*> others;
  for (llvm::Function& other : *function.getParent())
    if (other.getFunctionType() == call->getFunctionType() && !other.isIntrinsic()) others.push_back(&other);
  call->setCalledFunction(pick(random, others));
}

/// What a function is to the linker, the inliner and the debugger.
void change_nature(llvm::Function& function, RandomIRBuilder& random) {
  switch (below(random, 7)) {
    case 0:
      return function.deleteBody();
    case 1:
      return function.setSubprogram(nullptr);
    case 2:
      return static_cast<void>(llvm::StripDebugInfo(*function.getParent()));
    case 3:
      return function.addFnAttr(llvm::Attribute::NoInline);
    case 4:
      return function.addFnAttr(llvm::Attribute::ReturnsTwice);
    case 5:
      return any_instruction(function, random).setDebugLoc(llvm::DebugLoc());
    default:
      break;
  }
  std::vector<llvm::GlobalVariable*> variables;
  for (llvm::GlobalVariable& each : function.getParent()->globals()) variables.push_back(&each);
  if (variables.empty()) return;
  llvm::GlobalVariable* variable = pick(random, variables);
  if (below(random, 2) == 0) variable->setConstant(!variable->isConstant());
  variable->setInitializer(below(random, 3) == 0 ? nullptr : odd_constant(random, variable->getValueType()));
}

}  // namespace

std::vector<std::unique_ptr<llvm::IRMutationStrategy>> hostile_strategies() {
  std::vector<std::unique_ptr<llvm::IRMutationStrategy>> result;
  const std::vector<std::pair<Hostile::Change, std::uint64_t>> changes = {{change_operand, 8}, {change_operation, 4},
                                                                          {change_target, 4},  {change_port, 4},
                                                                          {change_nature, 1},  {insert_foreign, 6}};
  for (const auto& [change, weight] : changes) result.push_back(std::make_unique<Hostile>(change, weight));
  return result;
}

}  // namespace hlsc::test
