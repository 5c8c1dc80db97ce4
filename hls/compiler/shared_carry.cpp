// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/shared_carry.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>

namespace hlsc {
namespace {

constexpr unsigned kLutInputs = 6;

class SharedCarries {
 public:
  explicit SharedCarries(Design& design) : design_(design), graph_(design.graph) {}

  void run() {
    const std::vector<Ref> nodes = design_.nodes();
    for (Ref x : nodes) find_sum(x);
    for (Ref x : nodes) find_comparison(x);
    if (chains_.empty()) return;
    for (Ref x : nodes) new_[x] = rebuilt(x);
    for (Ref* root : design_.roots()) *root = new_.at(*root);
  }

 private:
  using Operands = std::pair<Ref, Ref>;
  /// Operands without the zeros above them, for which carry and borrow are asked.
  struct Chain {
    Op op;
    Ref a;
    Ref b;
    unsigned width;
  };

  Ref trimmed(Ref x) {
    const unsigned zeros = WordGraph::leading_zeros(x);
    return graph_.slice(x, 0, std::max(1u, x->width - zeros));
  }

  static bool is_step(Ref x) { return x->operand(1)->is(Op::kConst) && x->operand(1)->value.isOne(); }

  void find_sum(Ref x) {
    if (!x->is(Op::kSub) && !(x->is(Op::kAdd) && is_step(x))) return;
    Ref a = trimmed(x->operand(0));
    Ref b = trimmed(x->operand(1));
    sums_[x->op].emplace(Operands(a, b), x);
  }

  void find_comparison(Ref x) {
    if (!x->is(Op::kUlt) && !(x->is(Op::kEq) && x->operand(1)->is(Op::kConst))) return;
    if (x->operand(0)->width <= kLutInputs) return;
    Ref a = trimmed(x->operand(0));
    Ref b = trimmed(x->operand(1));
    if (x->is(Op::kUlt)) return use(x, Op::kSub, a, b);
    if (b->is_zero()) use(x, Op::kSub, a, graph_.constant(1, 1));
    if (x->operand(1)->is_ones()) use(x, Op::kAdd, a, graph_.constant(1, 1));
  }

  /// That the comparison is the carry of such a sum, if there is one.
  void use(Ref comparison, Op op, Ref a, Ref b) {
    const auto sum = sums_[op].find({a, b});
    if (sum == sums_[op].end()) return;
    const Chain chain{op, a, b, std::max(a->width, b->width)};
    chains_.emplace(sum->second, chain);
    chains_.emplace(comparison, chain);
  }

  /// With the carry in its top bit.
  Ref wide(const Chain& chain) {
    const auto operand = [&](Ref x) { return graph_.zext(renewed(x), chain.width + 1); };
    Ref a = operand(chain.a);
    Ref b = operand(chain.b);
    return chain.op == Op::kSub ? graph_.sub(a, b) : graph_.add(a, b);
  }

  /// An operand as it is now; the trimmed one may be no node of the design.
  Ref renewed(Ref x) {
    if (const auto known = new_.find(x); known != new_.end()) return known->second;
    return new_[x] = with_new_operands(x);
  }

  Ref with_new_operands(Ref x) {
    std::vector<Ref> operands;
    for (Ref operand : x->operands) operands.push_back(renewed(operand));
    return operands == x->operands ? x : graph_.with_operands(x, operands);
  }

  Ref rebuilt(Ref x) {
    graph_.set_origin({"", x->origin.where});
    const auto found = chains_.find(x);
    Ref result = nullptr;
    if (found == chains_.end()) {
      result = with_new_operands(x);
    } else if (const Chain& chain = found->second; x->is(chain.op)) {
      Ref sum = wide(chain);
      result = x->width <= sum->width ? graph_.slice(sum, 0, x->width)
               : chain.op == Op::kSub ? graph_.sext(sum, x->width)
                                      : graph_.zext(sum, x->width);
    } else {
      result = graph_.bit(wide(chain), chain.width);
    }
    const bool nameable = result->is(x->op) && result->origin.name.empty();
    if (nameable) result->origin.name = x->origin.name;
    return result;
  }

  Design& design_;
  WordGraph& graph_;
  std::map<Op, std::map<Operands, Ref>> sums_;
  std::unordered_map<Ref, Chain> chains_;
  std::unordered_map<Ref, Ref> new_;
};

}  // namespace

void share_carries(Design& design) { SharedCarries(design).run(); }

}  // namespace hlsc
