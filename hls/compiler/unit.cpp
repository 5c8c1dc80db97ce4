// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/unit.hpp"

#include <llvm/IR/Constants.h>
#include <llvm/IR/DebugInfo.h>
#include <llvm/IR/Instructions.h>
#include <llvm/Support/MathExtras.h>

#include "hls/compiler/budget.hpp"
#include "hls/compiler/debug_info.hpp"

namespace hlsc {
namespace {

const llvm::GlobalVariable& variable(const llvm::Module& module, const std::string& name) {
  const llvm::GlobalVariable* found = module.getNamedGlobal(name);
  if (found == nullptr || !found->hasInitializer()) throw malformed(name + " is not defined");
  return *found;
}

/// References, one for each type that the debug information gives it.
void check_signature(const llvm::Function& kernel) {
  if (!kernel.getReturnType()->isVoidTy() || kernel.isVarArg()) throw malformed("the kernel returns a value");
  for (const llvm::Argument& argument : kernel.args())
    if (!argument.getType()->isPointerTy() || argument.getType()->getPointerAddressSpace() != 0)
      throw malformed("an argument of the kernel is no reference");
  const llvm::DISubprogram* program = kernel.getSubprogram();
  if (program == nullptr || program->getType() == nullptr) throw malformed("the kernel has no debug information");
  const llvm::DITypeRefArray types = program->getType()->getTypeArray();
  if (!types || types.size() != kernel.arg_size() + 1)
    throw malformed("the debug information has another number of arguments");
}

/// Why no circuit has values of a type, or null; and how many scalars one is.
const char* objection(const llvm::Type* type, std::uint64_t& scalars) {
  if (type->isFPOrFPVectorTy()) return "floating point is not synthesised; use ap_uint with a scale of your choice";
  if (type->isVectorTy()) return "vectors are not synthesised";
  if (type->isIntegerTy() && type->getIntegerBitWidth() > kMaxBits)
    return "integers of more than 128 bits are not synthesised; use a struct of narrower ones";
  if (type->isPointerTy() && type->getPointerAddressSpace() != 0) return "a pointer into another address space";
  scalars = 1;
  if (type->isIntegerTy() || type->isPointerTy() || type->isVoidTy() || type->isLabelTy() || type->isMetadataTy())
    return nullptr;
  if (!type->isStructTy() && !type->isArrayTy()) return "a value of a type that is not synthesised";
  std::uint64_t sum = 0;
  for (const llvm::Type* part : type->subtypes()) {
    std::uint64_t inner = 0;
    if (const char* found = objection(part, inner)) return found;
    sum = llvm::SaturatingAdd(sum, inner);
  }
  scalars = type->isArrayTy() ? llvm::SaturatingMultiply(sum, type->getArrayNumElements()) : sum;
  return nullptr;
}

Refusal too_many_parts(const SourceLocation& where) {
  return too_large(where, "a variable or value of more than " + std::to_string(kMaxLeaves) +
                              " parts; put it into a mem<> or bram<>");
}

void check_type(const llvm::Instruction& instruction, const llvm::Type* type) {
  std::uint64_t scalars = 0;
  if (const char* found = objection(type, scalars)) throw Refusal(location_of(instruction), found);
  if (scalars > kMaxLeaves) throw too_many_parts(location_of(instruction));
}

/// Where the variable is declared.
SourceLocation place_of(const llvm::AllocaInst& variable) {
  for (const llvm::DbgVariableRecord* record : llvm::findDVRDeclares(const_cast<llvm::AllocaInst*>(&variable)))
    return location_of(record->getDebugLoc());
  return location_of(variable);
}

/// What its type cannot do is refused where it is used.
void check_variable(const llvm::AllocaInst& variable) {
  const auto* count = llvm::dyn_cast<llvm::ConstantInt>(variable.getArraySize());
  if (count == nullptr) throw Refusal(place_of(variable), "an array whose size is not a constant");
  std::uint64_t scalars = 0;
  if (objection(variable.getAllocatedType(), scalars) != nullptr) return;
  if (llvm::SaturatingMultiply(scalars, count->getValue().getLimitedValue()) > kMaxLeaves)
    throw too_many_parts(place_of(variable));
}

void check_opcode(const llvm::Instruction& instruction) {
  switch (instruction.getOpcode()) {
    case llvm::Instruction::Ret:
    case llvm::Instruction::Br:
    case llvm::Instruction::Switch:
    case llvm::Instruction::Unreachable:
    case llvm::Instruction::ICmp:
    case llvm::Instruction::Select:
    case llvm::Instruction::PHI:
    case llvm::Instruction::Freeze:
    case llvm::Instruction::Alloca:
    case llvm::Instruction::Load:
    case llvm::Instruction::Store:
    case llvm::Instruction::GetElementPtr:
    case llvm::Instruction::Call:
    case llvm::Instruction::ExtractValue:
    case llvm::Instruction::InsertValue:
      return;
    default:
      break;
  }
  if (instruction.isTerminator())
    throw Refusal(location_of(instruction),
                  "this kind of jump is not synthesised; use if, switch and loops with a constant bound");
  if (!instruction.isBinaryOp() && !instruction.isCast())
    throw Refusal(location_of(instruction),
                  std::string("operation '") + instruction.getOpcodeName() + "' is not synthesised");
}

}  // namespace

void check_form(const llvm::Instruction& instruction) {
  check_type(instruction, instruction.getType());
  for (const llvm::Use& operand : instruction.operands()) check_type(instruction, operand->getType());
  check_opcode(instruction);
  if (instruction.isVolatile() || instruction.isAtomic())
    throw Refusal(
        location_of(instruction),
        "volatile and atomic accesses are not synthesised; a step is atomic, and nothing else sees its state");
  if (const auto* variable = llvm::dyn_cast<llvm::AllocaInst>(&instruction)) check_variable(*variable);
  const auto* call = llvm::dyn_cast<llvm::CallBase>(&instruction);
  if (call != nullptr && call->isInlineAsm()) throw Refusal(location_of(instruction), "assembly is not synthesised");
}

std::string pointer_name(std::size_t number) { return "hlsc_kernel_" + std::to_string(number); }
std::string resets_name(std::size_t number) { return "hlsc_resets_" + std::to_string(number); }

FrontEnd unit_of(std::unique_ptr<llvm::Module> module, std::size_t number, const std::string& function) {
  const llvm::DataLayout& layout = module->getDataLayout();
  if (layout.isBigEndian() || layout.getIndexSizeInBits(0) != 64)
    throw malformed("its data layout is not that of a 64-bit little-endian machine");
  FrontEnd result;
  const llvm::Constant* pointer = variable(*module, pointer_name(number)).getInitializer();
  result.kernel = llvm::dyn_cast<llvm::Function>(const_cast<llvm::Constant*>(pointer));
  result.resets = module->getNamedGlobal(resets_name(number));
  if (result.kernel == nullptr || result.kernel->isDeclaration()) throw Refusal({}, function + " has no body");
  check_signature(*result.kernel);
  static_cast<void>(variable(*module, resets_name(number)));
  result.module = std::move(module);
  return result;
}

}  // namespace hlsc
