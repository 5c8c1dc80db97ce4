// SPDX-License-Identifier: Apache-2.0
// Loads that LLVM could not resolve: tables of constants with a run-time index, and choices between tables.
#include <llvm/Analysis/ConstantFolding.h>
#include <llvm/IR/GetElementPtrTypeIterator.h>
#include <llvm/IR/GlobalVariable.h>
#include <llvm/IR/Instructions.h>
#include <llvm/IR/Module.h>
#include <llvm/IR/Operator.h>
#include <llvm/Support/MathExtras.h>

#include <algorithm>
#include <numeric>

#include "hls/compiler/operations.hpp"
#include "hls/compiler/unresolved_memory.hpp"

namespace hlsc {
namespace {

constexpr unsigned kAddressBits = 64;
constexpr unsigned kMaxIndexBits = 16;
constexpr unsigned kMaxReads = 1000;  // choices between tables, for one load

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
  /// A run-time value times a number of bytes. The value is known to lie below 2^bits.
  struct Index {
    Ref value;
    std::uint64_t stride;
    unsigned bits;
  };
  struct Address {
    std::vector<Index> indices;
    std::uint64_t offset = 0;  // modulo 2^64, as addresses are
  };

  Ref read(const llvm::Value* pointer, Address address) {
    if (++reads_ > kMaxReads) throw unclear();
    while (const auto* step = llvm::dyn_cast<llvm::GEPOperator>(pointer)) {
      add_step(address, *step);
      pointer = step->getPointerOperand();
    }
    if (const auto* select = llvm::dyn_cast<llvm::SelectInst>(pointer))
      return graph_.mux(value_of_(select->getCondition()), read(select->getTrueValue(), address),
                        read(select->getFalseValue(), address));
    if (const auto* phi = llvm::dyn_cast<llvm::PHINode>(pointer))
      return control_.phi(*phi, width(), [&](const llvm::Value* incoming) { return read(incoming, address); });
    const auto* table = llvm::dyn_cast<llvm::GlobalVariable>(pointer);
    if (table == nullptr || !table->isConstant() || !table->hasDefinitiveInitializer()) throw unclear();
    return read_table(*table, address);
  }

  void add_step(Address& address, const llvm::GEPOperator& step) {
    const llvm::ArrayType* array = nullptr;  // that is indexed
    for (auto part = llvm::gep_type_begin(step); part != llvm::gep_type_end(step); ++part) {
      const auto* number = llvm::dyn_cast<llvm::ConstantInt>(part.getOperand());
      if (llvm::StructType* type = part.getStructTypeOrNull()) {
        if (number == nullptr) throw unclear();
        const auto member = static_cast<unsigned>(number->getZExtValue());
        address.offset += layout_.getStructLayout(type)->getElementOffset(member).getFixedValue();
      } else if (part.isVector()) {
        throw unclear();
      } else {
        const std::uint64_t stride = part.getSequentialElementStride(layout_).getFixedValue();
        if (number != nullptr)
          address.offset += number->getValue().sextOrTrunc(kAddressBits).getZExtValue() * stride;
        else if (stride != 0)
          address.indices.push_back(index_of(part.getOperand(), stride, array));
      }
      array = llvm::dyn_cast<llvm::ArrayType>(part.getIndexedType());
    }
  }

  Index index_of(const llvm::Value* operand, std::uint64_t stride, const llvm::ArrayType* array) const {
    Ref value = value_of_(operand);
    value = value->width < kAddressBits ? graph_.sext(value, kAddressBits) : graph_.slice(value, 0, kAddressBits);
    unsigned bits = std::max(1u, kAddressBits - WordGraph::leading_zeros(value));
    // In C++ an index does not leave its array; where there is only a pointer, it may be anything.
    if (array != nullptr) bits = std::min(bits, index_bits(array->getNumElements()));
    return {value, stride, bits};
  }

  static unsigned index_bits(std::uint64_t entries) { return entries <= 2 ? 1 : llvm::Log2_64_Ceil(entries); }

  unsigned width() const { return load_.getType()->getIntegerBitWidth(); }

  Refusal unclear() const { return unknown_address(load_); }

  /// Indices that cannot reach into each other's strides, the largest stride first. Others are added up.
  std::vector<Index> separate(std::vector<Index> indices) {
    std::sort(indices.begin(), indices.end(), [](const Index& a, const Index& b) { return a.stride > b.stride; });
    std::vector<Index> result;
    for (Index index : indices) {
      while (!result.empty() && index.bits > llvm::Log2_64_Ceil(result.back().stride / index.stride)) {
        const Index& outer = result.back();
        const std::uint64_t stride = std::gcd(outer.stride, index.stride);
        const auto scaled = [&](const Index& each) {
          return graph_.mul(each.value, graph_.constant(kAddressBits, each.stride / stride));
        };
        index = {graph_.add(scaled(outer), scaled(index)), stride, kAddressBits};
        result.pop_back();
      }
      result.push_back(index);
    }
    return result;
  }

  Ref read_table(const llvm::GlobalVariable& table, const Address& address) {
    const std::uint64_t bytes = layout_.getTypeAllocSize(table.getValueType());
    std::vector<Index> indices = separate(address.indices);
    // Only one value of the outermost index that agree in these bits is inside the table.
    std::uint64_t period = 0;
    if (!indices.empty() && indices[0].bits > index_bits(bytes / indices[0].stride + 1)) {
      indices[0].bits = index_bits(bytes / indices[0].stride + 1);
      period = indices[0].stride << indices[0].bits;
    }
    unsigned bits = 0;
    for (const Index& index : indices) bits = std::min(bits + index.bits, kMaxIndexBits + 1);
    if (bits > kMaxIndexBits) throw Refusal(location_of(load_), "a table of more than 65536 entries; use a bram");
    std::vector<llvm::APInt> words;
    for (std::uint64_t entry = 0; entry < std::uint64_t{1} << bits; ++entry)
      words.push_back(word(table, bytes, position(indices, address.offset, period, entry)));
    if (indices.empty()) return graph_.constant(words[0]);
    std::vector<Ref> number;
    for (auto index = indices.rbegin(); index != indices.rend(); ++index)
      number.push_back(graph_.slice(index->value, 0, index->bits));
    return graph_.rom(words, graph_.concat(number));
  }

  /// Where an entry lies, whose number is the indices side by side, the one with the smallest stride lowest.
  static std::int64_t position(const std::vector<Index>& indices, std::uint64_t offset, std::uint64_t period,
                               std::uint64_t entry) {
    for (auto index = indices.rbegin(); index != indices.rend(); ++index) {
      offset += (entry & ((std::uint64_t{1} << index->bits) - 1)) * index->stride;
      entry >>= index->bits;
    }
    const auto at = static_cast<std::int64_t>(offset);
    if (period == 0) return at;
    const auto length = static_cast<std::int64_t>(period);
    return (at % length + length) % length;
  }

  llvm::APInt word(const llvm::GlobalVariable& table, std::uint64_t bytes, std::int64_t at) const {
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
  unsigned reads_ = 0;
};

}  // namespace

Ref convert_load(WordGraph& graph, ControlFlow& control, const llvm::LoadInst& load,
                 const ControlFlow::ValueOf& value_of) {
  if (!load.getType()->isIntegerTy()) throw Refusal(location_of(load), "a load of a pointer or vector");
  return TableLoad(graph, control, load, value_of).read(load.getPointerOperand());
}

}  // namespace hlsc
