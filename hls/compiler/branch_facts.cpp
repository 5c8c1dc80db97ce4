// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/branch_facts.hpp"

#include <unordered_set>

#include "hls/compiler/facts.hpp"
#include "hls/compiler/wrapped_sums.hpp"

namespace hlsc {
namespace {

/// How far into an expression with other users it is looked for something that a branch knows.
constexpr unsigned kMaxSharedDepth = 6;
constexpr std::size_t kMaxVisits = 2'000'000;

class BranchFacts {
 public:
  explicit BranchFacts(Design& design) : design_(design), graph_(design.graph) {}

  void run() {
    for (Ref x : design_.nodes()) {
      there_.insert(x);
      for (Ref operand : x->operands) ++uses_[operand];
    }
    for (Ref* root : design_.roots()) ++uses_[*root];
    for (PortAction& action : design_.actions) {
      for (Ref* moved : {&action.data, &action.index}) rewrite(*moved, action.writes);
      rewrite(action.request, action.reads);
      rewrite(action.writes, nullptr);
      rewrite(action.reads, nullptr);
    }
    for (StateLeaf& leaf : design_.state) rewrite(leaf.next, nullptr);
  }

 private:
  void rewrite(Ref& root, Ref condition) {
    if (root == nullptr) return;
    const std::size_t mark = facts_.mark();
    if (condition == nullptr || facts_.assume(condition, true)) root = in_context(root);
    facts_.forget(mark);
  }

  /// Results are remembered as long as the facts are the same.
  Ref in_context(Ref x) {
    std::unordered_map<Ref, Ref> outer;
    std::swap(outer, known_);
    Ref result = under(x);
    std::swap(outer, known_);
    return result;
  }

  /// `x` where `condition` has that value too; what it is where that cannot be does not matter.
  Ref where(Ref x, Ref condition, bool value) {
    const std::size_t mark = facts_.mark();
    Ref result = facts_.assume(condition, value) ? in_context(x) : graph_.undef(x->width);
    facts_.forget(mark);
    return result;
  }

  /// What `x` is, given the facts.
  Ref under(Ref x) {
    if (x->width == 1)
      if (const std::optional<bool> value = facts_.value_of(x)) return graph_.constant(1, *value ? 1 : 0);
    if (x->operands.empty()) return x;
    if (const auto known = known_.find(x); known != known_.end()) return known->second;
    const bool shared = uses_[x] > 1;
    if ((shared_depth_ > 0 || shared) && shared_depth_ >= kMaxSharedDepth) return x;
    if (++visits_ > kMaxVisits) return x;
    const unsigned depth = shared_depth_;
    if (shared || depth > 0) ++shared_depth_;
    Ref result = rewritten(x);
    shared_depth_ = depth;
    if (shared && !is_there(result)) result = x;
    if (result != x && result->origin.name.empty() && result->op == x->op) result->origin.name = x->origin.name;
    return known_[x] = result;
  }

  /// Whether it is computed anyway, or costs nothing.
  bool is_there(Ref x) const {
    if (x->operands.empty() || there_.count(x) != 0) return true;
    if (!x->is(Op::kNot) && !x->is(Op::kSlice) && !x->is(Op::kConcat)) return false;
    for (Ref operand : x->operands)
      if (!is_there(operand)) return false;
    return true;
  }

  Ref rewritten(Ref x) {
    graph_.set_origin({"", x->origin.where});
    switch (x->op) {
      case Op::kMux:
        return rewritten_mux(x);
      case Op::kCase:
        return rewritten_case(x);
      case Op::kAnd:
      case Op::kOr:
        return x->width == 1 ? rewritten_gate(x) : with(x, operands_of(x));
      case Op::kEq:
      case Op::kUlt:
        return rewritten_comparison(x);
      case Op::kShl:
      case Op::kLshr:
        return with(x, {under(x->operand(0)), narrowed(x->operand(1))});
      default:
        return with(x, operands_of(x));
    }
  }

  std::vector<Ref> operands_of(Ref x) {
    std::vector<Ref> operands;
    for (Ref operand : x->operands) operands.push_back(under(operand));
    return operands;
  }

  Ref with(Ref x, const std::vector<Ref>& operands) {
    return operands == x->operands ? x : graph_.with_operands(x, operands);
  }

  Ref rewritten_mux(Ref x) {
    Ref condition = under(x->operand(0));
    if (condition->is(Op::kConst)) return under(x->operand(condition->is_zero() ? 2 : 1));
    return with(x, {condition, where(x->operand(1), x->operand(0), true), where(x->operand(2), x->operand(0), false)});
  }

  /// Neither operand matters where the other one decides.
  Ref rewritten_gate(Ref x) {
    const bool and_gate = x->is(Op::kAnd);
    Ref b = defined(where(x->operand(1), x->operand(0), and_gate));
    if (b->is(Op::kConst)) {
      const bool decides = b->is_zero() == and_gate;
      return decides ? b : under(x->operand(0));
    }
    Ref a = defined(where(x->operand(0), b, and_gate));
    return with(x, {a, b});
  }

  Ref defined(Ref bit) { return bit->is(Op::kUndef) ? graph_.constant(1, 0) : bit; }

  /// A word's low bits, if those above are zeros.
  Ref narrowed(Ref word) {
    const std::optional<KnownWord> known = facts_.word(word);
    word = under(word);
    if (!known || known->bits() >= word->width) return word;
    return graph_.zext(graph_.slice(word, 0, known->bits()), word->width);
  }

  Ref rewritten_comparison(Ref x) {
    Ref a = narrowed(x->operand(0));
    Ref b = narrowed(x->operand(1));
    if (x->is(Op::kUlt) && uses_[x->operand(0)] <= 1)
      if (Ref wrapped = below_if_wrapped(graph_, facts_, a, b)) return wrapped;
    return with(x, {a, b});
  }

  Ref rewritten_case(Ref x) {
    Ref selector = x->operand(0);
    const std::optional<KnownWord> known = facts_.word(selector);
    if (!known) return with(x, operands_of(x));
    std::vector<CaseArm> arms;
    const std::size_t mark = facts_.mark();
    bool more = true;  // values for which there is no label
    for (unsigned i = 0; i < x->labels.size(); ++i) {
      const std::uint64_t label = x->labels[i].getZExtValue();
      if (known->excludes(label)) continue;
      const std::size_t inside = facts_.mark();
      if (facts_.assume_value(selector, label)) arms.push_back({x->labels[i], in_context(x->operand(i + 2))});
      facts_.forget(inside);
      more = more && facts_.assume_not(selector, label);
      if (!more) break;
    }
    Ref otherwise = more ? in_context(x->operand(1)) : graph_.undef(x->width);
    facts_.forget(mark);
    Ref narrow = narrowed(selector);
    bool same = otherwise == x->operand(1) && narrow == selector && arms.size() == x->labels.size();
    for (std::size_t i = 0; same && i < arms.size(); ++i)
      same = arms[i].value == x->operand(static_cast<unsigned>(i) + 2);
    return same ? x : graph_.case_(narrow, arms, otherwise);
  }

  Design& design_;
  WordGraph& graph_;
  Facts facts_;
  std::unordered_set<Ref> there_;
  std::unordered_map<Ref, unsigned> uses_;
  std::unordered_map<Ref, Ref> known_;  // with the facts of now
  unsigned shared_depth_ = 0;
  std::size_t visits_ = 0;
};

}  // namespace

void use_branch_facts(Design& design) { BranchFacts(design).run(); }

}  // namespace hlsc
