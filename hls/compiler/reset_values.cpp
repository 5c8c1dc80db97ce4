// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/reset_values.hpp"

#include <llvm/Analysis/ConstantFolding.h>
#include <llvm/BinaryFormat/Dwarf.h>
#include <llvm/IR/DebugInfoMetadata.h>
#include <llvm/IR/Module.h>

#include "hls/compiler/debug_info.hpp"

namespace hlsc {
namespace {

const llvm::DICompositeType* composite(const llvm::DIType* type) {
  const llvm::DICompositeType* result = class_of(type);
  if (result == nullptr) throw malformed("the reset values are no struct");
  return result;
}

const llvm::DIDerivedType* member(const llvm::DICompositeType* type, llvm::StringRef name) {
  for (const llvm::Metadata* element : elements_of(*type))
    if (const auto* found = llvm::dyn_cast<llvm::DIDerivedType>(element); found != nullptr && found->getName() == name)
      return found;
  throw malformed("the reset values have no member " + name.str());
}

/// A memory's holder has a base.
const llvm::DICompositeType* without_base(const llvm::DICompositeType* holder) {
  for (const llvm::Metadata* element : elements_of(*holder))
    if (const auto* base = llvm::dyn_cast<llvm::DIDerivedType>(element);
        base != nullptr && base->getTag() == llvm::dwarf::DW_TAG_inheritance)
      return composite(base->getBaseType());
  return holder;
}

}  // namespace

ResetValues::ResetValues(const llvm::GlobalVariable& resets) : resets_(resets) {
  llvm::SmallVector<llvm::DIGlobalVariableExpression*, 1> info;
  resets.getDebugInfo(info);
  if (info.empty()) throw malformed("the reset values have no debug information");
  type_ = composite(info[0]->getVariable()->getType());
}

std::uint64_t ResetValues::offset_of(unsigned argument) const {
  const llvm::DICompositeType* at = type_;
  std::uint64_t bits = 0;
  for (unsigned i = 0; i < argument; ++i) {
    const llvm::DIDerivedType* rest = member(at, "rest");
    bits += rest->getOffsetInBits();
    at = composite(rest->getBaseType());
  }
  const llvm::DIDerivedType* first = member(at, "first");
  const llvm::DICompositeType* holder = without_base(composite(first->getBaseType()));
  return (bits + first->getOffsetInBits() + member(holder, "value")->getOffsetInBits()) / 8;
}

llvm::APInt ResetValues::at(std::uint64_t offset, const Leaf& leaf) const {
  const llvm::DataLayout& layout = resets_.getParent()->getDataLayout();
  llvm::Type* type = llvm::IntegerType::get(resets_.getContext(), leaf.storage_bits);
  llvm::Constant* value = llvm::ConstantFoldLoadFromConst(const_cast<llvm::Constant*>(resets_.getInitializer()), type,
                                                          llvm::APInt(64, offset + leaf.byte_offset), layout);
  const auto* number = llvm::dyn_cast_or_null<llvm::ConstantInt>(value);
  if (number == nullptr) return llvm::APInt(leaf.width, 0);
  return number->getValue().zextOrTrunc(leaf.width);
}

}  // namespace hlsc
