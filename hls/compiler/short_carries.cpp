// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/short_carries.hpp"

#include <unordered_map>

#include "hls/compiler/rewriting.hpp"

namespace hlsc {
namespace {

/// Bits of a comparison whose constant has a few runs of equal bits, so that three levels of LUTs hold it.
constexpr unsigned kLongestComparison = 16;

class Expansion {
 public:
  explicit Expansion(Design& design) : design_(design), graph_(design.graph) {}

  void run() {
    renew(design_, new_, [this](Ref x) { return rebuilt(x); });
  }

 private:
  Ref rebuilt(Ref x) {
    graph_.set_origin({"", x->origin.where});
    std::vector<Ref> operands;
    for (Ref operand : x->operands) operands.push_back(new_.at(operand));
    Ref result = expanded(x, operands);
    if (result == nullptr) result = operands == x->operands ? x : graph_.with_operands(x, operands);
    if (result != x && result->origin.name.empty() && !result->operands.empty()) result->origin.name = x->origin.name;
    return result;
  }

  /// Null if it stays as it is.
  Ref expanded(Ref x, const std::vector<Ref>& operands) {
    if (!x->is(Op::kAdd) && !x->is(Op::kSub) && !x->is(Op::kUlt)) return nullptr;
    const bool first = operands[0]->is(Op::kConst);
    if (!first && !operands[1]->is(Op::kConst)) return nullptr;
    Ref word = operands[first ? 1 : 0];
    const llvm::APInt& constant = operands[first ? 0 : 1]->value;
    if (x->is(Op::kAdd) || x->is(Op::kSub)) {
      if (word->width > kLongestLogicSum) return nullptr;
      if (x->is(Op::kAdd)) return sum_with(graph_, word, constant);
      return first ? sum_with(graph_, graph_.not_(word), constant + 1) : sum_with(graph_, word, -constant);
    }
    if (word->width - constant.countr_zero() > kLongestComparison) return nullptr;
    if (first && constant.isAllOnes()) return graph_.constant(1, 0);
    return first ? graph_.not_(less_than(graph_, word, constant + 1)) : less_than(graph_, word, constant);
  }

  Design& design_;
  WordGraph& graph_;
  std::unordered_map<Ref, Ref> new_;
};

}  // namespace

/// A run of equal bits of the limit is looked at as one.
///
///   limit        1 1 0 0 0 1 0 0
///                | | +-+-+ | +-+-- do not matter
///   word is less if the first two are not both ones, or the next three are zeros and the sixth is zero
Ref less_than(WordGraph& graph, Ref word, const llvm::APInt& limit) {
  Ref less = graph.constant(1, 0);
  for (unsigned low = 0; low < word->width;) {
    unsigned high = low + 1;
    while (high < word->width && limit[high] == limit[low]) ++high;
    Ref run = graph.slice(word, low, high - low);
    const auto equals = [&](const llvm::APInt& value) { return graph.eq(run, graph.constant(value)); };
    less = limit[low] ? graph.or_(graph.not_(equals(llvm::APInt::getAllOnes(run->width))), less)
                      : graph.and_(equals(llvm::APInt::getZero(run->width)), less);
    low = high;
  }
  return less;
}

/// The carry into bit i is there if what is below does not stay below 2^i.
Ref sum_with(WordGraph& graph, Ref word, const llvm::APInt& constant) {
  std::vector<Ref> bits;
  for (unsigned i = 0; i < word->width; ++i) {
    Ref bit = graph.bit(word, i);
    if (constant[i]) bit = graph.not_(bit);
    const llvm::APInt low = i == 0 ? llvm::APInt(1, 0) : constant.trunc(i);
    if (!low.isZero()) bit = graph.xor_(bit, graph.not_(less_than(graph, graph.slice(word, 0, i), -low)));
    bits.push_back(bit);
  }
  return graph.concat(bits);
}

void expand_short_carries(Design& design) { Expansion(design).run(); }

}  // namespace hlsc
