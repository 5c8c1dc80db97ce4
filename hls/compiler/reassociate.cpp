// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/reassociate.hpp"

#include <queue>
#include <unordered_map>
#include <utility>

#include "hls/compiler/rewriting.hpp"

namespace hlsc {
namespace {

/// How deep an operation is, in LUTs as far as it matters for which terms to combine first.
unsigned depth_of(Op op) {
  switch (op) {
    case Op::kAdd:
    case Op::kSub:
    case Op::kMul:
    case Op::kUlt:
      return 3;
    case Op::kShl:
    case Op::kLshr:
      return 2;
    case Op::kConst:
    case Op::kUndef:
    case Op::kInput:
    case Op::kNot:
    case Op::kSlice:
    case Op::kConcat:
      return 0;
    default:
      return 1;
  }
}

class Reassociation {
 public:
  explicit Reassociation(Design& design) : design_(design), graph_(design.graph) {}

  void run() {
    uses_ = uses_of(design_);
    renew(design_, new_, [this](Ref x) { return rebuilt(x); });
  }

 private:
  Ref rebuilt(Ref x) {
    graph_.set_origin({"", x->origin.where});
    std::vector<Ref> terms;
    if (x->is(Op::kAdd) || x->is(Op::kXor))
      for (Ref operand : x->operands) collect(operand, x->op, x->width, terms);
    Ref result = nullptr;
    if (terms.size() > 2) {
      result = tree(x->op, terms);
    } else {
      std::vector<Ref> operands;
      for (Ref operand : x->operands) operands.push_back(new_.at(operand));
      if (operands == x->operands) return x;
      result = graph_.with_operands(x, operands);
    }
    if (result->origin.name.empty() && depth_of(result->op) > 0) result->origin.name = x->origin.name;
    return result;
  }

  /// The partial result that `x`, a term of a wider operation, is; null if it has to stay whole.
  Ref partial(Ref x, Op op) const {
    if (uses_.at(x) > 1) return nullptr;
    if (x->is(op)) return x;
    if (op != Op::kAdd || !x->is(Op::kConcat) || x->operands.size() != 2 || !x->operand(1)->is_zero()) return nullptr;
    Ref narrow = x->operand(0);
    if (!narrow->is(Op::kAdd) || uses_.at(narrow) > 1) return nullptr;
    const bool has_carry =
        WordGraph::leading_zeros(narrow->operand(0)) > 0 && WordGraph::leading_zeros(narrow->operand(1)) > 0;
    return has_carry ? narrow : nullptr;
  }

  void collect(Ref x, Op op, unsigned width, std::vector<Ref>& terms) {
    Ref inner = partial(x, op);
    if (inner == nullptr) {
      terms.push_back(graph_.resize(new_.at(x), width));
      return;
    }
    for (Ref operand : inner->operands) collect(operand, op, width, terms);
  }

  unsigned depth(Ref x) {
    if (const auto known = depth_.find(x); known != depth_.end()) return known->second;
    unsigned deepest = 0;
    for (Ref operand : x->operands) deepest = std::max(deepest, depth(operand));
    return depth_[x] = deepest + depth_of(x->op);
  }

  /// What is there first is combined first.
  Ref tree(Op op, const std::vector<Ref>& terms) {
    using Term = std::pair<unsigned, std::pair<unsigned, Ref>>;  // depth, order
    const auto later = [](const Term& a, const Term& b) {
      return std::tie(a.first, a.second.first) > std::tie(b.first, b.second.first);
    };
    std::priority_queue<Term, std::vector<Term>, decltype(later)> open(later);
    unsigned order = 0;
    for (Ref term : terms) open.push({depth(term), {order++, term}});
    while (open.size() > 1) {
      Ref a = open.top().second.second;
      open.pop();
      Ref b = open.top().second.second;
      open.pop();
      Ref both = op == Op::kAdd ? graph_.add(a, b) : graph_.xor_(a, b);
      open.push({depth(both), {order++, both}});
    }
    return open.top().second.second;
  }

  Design& design_;
  WordGraph& graph_;
  std::unordered_map<Ref, unsigned> uses_;
  std::unordered_map<Ref, Ref> new_;
  std::unordered_map<Ref, unsigned> depth_;
};

}  // namespace

void reassociate(Design& design) { Reassociation(design).run(); }

}  // namespace hlsc
