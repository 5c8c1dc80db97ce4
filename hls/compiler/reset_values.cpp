// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/reset_values.hpp"

#include <llvm/Analysis/ConstantFolding.h>
#include <llvm/BinaryFormat/Dwarf.h>
#include <llvm/IR/DebugInfoMetadata.h>
#include <llvm/IR/Module.h>

#include <stdexcept>

namespace hlsc {
namespace {

const llvm::DICompositeType* composite(const llvm::DIType* type) {
  while (const auto* derived = llvm::dyn_cast<llvm::DIDerivedType>(type)) type = derived->getBaseType();
  return llvm::cast<llvm::DICompositeType>(type);
}

const llvm::DIDerivedType* member(const llvm::DICompositeType* type, llvm::StringRef name) {
  for (const llvm::DINode* element : type->getElements())
    if (const auto* found = llvm::dyn_cast<llvm::DIDerivedType>(element); found != nullptr && found->getName() == name)
      return found;
  throw std::logic_error("the unit's reset values have no member " + name.str());
}

}  // namespace

ResetValues::ResetValues(const llvm::GlobalVariable& resets) : resets_(resets) {
  llvm::SmallVector<llvm::DIGlobalVariableExpression*, 1> info;
  resets.getDebugInfo(info);
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
  const llvm::DICompositeType* holder = composite(first->getBaseType());
  bits += first->getOffsetInBits();
  if (holder->getElements()[0]->getTag() == llvm::dwarf::DW_TAG_inheritance)  // a memory's holder has a base
    holder = composite(llvm::cast<llvm::DIDerivedType>(holder->getElements()[0])->getBaseType());
  return (bits + member(holder, "value")->getOffsetInBits()) / 8;
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
