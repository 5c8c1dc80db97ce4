// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/dynamic_index.hpp"

#include <llvm/Analysis/ValueTracking.h>
#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/Instructions.h>
#include <llvm/IR/IntrinsicInst.h>
#include <llvm/IR/Module.h>
#include <llvm/Support/KnownBits.h>

#include <iterator>
#include <numeric>
#include <string>
#include <vector>

#include "hls/compiler/budget.hpp"

namespace hlsc {
namespace {

using llvm::IRBuilder;
using llvm::Value;

constexpr std::uint64_t kMaxEntries = 64;
constexpr unsigned kMaxUnknownBits = 6;

struct DynamicStep {
  llvm::GetElementPtrInst* step = nullptr;
  unsigned operand = 0;               // which index varies
  std::vector<std::uint64_t> values;  // that it can have
};

bool is_local(const Value* pointer) {
  while (const auto* step = llvm::dyn_cast<llvm::GetElementPtrInst>(pointer)) pointer = step->getPointerOperand();
  if (const auto* choice = llvm::dyn_cast<llvm::SelectInst>(pointer))
    return is_local(choice->getTrueValue()) && is_local(choice->getFalseValue());
  return llvm::isa<llvm::AllocaInst>(pointer);
}

/// Whether an address is in a variable or in a table of constants, whichever way is taken to it.
bool is_readable(const Value* pointer) {
  while (const auto* step = llvm::dyn_cast<llvm::GEPOperator>(pointer)) pointer = step->getPointerOperand();
  if (const auto* choice = llvm::dyn_cast<llvm::SelectInst>(pointer))
    return is_readable(choice->getTrueValue()) && is_readable(choice->getFalseValue());
  const auto* table = llvm::dyn_cast<llvm::GlobalVariable>(pointer);
  return llvm::isa<llvm::AllocaInst>(pointer) || (table != nullptr && table->isConstant());
}

/// Whether one of the ways leads to a variable.
bool touches_local(const Value* pointer) {
  while (const auto* step = llvm::dyn_cast<llvm::GEPOperator>(pointer)) pointer = step->getPointerOperand();
  if (const auto* choice = llvm::dyn_cast<llvm::SelectInst>(pointer))
    return touches_local(choice->getTrueValue()) || touches_local(choice->getFalseValue());
  return llvm::isa<llvm::AllocaInst>(pointer);
}

/// An address that is one of two: LLVM makes `c ? s.x : s.y` a load at an offset that it chooses.
struct Choice {
  llvm::SelectInst* select = nullptr;
  llvm::GetElementPtrInst* step = nullptr;  // whose offset it is; null: it is the address of the variable
  unsigned operand = 0;
};

Choice find_choice(Value* pointer) {
  if (!is_readable(pointer) || !touches_local(pointer)) return {};
  while (auto* step = llvm::dyn_cast<llvm::GetElementPtrInst>(pointer)) {
    for (unsigned operand = 1; operand < step->getNumOperands(); ++operand)
      if (auto* select = llvm::dyn_cast<llvm::SelectInst>(step->getOperand(operand))) return {select, step, operand};
    pointer = step->getPointerOperand();
  }
  return {llvm::dyn_cast<llvm::SelectInst>(pointer), nullptr, 0};
}

/// The values of an offset of which most bits are known: LLVM also writes `c ? s.x : s.y` as an offset of c * 8. Empty
/// if there are too many.
std::vector<std::uint64_t> values_of(const Value* offset, const llvm::DataLayout& layout) {
  const llvm::KnownBits known = llvm::computeKnownBits(offset, layout);
  const llvm::APInt unknown = ~(known.Zero | known.One);
  if (unknown.getBitWidth() > 64 || unknown.popcount() > kMaxUnknownBits) return {};
  std::vector<std::uint64_t> result = {known.One.getZExtValue()};
  for (unsigned bit = 0; bit < unknown.getBitWidth(); ++bit) {
    if (!unknown[bit]) continue;
    const std::size_t before = result.size();
    for (std::size_t i = 0; i < before; ++i) result.push_back(result[i] | (std::uint64_t{1} << bit));
  }
  return result;
}

std::vector<std::uint64_t> values_of(const llvm::GetElementPtrInst& step, unsigned operand,
                                     const llvm::Instruction& access) {
  const std::vector<Value*> before(step.idx_begin(), step.idx_begin() + (operand - 1));
  const auto* array = operand == 1 ? nullptr
                                   : llvm::dyn_cast_or_null<llvm::ArrayType>(
                                         llvm::GetElementPtrInst::getIndexedType(step.getSourceElementType(), before));
  if (array == nullptr || array->getNumElements() == 0) {
    std::vector<std::uint64_t> values = values_of(step.getOperand(operand), access.getModule()->getDataLayout());
    if (!values.empty()) return values;
    throw Refusal(location_of(access),
                  "an index into memory whose bounds are unknown; index an array member of the state directly");
  }
  if (array->getNumElements() > kMaxEntries)
    throw Refusal(location_of(access), "a run-time index into an array of " + std::to_string(array->getNumElements()) +
                                           " registers; put it into a mem<> or bram<>");
  std::vector<std::uint64_t> values(array->getNumElements());
  std::iota(values.begin(), values.end(), 0);
  return values;
}

/// The first run-time index on the way from the variable to the address.
DynamicStep find_dynamic_step(Value* pointer, const llvm::Instruction& access) {
  DynamicStep result;
  if (!is_local(pointer)) return result;
  while (auto* step = llvm::dyn_cast<llvm::GetElementPtrInst>(pointer)) {
    for (unsigned operand = 1; operand < step->getNumOperands(); ++operand)
      if (!llvm::isa<llvm::ConstantInt>(step->getOperand(operand)))
        result = {step, operand, values_of(*step, operand, access)};
    pointer = step->getPointerOperand();
  }
  return result;
}

/// The address with one index of one step, or the variable that all steps start from, replaced.
Value* with(IRBuilder<>& at, Value* pointer, const llvm::GetElementPtrInst* changed, unsigned operand, Value* value) {
  auto* step = llvm::dyn_cast<llvm::GetElementPtrInst>(pointer);
  if (step == nullptr) return value;
  std::vector<Value*> indices(step->idx_begin(), step->idx_end());
  Value* base = step->getPointerOperand();
  if (step == changed)
    indices[operand - 1] = value;
  else
    base = with(at, base, changed, operand, value);
  return at.CreateInBoundsGEP(step->getSourceElementType(), base, indices);
}

Value* with_index(IRBuilder<>& at, Value* pointer, const DynamicStep& dynamic, std::uint64_t entry) {
  llvm::Type* type = dynamic.step->getOperand(dynamic.operand)->getType();
  return with(at, pointer, dynamic.step, dynamic.operand, llvm::ConstantInt::get(type, entry));
}

Value* is_entry(IRBuilder<>& at, const DynamicStep& dynamic, std::uint64_t entry) {
  Value* index = dynamic.step->getOperand(dynamic.operand);
  return at.CreateICmpEQ(index, llvm::ConstantInt::get(index->getType(), entry));
}

void expand_load(llvm::LoadInst& load, const DynamicStep& dynamic) {
  IRBuilder<> at(&load);
  Value* result = nullptr;
  for (const std::uint64_t entry : dynamic.values) {
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
  for (const std::uint64_t entry : dynamic.values) {
    Value* address = with_index(at, store.getPointerOperand(), dynamic, entry);
    Value* old = at.CreateAlignedLoad(type, address, llvm::Align(1));
    at.CreateAlignedStore(at.CreateSelect(is_entry(at, dynamic, entry), store.getValueOperand(), old), address,
                          llvm::Align(1));
  }
  store.eraseFromParent();
}

void split_load(llvm::LoadInst& load, const Choice& choice) {
  IRBuilder<> at(&load);
  const auto arm = [&](Value* value) {
    return at.CreateAlignedLoad(load.getType(), with(at, load.getPointerOperand(), choice.step, choice.operand, value),
                                llvm::Align(1));
  };
  Value* then = arm(choice.select->getTrueValue());
  Value* otherwise = arm(choice.select->getFalseValue());
  load.replaceAllUsesWith(at.CreateSelect(choice.select->getCondition(), then, otherwise));
  load.eraseFromParent();
}

void split_store(llvm::StoreInst& store, const Choice& choice) {
  IRBuilder<> at(&store);
  Value* value = store.getValueOperand();
  for (const bool then : {true, false}) {
    Value* arm = then ? choice.select->getTrueValue() : choice.select->getFalseValue();
    Value* address = with(at, store.getPointerOperand(), choice.step, choice.operand, arm);
    Value* old = at.CreateAlignedLoad(value->getType(), address, llvm::Align(1));
    Value* condition = choice.select->getCondition();
    at.CreateAlignedStore(then ? at.CreateSelect(condition, value, old) : at.CreateSelect(condition, old, value),
                          address, llvm::Align(1));
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
  /// What an expansion adds may be another access, with an index or a choice fewer.
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
    if (auto* load = llvm::dyn_cast<llvm::LoadInst>(&instruction)) return expand(*load);
    if (auto* store = llvm::dyn_cast<llvm::StoreInst>(&instruction)) return expand(*store);
    auto* copy = llvm::dyn_cast<llvm::MemTransferInst>(&instruction);
    return copy != nullptr && expand(*copy);
  }

  bool expand(llvm::LoadInst& load) {
    if (const Choice choice = find_choice(load.getPointerOperand()); choice.select != nullptr) {
      spend(load, 2);
      split_load(load, choice);
      return true;
    }
    const DynamicStep dynamic = find_dynamic_step(load.getPointerOperand(), load);
    if (dynamic.step == nullptr) return false;
    spend(load, dynamic.values.size());
    expand_load(load, dynamic);
    return true;
  }

  bool expand(llvm::StoreInst& store) {
    if (const Choice choice = find_choice(store.getPointerOperand()); choice.select != nullptr) {
      spend(store, 2);
      split_store(store, choice);
      return true;
    }
    const DynamicStep dynamic = find_dynamic_step(store.getPointerOperand(), store);
    if (dynamic.step == nullptr) return false;
    spend(store, dynamic.values.size());
    expand_store(store, dynamic);
    return true;
  }

  bool expand(llvm::MemTransferInst& copy) {
    for (Value* pointer : {copy.getRawSource(), copy.getRawDest()}) {
      if (find_choice(pointer).select == nullptr && find_dynamic_step(pointer, copy).step == nullptr) continue;
      expand_copy(copy);
      return true;
    }
    return false;
  }

  void spend(const llvm::Instruction& access, std::uint64_t entries) {
    accesses_ += entries;
    if (accesses_ > kMaxInstructions)
      throw too_large(location_of(access), "its run-time indices into arrays of registers choose between more than " +
                                               std::to_string(kMaxInstructions) + " values; use a mem<> or bram<>");
  }

  std::uint64_t accesses_ = 0;
};

/// An address that depends on where control came from, made anew after the branches have met: its indices and
/// conditions become phis, whose values on the other ways do not matter.
class MergedAddress {
 public:
  explicit MergedAddress(llvm::PHINode& phi) : phi_(phi), at_(&*phi.getParent()->getFirstInsertionPt()) {}

  Value* make() {
    Value* result = nullptr;
    llvm::PHINode* way = new_phi(at_.getInt32Ty());
    for (unsigned i = 0; i < phi_.getNumIncomingValues(); ++i) {
      const unsigned first = first_from_same_block(i);
      way->addIncoming(at_.getInt32(first), phi_.getIncomingBlock(i));
      if (first != i) continue;
      incoming_ = i;
      Value* address = moved(phi_.getIncomingValue(i));
      result = result == nullptr ? address : at_.CreateSelect(at_.CreateICmpEQ(way, at_.getInt32(i)), address, result);
    }
    return result;
  }

 private:
  /// A switch may lead here by several of its cases.
  unsigned first_from_same_block(unsigned i) const {
    return static_cast<unsigned>(phi_.getBasicBlockIndex(phi_.getIncomingBlock(i)));
  }

  llvm::PHINode* new_phi(llvm::Type* type) {
    return llvm::PHINode::Create(type, phi_.getNumIncomingValues(), "", phi_.getIterator());
  }

  Value* merged(Value* value) {
    if (llvm::isa<llvm::Constant>(value)) return value;
    llvm::PHINode* result = new_phi(value->getType());
    for (unsigned i = 0; i < phi_.getNumIncomingValues(); ++i)
      result->addIncoming(first_from_same_block(i) == incoming_ ? value : llvm::PoisonValue::get(value->getType()),
                          phi_.getIncomingBlock(i));
    return result;
  }

  Value* moved(Value* address) {
    if (auto* step = llvm::dyn_cast<llvm::GetElementPtrInst>(address)) {
      std::vector<Value*> indices;
      for (Value* index : step->indices()) indices.push_back(merged(index));
      return at_.CreateInBoundsGEP(step->getSourceElementType(), moved(step->getPointerOperand()), indices);
    }
    if (auto* choice = llvm::dyn_cast<llvm::SelectInst>(address))
      return at_.CreateSelect(merged(choice->getCondition()), moved(choice->getTrueValue()),
                              moved(choice->getFalseValue()));
    return address;
  }

  llvm::PHINode& phi_;
  IRBuilder<> at_;
  unsigned incoming_ = 0;
};

/// Replaces one phi of addresses of variables; returns whether there was one.
bool merge_one(llvm::Function& kernel) {
  for (llvm::BasicBlock& block : kernel)
    for (llvm::PHINode& phi : block.phis()) {
      if (!phi.getType()->isPointerTy()) continue;
      const auto readable = [](const llvm::Use& use) { return is_readable(use.get()); };
      const auto local = [](const llvm::Use& use) { return touches_local(use.get()); };
      if (!llvm::all_of(phi.incoming_values(), readable) || llvm::none_of(phi.incoming_values(), local)) continue;
      phi.replaceAllUsesWith(MergedAddress(phi).make());
      phi.eraseFromParent();
      return true;
    }
  return false;
}

}  // namespace

void expand_dynamic_indices(llvm::Function& kernel) {
  while (merge_one(kernel)) {
  }
  Expansion expansion;
  for (llvm::BasicBlock& block : kernel) expansion.expand(block);
}

}  // namespace hlsc
