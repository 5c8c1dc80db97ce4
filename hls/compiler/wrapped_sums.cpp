// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/wrapped_sums.hpp"

#include <algorithm>

namespace hlsc {
namespace {

/// Bits that the word needs where the facts hold. What is less by a constant than a word that is no less than that
/// needs no sign, and was extended by one.
unsigned bits_needed(const Facts& facts, Ref x) {
  const unsigned bits = x->width - WordGraph::leading_zeros(x);
  Ref narrow = x->is(Op::kConcat) ? x->operand(0) : x;
  if (!narrow->is(Op::kSub) || !narrow->operand(1)->is(Op::kConst) ||
      narrow->width + WordGraph::sign_bits(x) <= x->width)
    return bits;
  const std::optional<KnownWord> from = facts.word(narrow->operand(0));
  const llvm::APInt& less = narrow->operand(1)->value;
  if (!from || less.ugt(from->least)) return bits;
  return std::min(bits, from->bits());
}

/// begin + length, of as many bits as the length has, against the limit; begin is not below it.
Ref wraps_below(WordGraph& graph, Ref begin, Ref length, unsigned bits, Ref limit) {
  const unsigned above = begin->width - bits;
  const auto low = [&](Ref x) { return graph.slice(x, 0, bits); };
  const auto high = [&](Ref x) { return graph.slice(x, bits, above); };
  Ref sum = graph.add(graph.zext(low(begin), bits + 1), graph.zext(low(length), bits + 1));
  Ref wraps = graph.and_(graph.eq(high(begin), graph.constant(llvm::APInt::getAllOnes(above))), graph.bit(sum, bits));
  Ref far = graph.not_(graph.eq(high(limit), graph.constant(above, 0)));
  return graph.and_(wraps, graph.or_(far, graph.ult(low(sum), low(limit))));
}

}  // namespace

Ref below_if_wrapped(WordGraph& graph, const Facts& facts, Ref sum, Ref limit) {
  if (!sum->is(Op::kAdd)) return nullptr;
  for (const unsigned i : {0u, 1u}) {
    Ref begin = sum->operand(i);
    Ref length = sum->operand(1 - i);
    const unsigned bits = bits_needed(facts, length);
    if (bits == 0 || bits == sum->width || facts.value_of(graph.ult(begin, limit)) != false) continue;
    return wraps_below(graph, begin, length, bits, limit);
  }
  return nullptr;
}

}  // namespace hlsc
