// SPDX-License-Identifier: Apache-2.0
// The word graph's constructors for bitwise logic and for choices.
#include <algorithm>
#include <set>

#include "hls/compiler/word_graph.hpp"

namespace hlsc {
namespace {

constexpr unsigned kMaxRuns = 12;      // a mask with more runs of equal bits stays one constant
constexpr std::size_t kMaxTerms = 24;  // how far a chain of ANDs is searched for a contradiction

unsigned run_length(const llvm::APInt& value, unsigned from) {
  unsigned end = from;
  while (end < value.getBitWidth() && value[end] == value[from]) ++end;
  return end - from;
}

unsigned count_runs(const llvm::APInt& value) {
  unsigned runs = 0;
  for (unsigned at = 0; at < value.getBitWidth(); at += run_length(value, at)) ++runs;
  return runs;
}

bool complementary(Ref a, Ref b) {
  return (a->is(Op::kNot) && a->operand(0) == b) || (b->is(Op::kNot) && b->operand(0) == a);
}

/// The terms of a tree of one associative operation.
void collect_terms(Op op, Ref x, std::set<Ref>& terms) {
  if (terms.size() >= kMaxTerms) return;
  if (!x->is(op)) {
    terms.insert(x);
    return;
  }
  for (Ref operand : x->operands) collect_terms(op, operand, terms);
}

}  // namespace

Ref WordGraph::not_(Ref x) {
  if (x->is(Op::kConst)) return constant(~x->value);
  if (x->is(Op::kUndef)) return x;
  if (x->is(Op::kNot)) return x->operand(0);
  if (x->is(Op::kConcat)) {
    Parts parts;
    for (Ref part : x->operands) parts.push_back(not_(part));
    return concat(parts);
  }
  return make(Op::kNot, x->width, {x});
}

Ref WordGraph::and_(Ref a, Ref b) { return bitwise(Op::kAnd, a, b); }
Ref WordGraph::or_(Ref a, Ref b) { return bitwise(Op::kOr, a, b); }
Ref WordGraph::xor_(Ref a, Ref b) { return bitwise(Op::kXor, a, b); }

/// One piece of And, Or or Xor, neither operand of which falls apart any more; null when nothing is simpler.
Ref WordGraph::simple_bitwise(Op op, Ref a, Ref b) {
  if (a->is(Op::kConst) && b->is(Op::kConst))
    return constant(op == Op::kAnd ? a->value & b->value : op == Op::kOr ? a->value | b->value : a->value ^ b->value);
  if (a->is(Op::kConst)) std::swap(a, b);
  if (a == b) return op == Op::kXor ? constant(a->width, 0) : a;
  if (complementary(a, b)) return op == Op::kAnd ? constant(a->width, 0) : constant(llvm::APInt::getAllOnes(a->width));
  if (b->is_zero()) return op == Op::kAnd ? b : a;
  if (b->is_ones()) return op == Op::kAnd ? a : op == Op::kOr ? b : not_(a);
  return nullptr;
}

/// a & (b & c) where a occurs, or its opposite, among b and c; likewise for Or.
Ref WordGraph::absorbed(Op op, Ref a, Ref b) {
  const Op dual = op == Op::kAnd ? Op::kOr : Op::kAnd;
  for (const auto& [x, y] : {std::pair(a, b), std::pair(b, a)}) {
    if (y->is(dual) && (y->operand(0) == x || y->operand(1) == x)) return x;
    for (unsigned i = 0; y->is(dual) && i < 2; ++i)
      if (complementary(x, y->operand(i))) return bitwise(op, x, y->operand(1 - i));
    if (!y->is(op)) continue;
    std::set<Ref> terms;
    collect_terms(op, y, terms);
    if (terms.count(x) != 0) return y;
    std::set<Ref> mine;
    collect_terms(op, x, mine);
    for (Ref term : mine)
      for (Ref other : terms)
        if (complementary(term, other))
          return op == Op::kAnd ? constant(a->width, 0) : constant(llvm::APInt::getAllOnes(a->width));
  }
  return nullptr;
}

Ref WordGraph::bitwise(Op op, Ref a, Ref b) {
  a = defined(a);
  b = defined(b);
  if (Ref simple = simple_bitwise(op, a, b)) return simple;
  const bool masked = (a->is(Op::kConst) && count_runs(a->value) <= kMaxRuns) ||
                      (b->is(Op::kConst) && count_runs(b->value) <= kMaxRuns);
  if (a->width > 1 && ((masked && op != Op::kXor) || a->is(Op::kConcat) || b->is(Op::kConcat)))
    if (Ref split = bitwise_parts(op, a, b)) return split;
  if (op != Op::kXor)
    if (Ref simple = absorbed(op, a, b)) return simple;
  if (a->id > b->id) std::swap(a, b);
  return make(op, a->width, {a, b});
}

/// Cuts both operands where constants and concatenations have boundaries, if a piece becomes simpler by it.
Ref WordGraph::bitwise_parts(Op op, Ref a, Ref b) {
  Parts done;
  Parts rest_a;
  Parts rest_b;
  bool simpler = false;
  const auto flush = [&] {
    if (rest_a.empty()) return;
    Ref left = concat(rest_a);
    Ref right = concat(rest_b);
    if (left->id > right->id) std::swap(left, right);
    done.push_back(left->width < a->width ? bitwise(op, left, right) : make(op, left->width, {left, right}));
    rest_a.clear();
    rest_b.clear();
  };
  for (const PairedPart& pair : paired(a, b)) {
    const llvm::APInt* mask = pair.a->is(Op::kConst)   ? &pair.a->value
                              : pair.b->is(Op::kConst) ? &pair.b->value
                                                       : nullptr;
    const bool runs = mask != nullptr && op != Op::kXor && count_runs(*mask) <= kMaxRuns;
    for (unsigned at = 0; at < pair.a->width;) {
      const unsigned length = runs ? run_length(*mask, at) : pair.a->width;
      Ref x = slice(pair.a, at, length);
      Ref y = slice(pair.b, at, length);
      at += length;
      // A piece of an operand may itself be a concatenation, or simple without being constant.
      Ref simple = simple_bitwise(op, x, y);
      if (simple == nullptr && (x->is(Op::kConcat) || y->is(Op::kConcat)) && (x->width < a->width))
        simple = bitwise(op, x, y);
      if (simple == nullptr) {
        rest_a.push_back(x);
        rest_b.push_back(y);
        continue;
      }
      flush();
      done.push_back(simple);
      simpler = true;
    }
  }
  if (!simpler) return nullptr;
  flush();
  return concat(done);
}

Ref WordGraph::mux(Ref condition, Ref then, Ref otherwise) {
  if (condition->is(Op::kUndef)) return otherwise;
  if (condition->is(Op::kConst)) return condition->value.isZero() ? otherwise : then;
  if (then == otherwise || otherwise->is(Op::kUndef)) return then;
  if (then->is(Op::kUndef)) return otherwise;
  if (condition->is(Op::kNot)) return mux(condition->operand(0), otherwise, then);
  if (then->width == 1)
    if (Ref simple = mux_bit(condition, then, otherwise)) return simple;
  if (Ref nested = mux_nested(condition, then, otherwise)) return nested;
  if (Ref chain = mux_chain(condition, then, otherwise)) return chain;
  if (then->is(Op::kConcat) || otherwise->is(Op::kConcat) || (then->is(Op::kConst) && otherwise->is(Op::kConst)))
    if (Ref split = mux_parts(condition, then, otherwise)) return split;
  return make(Op::kMux, then->width, {condition, then, otherwise});
}

Ref WordGraph::mux_bit(Ref condition, Ref then, Ref otherwise) {
  if (then == condition) then = constant(1, 1);
  if (otherwise == condition) otherwise = constant(1, 0);
  if (complementary(then, condition)) then = constant(1, 0);
  if (complementary(otherwise, condition)) otherwise = constant(1, 1);
  if (then->is_ones()) return or_(condition, otherwise);
  if (then->is_zero()) return and_(not_(condition), otherwise);
  if (otherwise->is_zero()) return and_(condition, then);
  if (otherwise->is_ones()) return or_(not_(condition), then);
  if (complementary(then, otherwise)) return xor_(condition, otherwise);
  return nullptr;
}

Ref WordGraph::mux_nested(Ref condition, Ref then, Ref otherwise) {
  if (then->is(Op::kMux) && then->operand(0) == condition) return mux(condition, then->operand(1), otherwise);
  if (otherwise->is(Op::kMux) && otherwise->operand(0) == condition) return mux(condition, then, otherwise->operand(2));
  if (otherwise->is(Op::kMux)) {
    Ref inner = otherwise->operand(0);
    if (otherwise->operand(1) == then) return mux(or_(condition, inner), then, otherwise->operand(2));
    if (otherwise->operand(2) == then) return mux(or_(condition, not_(inner)), then, otherwise->operand(1));
  }
  if (then->is(Op::kMux)) {
    Ref inner = then->operand(0);
    if (then->operand(2) == otherwise) return mux(and_(condition, inner), then->operand(1), otherwise);
    if (then->operand(1) == otherwise) return mux(and_(condition, not_(inner)), then->operand(2), otherwise);
  }
  return nullptr;
}

/// Takes out the pieces on which both arms agree, or one does not care.
Ref WordGraph::mux_parts(Ref condition, Ref then, Ref otherwise) {
  Parts done;
  Parts rest_then;
  Parts rest_otherwise;
  bool simpler = false;
  const auto flush = [&] {
    if (rest_then.empty()) return;
    Ref left = concat(rest_then);
    Ref right = concat(rest_otherwise);
    done.push_back(left->width == then->width ? make(Op::kMux, left->width, {condition, left, right})
                                              : mux(condition, left, right));
    rest_then.clear();
    rest_otherwise.clear();
  };
  const auto piece = [&](Ref a, Ref b) {
    if (a != b && !a->is(Op::kUndef) && !b->is(Op::kUndef)) {
      rest_then.push_back(a);
      rest_otherwise.push_back(b);
      return;
    }
    flush();
    done.push_back(a->is(Op::kUndef) ? b : a);
    simpler = true;
  };
  for (const PairedPart& pair : paired(then, otherwise)) {
    if (!pair.a->is(Op::kConst) || !pair.b->is(Op::kConst)) {
      piece(pair.a, pair.b);
      continue;
    }
    const llvm::APInt differ = pair.a->value ^ pair.b->value;
    for (unsigned at = 0; at < differ.getBitWidth(); at += run_length(differ, at))
      piece(slice(pair.a, at, run_length(differ, at)), slice(pair.b, at, run_length(differ, at)));
  }
  if (!simpler) return nullptr;
  flush();
  return concat(done);
}

/// x == 1 ? a : x == 2 ? b : c is a case.
Ref WordGraph::mux_chain(Ref condition, Ref then, Ref otherwise) {
  const auto label_of = [](Ref test) { return test->operand(1)->value; };
  if (then->width == 1 || !condition->is(Op::kEq) || !condition->operand(1)->is(Op::kConst)) return nullptr;
  Ref selector = condition->operand(0);
  if (otherwise->is(Op::kCase) && otherwise->operand(0) == selector)
    return case_(selector, {{label_of(condition), then}}, otherwise);
  if (!otherwise->is(Op::kMux)) return nullptr;
  Ref next = otherwise->operand(0);
  if (!next->is(Op::kEq) || next->operand(0) != selector || !next->operand(1)->is(Op::kConst)) return nullptr;
  return case_(selector, {{label_of(condition), then}, {label_of(next), otherwise->operand(1)}}, otherwise->operand(2));
}

/// What a value is when the selector is known to be the label.
Ref WordGraph::under_label(Ref value, Ref selector, const llvm::APInt& label) {
  while (true) {
    if (value->is(Op::kMux) && value->operand(0)->is(Op::kEq) && value->operand(0)->operand(0) == selector &&
        value->operand(0)->operand(1)->is(Op::kConst)) {
      value = value->operand(value->operand(0)->operand(1)->value == label ? 1 : 2);
    } else if (value->is(Op::kCase) && value->operand(0) == selector) {
      unsigned arm = 1;
      for (unsigned i = 0; i < value->labels.size(); ++i)
        if (value->labels[i] == label) arm = i + 2;
      value = value->operand(arm);
    } else {
      return value;
    }
  }
}

Ref WordGraph::case_(Ref selector, const std::vector<CaseArm>& arms, Ref otherwise) {
  if (selector->is(Op::kUndef)) return otherwise;
  if (selector->is(Op::kConst)) {
    for (const CaseArm& arm : arms)
      if (arm.label == selector->value) return arm.value;
    return otherwise;
  }
  // Labels that the selector cannot have; a default that cannot be, or that does not matter.
  const unsigned used = std::max(1u, selector->width - leading_zeros(selector));
  std::vector<CaseArm> kept;
  for (const CaseArm& arm : arms)
    if (arm.label.getActiveBits() <= used) kept.push_back({arm.label.trunc(used), arm.value});
  selector = slice(defined(selector), 0, used);
  for (CaseArm& arm : kept) arm.value = under_label(arm.value, selector, arm.label);
  // A default that looks at the same selector again gives more arms.
  const auto add_arm = [&](const llvm::APInt& label, Ref value) {
    for (const CaseArm& arm : kept)
      if (arm.label == label) return;
    kept.push_back({label, under_label(value, selector, label)});
  };
  while (true) {
    if (otherwise->is(Op::kCase) && otherwise->operand(0) == selector) {
      for (unsigned i = 0; i < otherwise->labels.size(); ++i) add_arm(otherwise->labels[i], otherwise->operand(i + 2));
      otherwise = otherwise->operand(1);
    } else if (otherwise->is(Op::kMux) && otherwise->operand(0)->is(Op::kEq) &&
               otherwise->operand(0)->operand(0) == selector && otherwise->operand(0)->operand(1)->is(Op::kConst)) {
      add_arm(otherwise->operand(0)->operand(1)->value, otherwise->operand(1));
      otherwise = otherwise->operand(2);
    } else {
      break;
    }
  }
  if (used < 16 && kept.size() == (std::size_t{1} << used)) otherwise = undef(otherwise->width);
  for (const CaseArm& arm : kept)
    if (otherwise->is(Op::kUndef)) otherwise = arm.value;
  kept.erase(std::remove_if(kept.begin(), kept.end(),
                            [&](const CaseArm& arm) { return arm.value == otherwise || arm.value->is(Op::kUndef); }),
             kept.end());
  if (kept.empty()) return otherwise;
  std::set<Ref> values;
  for (const CaseArm& arm : kept) values.insert(arm.value);
  if (values.size() == 1) {
    Ref any = constant(1, 0);
    for (const CaseArm& arm : kept) any = or_(any, eq(selector, constant(arm.label)));
    return mux(any, kept[0].value, otherwise);
  }
  // Zeros that all arms have at the top are not chosen.
  unsigned zeros = leading_zeros(otherwise);
  for (const CaseArm& arm : kept) zeros = std::min(zeros, leading_zeros(arm.value));
  if (zeros > 0 && zeros < otherwise->width) {
    const unsigned width = otherwise->width - zeros;
    for (CaseArm& arm : kept) arm.value = slice(arm.value, 0, width);
    return zext(case_(selector, kept, slice(otherwise, 0, width)), width + zeros);
  }
  std::vector<Ref> operands = {selector, otherwise};
  std::vector<llvm::APInt> labels;
  for (const CaseArm& arm : kept) {
    labels.push_back(arm.label);
    operands.push_back(arm.value);
  }
  return make(Op::kCase, otherwise->width, operands, 0, nullptr, &labels);
}

}  // namespace hlsc
