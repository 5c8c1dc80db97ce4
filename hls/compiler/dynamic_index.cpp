// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/dynamic_index.hpp"

#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/Instructions.h>
#include <llvm/IR/IntrinsicInst.h>
#include <llvm/IR/Module.h>

#include <iterator>
#include <string>
#include <vector>

#include "hls/compiler/budget.hpp"

namespace hlsc {
namespace {

using llvm::IRBuilder;
using llvm::Value;

constexpr std::uint64_t kMaxEntries = 64;

struct DynamicStep {
  llvm::GetElementPtrInst* step = nullptr;
  unsigned operand = 0;  // which index varies
  std::uint64_t entries = 0;
};

bool is_local(const Value* pointer) {
  while (const auto* step = llvm::dyn_cast<llvm::GetElementPtrInst>(pointer)) pointer = step->getPointerOperand();
  return llvm::isa<llvm::AllocaInst>(pointer);
}

/// The first run-time index on the way from the variable to the address.
DynamicStep find_dynamic_step(Value* pointer, const llvm::Instruction& access) {
  DynamicStep result;
  if (!is_local(pointer)) return result;
  while (auto* step = llvm::dyn_cast<llvm::GetElementPtrInst>(pointer)) {
    for (unsigned operand = 1; operand < step->getNumOperands(); ++operand) {
      if (llvm::isa<llvm::ConstantInt>(step->getOperand(operand))) continue;
      const std::vector<Value*> before(step->idx_begin(), step->idx_begin() + (operand - 1));
      const auto* array = llvm::dyn_cast_or_null<llvm::ArrayType>(
          llvm::GetElementPtrInst::getIndexedType(step->getSourceElementType(), before));
      if (operand == 1 || array == nullptr || array->getNumElements() == 0)
        throw Refusal(location_of(access),
                      "an index into memory whose bounds are unknown; index an array member of the state directly");
      result = {step, operand, array->getNumElements()};
      if (result.entries > kMaxEntries)
        throw Refusal(location_of(access), "a run-time index into an array of " + std::to_string(result.entries) +
                                               " registers; put it into a mem<> or bram<>");
    }
    pointer = step->getPointerOperand();
  }
  return result;
}

/// The address with one index fixed.
Value* with_index(IRBuilder<>& at, Value* pointer, const DynamicStep& dynamic, std::uint64_t entry) {
  auto* step = llvm::cast<llvm::GetElementPtrInst>(pointer);
  std::vector<Value*> indices(step->idx_begin(), step->idx_end());
  Value* base = step->getPointerOperand();
  if (step == dynamic.step)
    indices[dynamic.operand - 1] = llvm::ConstantInt::get(indices[dynamic.operand - 1]->getType(), entry);
  else
    base = with_index(at, base, dynamic, entry);
  return at.CreateInBoundsGEP(step->getSourceElementType(), base, indices);
}

Value* is_entry(IRBuilder<>& at, const DynamicStep& dynamic, std::uint64_t entry) {
  Value* index = dynamic.step->getOperand(dynamic.operand);
  return at.CreateICmpEQ(index, llvm::ConstantInt::get(index->getType(), entry));
}

void expand_load(llvm::LoadInst& load, const DynamicStep& dynamic) {
  IRBuilder<> at(&load);
  Value* result = nullptr;
  for (std::uint64_t entry = 0; entry < dynamic.entries; ++entry) {
    Value* address = with_index(at, load.getPointerOperand(), dynamic, entry);
    Value* value = at.CreateAlignedLoad(load.getType(), address, llvm::Align(1));
    result = result == nullptr ? value : at.CreateSelect(is_entry(at, dynamic, entry), value, result);
  }
  load.replaceAllUsesWith(result);
  load.eraseFromParent();
}

void expand_store(llvm::StoreInst& store, const DynamicStep& dynamic) {
  IRBuilder<> at(&store);
  llvm::Type* type = store.getValueOperand()->getType();
  for (std::uint64_t entry = 0; entry < dynamic.entries; ++entry) {
    Value* address = with_index(at, store.getPointerOperand(), dynamic, entry);
    Value* old = at.CreateAlignedLoad(type, address, llvm::Align(1));
    at.CreateAlignedStore(at.CreateSelect(is_entry(at, dynamic, entry), store.getValueOperand(), old), address,
                          llvm::Align(1));
  }
  store.eraseFromParent();
}

/// A copy through a run-time index, as loads and stores of up to eight bytes.
void expand_copy(llvm::MemTransferInst& copy) {
  const auto* length = llvm::dyn_cast<llvm::ConstantInt>(copy.getLength());
  if (length == nullptr || length->getValue().ugt(kMaxBytes))
    throw Refusal(location_of(copy), "a copy of a run-time number of bytes");
  IRBuilder<> at(&copy);
  const std::uint64_t bytes = length->getZExtValue();
  std::vector<std::pair<Value*, std::uint64_t>> loaded;
  for (std::uint64_t offset = 0; offset < bytes;) {
    std::uint64_t chunk = 8;
    while (chunk > bytes - offset || offset % chunk != 0) chunk /= 2;
    Value* from = at.CreateConstInBoundsGEP1_64(at.getInt8Ty(), copy.getRawSource(), offset);
    loaded.emplace_back(at.CreateAlignedLoad(at.getIntNTy(static_cast<unsigned>(8 * chunk)), from, llvm::Align(1)),
                        offset);
    offset += chunk;
  }
  for (const auto& [value, offset] : loaded)
    at.CreateAlignedStore(value, at.CreateConstInBoundsGEP1_64(at.getInt8Ty(), copy.getRawDest(), offset),
                          llvm::Align(1));
  copy.eraseFromParent();
}

class Expansion {
 public:
  /// What an expansion adds may be another access, with an index fewer.
  void expand(llvm::BasicBlock& block) {
    for (auto at = block.begin(); at != block.end();) {
      const bool is_first = at == block.begin();
      const auto before = is_first ? at : std::prev(at);
      if (!expand(*at))
        ++at;
      else
        at = is_first ? block.begin() : std::next(before);
    }
  }

