// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/conditional_steps.hpp"

#include <unordered_map>

#include "hls/compiler/rewriting.hpp"
#include "hls/compiler/short_carries.hpp"

namespace hlsc {
namespace {

class ConditionalSteps {
 public:
  explicit ConditionalSteps(Design& design) : design_(design), graph_(design.graph) {}

  void run() {
    uses_ = uses_of(design_);
    renew(design_, new_, [this](Ref x) { return rebuilt(x); });
  }

 private:
  static bool is_step_from(Ref sum, Ref x) {
    return (sum->is(Op::kAdd) || sum->is(Op::kSub)) && sum->operand(0) == x && sum->operand(1)->is(Op::kConst) &&
           sum->operand(1)->value.isOne();
  }

  Ref rebuilt(Ref x) {
    graph_.set_origin({"", x->origin.where});
    std::vector<Ref> operands;
    for (Ref operand : x->operands) operands.push_back(new_.at(operand));
    Ref result = stepped(x, operands);
    if (result == nullptr) result = operands == x->operands ? x : graph_.with_operands(x, operands);
    if (result != x && result->origin.name.empty() && !result->operands.empty()) result->origin.name = x->origin.name;
    return result;
  }

  /// Null if it stays as it is.
  Ref stepped(Ref x, const std::vector<Ref>& operands) {
    if (!x->is(Op::kMux) || x->width <= kLongestLogicSum || uses_.at(x) < 2) return nullptr;
    for (const unsigned arm : {1u, 2u}) {
      Ref sum = x->operand(arm);
      if (!is_step_from(sum, x->operand(3 - arm)) || uses_.at(sum) > 1) continue;
      Ref steps = graph_.zext(arm == 1 ? operands[0] : graph_.not_(operands[0]), x->width);
      Ref from = operands[3 - arm];
      return sum->is(Op::kAdd) ? graph_.add(from, steps) : graph_.sub(from, steps);
    }
    return nullptr;
  }

  Design& design_;
  WordGraph& graph_;
  std::unordered_map<Ref, unsigned> uses_;
  std::unordered_map<Ref, Ref> new_;
};

}  // namespace

void add_conditions(Design& design) { ConditionalSteps(design).run(); }

}  // namespace hlsc
