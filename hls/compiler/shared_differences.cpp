// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/shared_differences.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "hls/compiler/rewriting.hpp"

namespace hlsc {
namespace {

/// Terms of one width, modulo two to its power.
struct Sum {
  std::vector<Ref> plus;
  std::vector<Ref> minus;
  llvm::APInt constant;
};

class SharedDifferences {
 public:
  explicit SharedDifferences(Design& design) : design_(design), graph_(design.graph) {}

  void run() {
    uses_ = uses_of(design_);
    renew(design_, new_, [this](Ref x) { return rebuilt(x); });
  }

 private:
  static bool is_sum(Ref x) { return x->is(Op::kAdd) || x->is(Op::kSub); }

  void collect(Ref x, bool negative, Sum& sum) const {
    if (x->is(Op::kConst)) {
      sum.constant += negative ? -x->value : x->value;
    } else if (is_sum(x) && uses_.at(x) <= 1) {
      collect_operands(x, negative, sum);
    } else if (x->is(Op::kNot) && uses_.at(x) <= 1) {  // -x - 1
      if (negative)
        ++sum.constant;
      else
        --sum.constant;
      collect(x->operand(0), !negative, sum);
    } else {
      (negative ? sum.minus : sum.plus).push_back(x);
    }
  }

  void collect_operands(Ref x, bool negative, Sum& sum) const {
    collect(x->operand(0), negative, sum);
    collect(x->operand(1), x->is(Op::kSub) ? !negative : negative, sum);
  }

  /// Replaces two terms by the difference that something else computes.
  bool take_shared(Sum& sum) {
    for (auto x = sum.plus.begin(); x != sum.plus.end(); ++x)
      for (auto y = sum.minus.begin(); y != sum.minus.end(); ++y) {
        Ref difference = graph_.sub(*x, *y);
        const auto used = uses_.find(difference);
        if (!difference->is(Op::kSub) || used == uses_.end() || used->second == 0) continue;
        sum.plus.erase(x);
        sum.minus.erase(y);
        sum.plus.push_back(difference);
        return true;
      }
    return false;
  }

  Ref rebuilt(Ref x) {
    graph_.set_origin({"", x->origin.where});
    Ref result = nullptr;
    if (is_sum(x)) {
      Sum sum{{}, {}, llvm::APInt(x->width, 0)};
      collect_operands(x, false, sum);
      const bool is_whole = sum.plus.size() + sum.minus.size() > 2;
      if (is_whole && take_shared(sum)) result = added(sum);
    }
    if (result == nullptr) {
      std::vector<Ref> operands;
      for (Ref operand : x->operands) operands.push_back(new_.at(operand));
      if (operands == x->operands) return x;
      result = graph_.with_operands(x, operands);
    }
    if (result->origin.name.empty() && is_sum(result)) result->origin.name = x->origin.name;
    return result;
  }

  Ref added(const Sum& sum) {
    std::vector<Ref> terms;
    for (Ref x : sum.plus) terms.push_back(new_.at(x));
    const auto bits = [](Ref x) { return x->width - WordGraph::leading_zeros(x); };
    std::stable_sort(terms.begin(), terms.end(), [&](Ref a, Ref b) { return bits(a) < bits(b); });
    Ref result = graph_.constant(sum.constant);
    std::size_t first = 0;
    if (sum.constant.isZero()) result = terms[first++];
    for (; first < terms.size(); ++first) result = graph_.add(terms[first], result);
    for (Ref x : sum.minus) result = graph_.sub(result, new_.at(x));
    return result;
  }

  Design& design_;
  WordGraph& graph_;
  std::unordered_map<Ref, unsigned> uses_;
  std::unordered_map<Ref, Ref> new_;
};

constexpr unsigned kLutBits = 6;

/// The difference of two words that is one of the nodes, if there is one.
Ref difference_of(WordGraph& graph, Ref comparison, const std::unordered_set<Ref>& nodes) {
  Ref a = comparison->operand(0);
  Ref b = comparison->operand(1);
  if (2 * a->width <= kLutBits || b->is(Op::kConst)) return nullptr;
  for (Ref difference : {graph.sub(a, b), graph.sub(b, a)})
    if (nodes.count(difference) != 0) return difference;
  return nullptr;
}

}  // namespace

void share_differences(Design& design) { SharedDifferences(design).run(); }

void compare_by_differences(Design& design) {
  WordGraph& graph = design.graph;
  const std::vector<Ref> nodes = design.nodes();
  const std::unordered_set<Ref> there(nodes.begin(), nodes.end());
  std::unordered_map<Ref, Ref> renewed;
  for (Ref x : nodes) {
    graph.set_origin({"", x->origin.where});
    Ref difference = x->is(Op::kEq) ? difference_of(graph, x, there) : nullptr;
    std::vector<Ref> operands;
    for (Ref operand : x->operands) operands.push_back(renewed.at(operand));
    Ref result = x;
    if (difference != nullptr)
      result = graph.eq(
          graph.with_operands(difference, {renewed.at(difference->operand(0)), renewed.at(difference->operand(1))}),
          graph.constant(difference->width, 0));
    else if (operands != x->operands)
      result = graph.with_operands(x, operands);
    if (result->origin.name.empty() && result->is(x->op)) result->origin.name = x->origin.name;
    renewed[x] = result;
  }
  for (Ref* root : design.roots()) *root = renewed.at(*root);
}

}  // namespace hlsc
