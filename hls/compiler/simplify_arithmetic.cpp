// SPDX-License-Identifier: Apache-2.0
// The word graph's constructors for sums, comparisons and shifts. C++ computes in 64 or 128 bits; known zeros and
// copies of a sign bit at the top are cut off here, so that the operator is as wide as its values.
#include <algorithm>

#include "hls/compiler/word_graph.hpp"

namespace hlsc {
namespace {

/// Whether it is one bit again and again: zero, or minus one.
bool is_minus_bit(Ref x) {
  return x->is(Op::kConcat) && x->operand(0)->width == 1 &&
         std::all_of(x->operands.begin(), x->operands.end(), [x](Ref part) { return part == x->operand(0); });
}

bool chooses_constant(Ref x) {
  return x->is(Op::kMux) && x->operand(1)->is(Op::kConst) && x->operand(2)->is(Op::kConst);
}

}  // namespace

Ref WordGraph::arithmetic(Op op, Ref a, Ref b) {
  if (op != Op::kSub && a->id > b->id) std::swap(a, b);
  return make(op, a->width, {a, b});
}

Ref WordGraph::add(Ref a, Ref b) {
  a = defined(a);
  b = defined(b);
  if (a->is(Op::kConst) && b->is(Op::kConst)) return constant(a->value + b->value);
  if (a->is(Op::kConst)) std::swap(a, b);
  if (b->is_zero()) return a;
  // LLVM writes x - 3 as x + (2^64 - 3).
  if (b->is(Op::kConst) && b->value.isNegative() && b->width > 1 && !b->value.isMinSignedValue())
    return sub(a, constant(-b->value));
  for (const auto& [x, y] : {std::pair(a, b), std::pair(b, a)}) {
    if (is_minus_bit(x)) return sub(y, zext(x->operand(0), x->width));
    const unsigned zeros = trailing_zeros(x);
    if (zeros == 0) continue;
    const unsigned rest = a->width - zeros;
    return concat({slice(y, 0, zeros), add(slice(x, zeros, rest), slice(y, zeros, rest))});
  }
  if (a->width == 1) return xor_(a, b);
  return add_narrow(Op::kAdd, a, b);
}

Ref WordGraph::sub(Ref a, Ref b) {
  a = defined(a);
  b = defined(b);
  if (a->is(Op::kConst) && b->is(Op::kConst)) return constant(a->value - b->value);
  if (b->is_zero()) return a;
  if (a == b) return constant(a->width, 0);
  if (const unsigned zeros = trailing_zeros(b); zeros != 0) {
    const unsigned rest = a->width - zeros;
    return concat({slice(a, 0, zeros), sub(slice(a, zeros, rest), slice(b, zeros, rest))});
  }
  if (a->width == 1) return xor_(a, b);
  return add_narrow(Op::kSub, a, b);
}

Ref WordGraph::add_narrow(Op op, Ref a, Ref b) {
  const unsigned zeros = std::min(leading_zeros(a), leading_zeros(b));
  if (zeros >= 2) {
    const unsigned width = a->width - zeros + 1;
    Ref sum = arithmetic(op, slice(a, 0, width), slice(b, 0, width));
    return op == Op::kAdd ? zext(sum, a->width) : sext(sum, a->width);
  }
  const unsigned signs = std::min(sign_bits(a), sign_bits(b));
  if (signs >= 3) {
    const unsigned width = a->width - signs + 2;
    return sext(arithmetic(op, slice(a, 0, width), slice(b, 0, width)), a->width);
  }
  return arithmetic(op, a, b);
}

Ref WordGraph::mul(Ref a, Ref b) {
  a = defined(a);
  b = defined(b);
  if (a->is(Op::kConst) && b->is(Op::kConst)) return constant(a->value * b->value);
  if (a->is(Op::kConst)) std::swap(a, b);
  if (b->is_zero()) return b;
  if (b->is(Op::kConst) && b->value.isOne()) return a;
  for (const auto& [x, y] : {std::pair(a, b), std::pair(b, a)}) {
    const unsigned zeros = trailing_zeros(x);
    if (zeros == 0) continue;
    const unsigned rest = a->width - zeros;
    return concat({constant(zeros, 0), mul(slice(x, zeros, rest), slice(y, 0, rest))});
  }
  const unsigned needed = 2 * a->width - leading_zeros(a) - leading_zeros(b);
  if (needed < a->width) return zext(arithmetic(Op::kMul, slice(a, 0, needed), slice(b, 0, needed)), a->width);
  return arithmetic(Op::kMul, a, b);
}

Ref WordGraph::eq_constant(Ref x, Ref wanted) {
  if (x->width == 1) return wanted->value.isZero() ? not_(x) : x;
  const auto is_const = [](Ref node) { return node->is(Op::kConst); };
  // x + 1 == 0 needs no sum, and neither does the sum that only one way gives.
  const auto is_step = [&](Ref node) {
    return (node->is(Op::kAdd) || node->is(Op::kSub)) && is_const(node->operand(1));
  };
  if (is_step(x)) {
    const llvm::APInt& by = x->operand(1)->value;
    return eq(x->operand(0), constant(x->is(Op::kAdd) ? wanted->value - by : wanted->value + by));
  }
  const auto is_easy = [&](Ref node) { return is_const(node) || is_step(node); };
  if (x->is(Op::kMux) && (is_easy(x->operand(1)) || is_easy(x->operand(2))))
    return mux(x->operand(0), eq(x->operand(1), wanted), eq(x->operand(2), wanted));
  if (x->is(Op::kCase) && std::count_if(x->operands.begin() + 1, x->operands.end(), is_const) + 2 >=
                              static_cast<std::ptrdiff_t>(x->operands.size())) {
    std::vector<CaseArm> arms;
    for (unsigned i = 0; i < x->labels.size(); ++i) arms.push_back({x->labels[i], eq(x->operand(i + 2), wanted)});
    return case_(x->operand(0), arms, eq(x->operand(1), wanted));
  }
  if (x->is(Op::kNot)) return eq(x->operand(0), constant(~wanted->value));
  return nullptr;
}

Ref WordGraph::eq(Ref a, Ref b) {
  a = defined(a);
  b = defined(b);
  if (a == b) return constant(1, 1);
  if (a->is(Op::kConst) && !b->is(Op::kConst)) std::swap(a, b);
  if (a->width == 1 && !b->is(Op::kConst)) return not_(xor_(a, b));
  // A sign extension equals a constant only if that is one too.
  if (const unsigned copies = sign_bits(a); copies > 1 && b->is(Op::kConst) && copies > sign_bits(b))
    return constant(1, 0);
  if (const unsigned copies = std::min(sign_bits(a), sign_bits(b)); copies > 1)
    return eq(slice(a, 0, a->width - copies + 1), slice(b, 0, a->width - copies + 1));
  Parts left;
  Parts right;
  std::vector<std::pair<Ref, Ref>> seen;
  for (const PairedPart& pair : paired(a, b)) {
    if (pair.a->is(Op::kConst) && pair.b->is(Op::kConst)) {
      if (pair.a->value != pair.b->value) return constant(1, 0);
      continue;
    }
    if (pair.a == pair.b) continue;
    // One bit and its opposite wanted at two places, as in a comparison of a sign extension.
    if (pair.b->is(Op::kConst) && pair.a->width == 1) {
      bool known = false;
      for (const auto& [x, y] : seen) {
        if (x != pair.a) continue;
        if (y != pair.b) return constant(1, 0);
        known = true;
      }
      if (known) continue;
      seen.emplace_back(pair.a, pair.b);
    }
    left.push_back(pair.a);
    right.push_back(pair.b);
  }
  if (left.empty()) return constant(1, 1);
  a = concat(left);
  b = concat(right);
  if (a->is(Op::kConst) && !b->is(Op::kConst)) std::swap(a, b);
  if (b->is(Op::kConst)) {
    if (Ref simple = eq_constant(a, b)) return simple;
  } else if (a->width == 1) {
    return not_(xor_(a, b));
  }
  if (!b->is(Op::kConst) && a->id > b->id) std::swap(a, b);
  return make(Op::kEq, 1, {a, b});
}

Ref WordGraph::ult(Ref a, Ref b) {
  a = defined(a);
  b = defined(b);
  if (a->is(Op::kConst) && b->is(Op::kConst)) return constant(1, a->value.ult(b->value) ? 1 : 0);
  if (a == b || b->is_zero() || a->is_ones()) return constant(1, 0);
  // What both have in common at the top decides nothing.
  const std::vector<PairedPart> pairs = paired(a, b);
  unsigned width = a->width;
  for (auto pair = pairs.rbegin(); pair != pairs.rend() && pair->a == pair->b; ++pair) width -= pair->a->width;
  width = std::min(width, a->width - std::min(leading_zeros(a), leading_zeros(b)));
  if (width == 0) return constant(1, 0);
  // Sign extension keeps the unsigned order; against a constant that is none, the sign alone decides.
  width = std::min(width, a->width - std::min(sign_bits(a), sign_bits(b)) + 1);
  if (width < a->width) return ult(slice(a, 0, width), slice(b, 0, width));
  if (b->is(Op::kConst) && sign_bits(a) > 1) return not_(bit(a, width - 1));
  if (a->is(Op::kConst) && sign_bits(b) > 1) return bit(b, width - 1);
  // Low bits that cannot decide.
  const unsigned low_zeros = b->is(Op::kConst) ? b->value.countr_zero() : 0;
  const unsigned low_ones = a->is(Op::kConst) ? a->value.countr_one() : 0;
  if (const unsigned skip = std::max(low_zeros, low_ones); skip > 0 && skip < width)
    return ult(slice(a, skip, width - skip), slice(b, skip, width - skip));
  if (a->is_zero()) return not_(eq(b, constant(b->width, 0)));
  if (b->is(Op::kConst) && b->value.isPowerOf2()) {
    const unsigned low = b->value.countr_zero();
    Ref high = slice(a, low, a->width - low);
    return eq(high, constant(high->width, 0));
  }
  if (a->is(Op::kConst) && (a->value + 1).isPowerOf2()) {
    const unsigned low = (a->value + 1).countr_zero();
    Ref high = slice(b, low, b->width - low);
    return not_(eq(high, constant(high->width, 0)));
  }
  if (a->width == 1) return and_(not_(a), b);
  return make(Op::kUlt, 1, {a, b});
}

Ref WordGraph::slt(Ref a, Ref b) {
  a = defined(a);
  b = defined(b);
  const unsigned width = a->width - std::min(sign_bits(a), sign_bits(b)) + 1;
  if (width < a->width) return slt(slice(a, 0, width), slice(b, 0, width));
  if (b->is_zero()) return bit(a, width - 1);
  const auto biased = [&](Ref x) {
    if (width == 1) return not_(x);
    return concat({slice(x, 0, width - 1), not_(bit(x, width - 1))});
  };
  return ult(biased(a), biased(b));
}

Ref WordGraph::shl(Ref x, Ref amount) {
  x = defined(x);
  amount = defined(amount);
  if (amount->is(Op::kConst)) {
    const auto count = static_cast<unsigned>(amount->value.getLimitedValue(x->width));
    if (count >= x->width) return constant(x->width, 0);
    if (count == 0) return x;
    return concat({constant(count, 0), slice(x, 0, x->width - count)});
  }
  if (x->is_zero()) return x;
  const unsigned bits = std::max(1u, amount->width - leading_zeros(amount));
  amount = slice(amount, 0, bits);
  // Two shifts by constants are wires.
  if (chooses_constant(amount)) return mux(amount->operand(0), shl(x, amount->operand(1)), shl(x, amount->operand(2)));
  const unsigned farthest = (1u << std::min(bits, 16u)) - 1;
  const unsigned zeros = leading_zeros(x);
  if (zeros > farthest) {
    const unsigned width = x->width - zeros + farthest;
    return zext(make(Op::kShl, width, {slice(x, 0, width), amount}), x->width);
  }
  return make(Op::kShl, x->width, {x, amount});
}

Ref WordGraph::lshr(Ref x, Ref amount) {
  x = defined(x);
  amount = defined(amount);
  if (amount->is(Op::kConst)) {
    const auto count = static_cast<unsigned>(amount->value.getLimitedValue(x->width));
    if (count >= x->width) return constant(x->width, 0);
    return zext(slice(x, count, x->width - count), x->width);
  }
  if (x->is_zero()) return x;
  const unsigned bits = std::max(1u, amount->width - leading_zeros(amount));
  amount = slice(amount, 0, bits);
  if (chooses_constant(amount))
    return mux(amount->operand(0), lshr(x, amount->operand(1)), lshr(x, amount->operand(2)));
  const unsigned width = std::max(1u, x->width - leading_zeros(x));
  return zext(make(Op::kLshr, width, {slice(x, 0, width), amount}), x->width);
}

Ref WordGraph::ashr(Ref x, Ref amount) {
  x = defined(x);
  if (amount->is(Op::kConst)) {
    const auto count = static_cast<unsigned>(amount->value.getLimitedValue(x->width - 1));
    const unsigned low = std::min(count, x->width - 1);
    return sext(slice(x, low, x->width - low), x->width);
  }
  return mux(bit(x, x->width - 1), not_(lshr(not_(x), amount)), lshr(x, amount));
}

}  // namespace hlsc
