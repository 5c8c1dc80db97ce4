// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/word_sums.hpp"

#include <algorithm>
#include <optional>
#include <unordered_map>

#include "hls/compiler/rewriting.hpp"

namespace hlsc {
namespace {

using llvm::APInt;

/// value * 2^shift.
struct Term {
  Ref value = nullptr;
  unsigned shift = 0;

  unsigned lowest() const { return shift + WordGraph::trailing_zeros(value); }
  unsigned above() const { return shift + value->width - WordGraph::leading_zeros(value); }
};

/// {y + high bits of x, low bits of x}, which is x + (y << k).
struct Split {
  Ref x;
  Ref y;
  unsigned k;
};

class WordSums {
 public:
  explicit WordSums(Design& design) : design_(design), graph_(design.graph) {}

  void run() {
    uses_ = uses_of(design_);
    renew(design_, new_, [this](Ref x) { return rebuilt(x); });
  }

 private:
  std::optional<Split> split(Ref x) const {
    if (!x->is(Op::kConcat) || x->operands.size() != 2 || !x->operand(1)->is(Op::kAdd)) return std::nullopt;
    Ref low = x->operand(0);
    Ref high = x->operand(1);
    if (!low->is(Op::kSlice) || low->aux != 0 || uses_.at(low) > 1 || uses_.at(high) > 1) return std::nullopt;
    Ref whole = low->operand(0);
    if (whole->width != x->width || uses_.at(whole) > 2) return std::nullopt;
    for (unsigned i : {0u, 1u}) {
      Ref upper = high->operand(i);
      const bool fits = upper->is(Op::kSlice) && upper->operand(0) == whole && upper->aux == low->width;
      if (fits && uses_.at(upper) <= 1) return Split{whole, high->operand(1 - i), low->width};
    }
    return std::nullopt;
  }

  bool is_sum(Ref x) const { return x->is(Op::kAdd) || split(x).has_value(); }

  /// The largest value that a word can have.
  const APInt& most(Ref x) {
    const auto known = most_.find(x);
    return known != most_.end() ? known->second : most_.emplace(x, computed_most(x)).first->second;
  }

  APInt computed_most(Ref x) {
    if (x->is(Op::kConst)) return x->value;
    if (is_sum(x)) return exact_most(x).value_or(APInt::getAllOnes(x->width));
    if (x->is(Op::kConcat)) {
      APInt result = most(x->operand(0));
      for (std::size_t i = 1; i < x->operands.size(); ++i) result = most(x->operands[i]).concat(result);
      return result;
    }
    return APInt::getAllOnes(x->width);
  }

  /// Of a sum that cannot have a carry out of its word.
  std::optional<APInt> exact_most(Ref x) {
    const auto halves = split(x);
    const APInt a = most(halves ? halves->x : x->operand(0));
    const APInt b = halves ? most(halves->y).zext(x->width) << halves->k : most(x->operand(1));
    bool overflow = false;
    APInt sum = a.uadd_ov(b, overflow);
    return overflow ? std::nullopt : std::optional(sum);
  }

  /// A sum with other bits above or below it.
  bool holds_sum(Ref x) const {
    if (!x->is(Op::kConcat) || uses_.at(x) > 1 || split(x)) return false;
    return std::any_of(x->operands.begin(), x->operands.end(),
                       [this](Ref part) { return is_sum(part) && uses_.at(part) <= 1; });
  }

  void collect(Ref x, unsigned shift, unsigned total, bool outermost, std::vector<Term>& terms) {
    if (!outermost && holds_sum(x)) {
      for (Ref part : x->operands) {
        if (!part->is_zero()) collect(part, shift, total, false, terms);
        shift += part->width;
      }
      return;
    }
    const bool mine = outermost || uses_.at(x) <= 1;
    if (!mine || !is_sum(x) || (x->width + shift != total && !exact_most(x))) {
      terms.push_back({x, shift});
    } else if (const auto halves = split(x)) {
      collect(halves->x, shift, total, true, terms);
      collect(halves->y, shift + halves->k, total, false, terms);
    } else {
      for (Ref operand : x->operands) collect(operand, shift, total, false, terms);
    }
  }

  Ref rebuilt(Ref x) {
    graph_.set_origin({"", x->origin.where});
    if (is_sum(x)) {
      std::vector<Term> terms;
      collect(x, 0, x->width, true, terms);
      for (Term& term : terms) term.value = new_.at(term.value);
      merge_disjoint(terms);
      if (Ref chain = chained(terms, x->width)) return chain;
    }
    std::vector<Ref> operands;
    for (Ref operand : x->operands) operands.push_back(new_.at(operand));
    if (operands == x->operands) return x;
    Ref result = graph_.with_operands(x, operands);
    if (result->origin.name.empty() && result->is(x->op)) result->origin.name = x->origin.name;
    return result;
  }

  void merge_disjoint(std::vector<Term>& terms) {
    for (std::size_t i = 0; i < terms.size(); ++i)
      for (std::size_t j = i + 1; j < terms.size(); ++j) {
        const bool below = terms[i].above() <= terms[j].lowest();
        if (!below && terms[j].above() > terms[i].lowest()) continue;
        terms[i] = joined(below ? terms[i] : terms[j], below ? terms[j] : terms[i]);
        terms.erase(terms.begin() + static_cast<std::ptrdiff_t>(j));
        j = i;
      }
  }

  Term joined(const Term& low, const Term& high) {
    const unsigned from = high.lowest();
    std::vector<Ref> parts = {graph_.slice(low.value, 0, low.above() - low.shift)};
    if (from > low.above()) parts.push_back(graph_.constant(from - low.above(), 0));
    parts.push_back(graph_.slice(high.value, from - high.shift, high.above() - from));
    return {graph_.concat(parts), low.shift};
  }

  /// Null unless there are several words of one width.
  Ref chained(std::vector<Term>& terms, unsigned total) {
    if (terms.size() < 3) return nullptr;
    const unsigned width = terms[0].above();
    for (const Term& term : terms)
      if (term.shift != 0 || term.above() != width || term.value->is(Op::kConst)) return nullptr;
    if (width < 2 || width >= total) return nullptr;
    // What is a register or an input as it is comes first.
    std::stable_partition(terms.begin(), terms.end(),
                          [](const Term& term) { return term.value->is(Op::kInput) || term.value->is(Op::kSlice); });
    Ref low = graph_.slice(terms[0].value, 0, width);
    Ref carries = graph_.constant(total - width, 0);
    for (std::size_t i = 1; i < terms.size(); ++i) {
      Ref word = graph_.slice(terms[i].value, 0, width);
      Ref sum = graph_.add(graph_.zext(low, width + 1), graph_.zext(word, width + 1));
      low = graph_.slice(sum, 0, width);
      carries = graph_.add(carries, graph_.zext(graph_.bit(sum, width), total - width));
    }
    return graph_.concat({low, carries});
  }

  Design& design_;
  WordGraph& graph_;
  std::unordered_map<Ref, unsigned> uses_;
  std::unordered_map<Ref, APInt> most_;
  std::unordered_map<Ref, Ref> new_;
};

}  // namespace

void chain_word_sums(Design& design) { WordSums(design).run(); }

}  // namespace hlsc