 private:
  bool expand(llvm::Instruction& instruction) {
    if (auto* load = llvm::dyn_cast<llvm::LoadInst>(&instruction)) {
      const DynamicStep dynamic = find_dynamic_step(load->getPointerOperand(), *load);
      if (dynamic.step == nullptr) return false;
      spend(*load, dynamic.entries);
      expand_load(*load, dynamic);
      return true;
    }
    if (auto* store = llvm::dyn_cast<llvm::StoreInst>(&instruction)) {
      const DynamicStep dynamic = find_dynamic_step(store->getPointerOperand(), *store);
      if (dynamic.step == nullptr) return false;
      spend(*store, dynamic.entries);
      expand_store(*store, dynamic);
      return true;
    }
    auto* copy = llvm::dyn_cast<llvm::MemTransferInst>(&instruction);
    if (copy == nullptr || (find_dynamic_step(copy->getRawSource(), *copy).step == nullptr &&
                            find_dynamic_step(copy->getRawDest(), *copy).step == nullptr))
      return false;
    expand_copy(*copy);
    return true;
  }

  void spend(const llvm::Instruction& access, std::uint64_t entries) {
    accesses_ += entries;
    if (accesses_ > kMaxInstructions)
      throw too_large(location_of(access), "its run-time indices into arrays of registers choose between more than " +
                                               std::to_string(kMaxInstructions) + " values; use a mem<> or bram<>");
  }

  std::uint64_t accesses_ = 0;
};

}  // namespace

void expand_dynamic_indices(llvm::Function& kernel) {
  Expansion expansion;
  for (llvm::BasicBlock& block : kernel) expansion.expand(block);
}

}  // namespace hlsc
