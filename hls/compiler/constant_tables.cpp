// SPDX-License-Identifier: Apache-2.0
// Loads that LLVM could not resolve: tables of constants with a run-time index, and choices between tables.
#include <llvm/Analysis/ConstantFolding.h>
#include <llvm/IR/GlobalVariable.h>
#include <llvm/IR/Instructions.h>
#include <llvm/IR/Module.h>
#include <llvm/IR/Operator.h>
#include <llvm/Support/MathExtras.h>

#include <algorithm>

#include "hls/compiler/operations.hpp"

namespace hlsc {
namespace {

constexpr std::uint64_t kMaxEntries = 1 << 16;

class TableLoad {
 public:
  TableLoad(WordGraph& graph, ControlFlow& control, const llvm::LoadInst& load, const ControlFlow::ValueOf& value_of)
      : graph_(graph),
        control_(control),
        load_(load),
        layout_(load.getModule()->getDataLayout()),
        value_of_(value_of) {}

  Ref read(const llvm::Value* pointer) { return read(pointer, Address()); }

 private:
  struct Index {
    const llvm::Value* variable;
    std::uint64_t stride;
    std::uint64_t count;
  };
  struct Address {
    std::vector<Index> indices;
    std::int64_t offset = 0;
  };

  Ref read(const llvm::Value* pointer, Address address) {
    while (const auto* step = llvm::dyn_cast<llvm::GEPOperator>(pointer)) {
      llvm::MapVector<llvm::Value*, llvm::APInt> variables;
      llvm::APInt constant(64, 0);
      if (!step->collectOffset(layout_, 64, variables, constant)) throw unclear();
      address.offset += constant.getSExtValue();
      for (const auto& [variable, stride] : variables) address.indices.push_back({variable, stride.getZExtValue(), 0});
      pointer = step->getPointerOperand();
    }
    if (const auto* select = llvm::dyn_cast<llvm::SelectInst>(pointer))
      return graph_.mux(value_of_(select->getCondition()), read(select->getTrueValue(), address),
                        read(select->getFalseValue(), address));
    if (const auto* phi = llvm::dyn_cast<llvm::PHINode>(pointer))
      return control_.phi(*phi, width(), [&](const llvm::Value* incoming) { return read(incoming, address); });
    const auto* table = llvm::dyn_cast<llvm::GlobalVariable>(pointer);
    if (table == nullptr || !table->hasDefinitiveInitializer()) throw unclear();
    return read_table(*table, std::move(address));
  }

  unsigned width() const { return load_.getType()->getIntegerBitWidth(); }

  Refusal unclear() const {
    return Refusal(location_of(load_),
                   "this reads through an address that is only known at run time; index a mem<> or an array that is a "
                   "member of the state, or choose between values instead of references");
  }

  Ref read_table(const llvm::GlobalVariable& table, Address address) {
    std::vector<Index>& indices = address.indices;
    std::sort(indices.begin(), indices.end(), [](const Index& a, const Index& b) { return a.stride > b.stride; });
    const std::uint64_t bytes = layout_.getTypeAllocSize(table.getValueType());
    std::uint64_t entries = 1;
    for (std::size_t i = 0; i < indices.size(); ++i) {
      Index& index = indices[i];
      if (i == 0) {
        const auto room =
            static_cast<std::int64_t>(bytes) - address.offset - static_cast<std::int64_t>((width() + 7) / 8);
        if (room < 0) throw unclear();
        index.count = static_cast<std::uint64_t>(room) / index.stride + 1;
      } else {
        index.count = indices[i - 1].stride / index.stride;
      }
      index.count = std::uint64_t{1} << llvm::Log2_64_Ceil(std::max<std::uint64_t>(index.count, 2));
      entries *= index.count;
    }
    if (entries > kMaxEntries) throw Refusal(location_of(load_), "a table of more than 65536 entries; use a bram");
    std::vector<llvm::APInt> words;
    for (std::uint64_t entry = 0; entry < entries; ++entry) words.push_back(word(table, bytes, address, entry));
    std::vector<Ref> number;
    for (auto index = indices.rbegin(); index != indices.rend(); ++index)
      number.push_back(graph_.resize(value_of_(index->variable), llvm::Log2_64(index->count)));
    if (number.empty()) return graph_.constant(words[0]);
    return graph_.rom(words, graph_.concat(number));
  }

  /// The word at an entry, whose number is the indices side by side, the one with the smallest stride lowest.
  llvm::APInt word(const llvm::GlobalVariable& table, std::uint64_t bytes, const Address& address,
                   std::uint64_t entry) const {
    std::int64_t at = address.offset;
    for (auto index = address.indices.rbegin(); index != address.indices.rend(); ++index) {
      at += static_cast<std::int64_t>((entry % index->count) * index->stride);
      entry /= index->count;
    }
    llvm::APInt zero(width(), 0);
    if (at < 0 || static_cast<std::uint64_t>(at) + (width() + 7) / 8 > bytes) return zero;
    llvm::Constant* value = llvm::ConstantFoldLoadFromConst(const_cast<llvm::Constant*>(table.getInitializer()),
                                                            load_.getType(), llvm::APInt(64, at), layout_);
    if (value != nullptr && llvm::isa<llvm::UndefValue>(value)) return zero;
    const auto* number = llvm::dyn_cast_or_null<llvm::ConstantInt>(value);
    if (number == nullptr) throw unclear();
    return number->getValue();
  }

  WordGraph& graph_;
  ControlFlow& control_;
  const llvm::LoadInst& load_;
  const llvm::DataLayout& layout_;
  const ControlFlow::ValueOf& value_of_;
};

}  // namespace

Ref convert_load(WordGraph& graph, ControlFlow& control, const llvm::LoadInst& load,
                 const ControlFlow::ValueOf& value_of) {
  if (!load.getType()->isIntegerTy()) throw Refusal(location_of(load), "a load of a pointer or vector");
  return TableLoad(graph, control, load, value_of).read(load.getPointerOperand());
}

}  // namespace hlsc
