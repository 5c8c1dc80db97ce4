// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/debug_info.hpp"

#include <llvm/BinaryFormat/Dwarf.h>
#include <llvm/IR/Constants.h>

namespace hlsc {
namespace {

constexpr unsigned kMaxQualifiers = 100;  // distinct nodes may name each other in a circle

const llvm::Metadata* parameter(const llvm::DICompositeType& type, unsigned index) {
  const llvm::MDTuple* parameters = type.getTemplateParams().get();
  if (parameters == nullptr || parameters->getNumOperands() <= index)
    throw malformed("type " + type.getName().str() + " has fewer template arguments than its name says");
  return parameters->getOperand(index).get();
}

Refusal wrong_kind(const llvm::DICompositeType& type) {
  return malformed("type " + type.getName().str() + " has other template arguments than its name says");
}

}  // namespace

Refusal malformed(const std::string& what) { return Refusal({}, "this is no unit of the front end: " + what); }

const llvm::DIType* unqualified(const llvm::DIType* type) {
  for (unsigned i = 0; i < kMaxQualifiers; ++i) {
    const auto* derived = llvm::dyn_cast_or_null<llvm::DIDerivedType>(type);
    if (derived == nullptr) return type;
    const unsigned tag = derived->getTag();
    if (tag != llvm::dwarf::DW_TAG_typedef && tag != llvm::dwarf::DW_TAG_const_type &&
        tag != llvm::dwarf::DW_TAG_volatile_type)
      return type;
    type = derived->getBaseType();
  }
  throw malformed("a type that is defined by itself");
}

std::vector<const llvm::Metadata*> elements_of(const llvm::DICompositeType& type) {
  std::vector<const llvm::Metadata*> result;
  const auto* list = llvm::dyn_cast_or_null<llvm::MDTuple>(type.getRawElements());
  if (list == nullptr) return result;
  for (const llvm::MDOperand& element : list->operands())
    if (element.get() != nullptr) result.push_back(element.get());
  return result;
}

const llvm::DIType* type_parameter(const llvm::DICompositeType& type, unsigned index) {
  const auto* found = llvm::dyn_cast_or_null<llvm::DITemplateTypeParameter>(parameter(type, index));
  if (found == nullptr) throw wrong_kind(type);
  return found->getType();
}

std::uint64_t value_parameter(const llvm::DICompositeType& type, unsigned index) {
  const auto* found = llvm::dyn_cast_or_null<llvm::DITemplateValueParameter>(parameter(type, index));
  if (found == nullptr) throw wrong_kind(type);
  const auto* number = llvm::mdconst::dyn_extract_or_null<llvm::ConstantInt>(found->getValue());
  if (number == nullptr || number->getValue().getActiveBits() > 64) throw wrong_kind(type);
  return number->getZExtValue();
}

}  // namespace hlsc
