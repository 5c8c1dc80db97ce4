// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/facts.hpp"

#include <algorithm>

namespace hlsc {
namespace {

constexpr unsigned kWordBits = 64;

std::uint64_t largest(unsigned width) { return ~std::uint64_t{0} >> (kWordBits - width); }

bool is_small(Ref x) { return x->width <= kWordBits; }

bool is_constant(Ref x) { return x->is(Op::kConst); }

bool is_extended(Ref x) { return x->is(Op::kConcat) && x->operands.size() == 2 && x->operand(1)->is_zero(); }

}  // namespace

bool KnownWord::excludes(std::uint64_t value) const {
  return value < least || value > most || std::find(excluded.begin(), excluded.end(), value) != excluded.end();
}

unsigned KnownWord::bits() const {
  unsigned count = 1;
  while (count < kWordBits && (most >> count) != 0) ++count;
  return count;
}

std::optional<KnownWord> Facts::word(Ref x) const {
  if (!is_small(x)) return std::nullopt;
  if (is_constant(x)) return KnownWord{x->value.getZExtValue(), x->value.getZExtValue(), {}};
  if (x->width == 1) {
    const std::optional<bool> bit = value_of(x);
    return bit ? KnownWord{*bit, *bit, {}} : KnownWord{0, 1, {}};
  }
  if (is_extended(x)) return word(x->operand(0));
  KnownWord result{0, largest(x->width), {}};
  if (const auto known = words_.find(x); known != words_.end()) result = known->second;
  if (!x->is(Op::kSlice)) return result;
  Ref whole = x->operand(0);
  const auto known = words_.find(whole);
  if (known == words_.end()) return result;
  const bool is_top = x->aux + x->width == whole->width;
  const bool is_all = x->aux == 0 && known->second.most <= largest(x->width);
  if (!is_top && !is_all) return result;
  result.least = std::max(result.least, known->second.least >> x->aux);
  result.most = std::min(result.most, known->second.most >> x->aux);
  if (is_all && result.excluded.empty()) result.excluded = known->second.excluded;
  return result;
}

bool Facts::learn(Ref word, const KnownWord& known) {
  KnownWord tight = known;
  while (tight.least < tight.most && tight.excludes(tight.least)) ++tight.least;
  while (tight.least < tight.most && tight.excludes(tight.most)) --tight.most;
  const auto before = words_.find(word);
  log_.push_back({word, false, before == words_.end() ? std::nullopt : std::optional(before->second)});
  words_[word] = tight;
  return tight.least <= tight.most && !tight.excludes(tight.least);
}

bool Facts::assume_bounds(Ref word, std::uint64_t least, std::uint64_t most) {
  std::optional<KnownWord> known = this->word(word);
  if (!known) return true;
  known->least = std::max(known->least, least);
  known->most = std::min(known->most, most);
  if (known->least > known->most) return false;
  if (is_constant(word)) return true;
  if (word->width == 1) return known->least != known->most || assume(word, known->least != 0);
  if (is_extended(word)) return assume_bounds(word->operand(0), known->least, known->most);
  if (word->is(Op::kSlice) && is_small(word->operand(0)) && word->aux + word->width == word->operand(0)->width) {
    const std::uint64_t below = word->aux == 0 ? 0 : largest(word->aux);
    return assume_bounds(word->operand(0), known->least << word->aux, known->most << word->aux | below);
  }
  return learn(word, *known);
}

bool Facts::assume_value(Ref word, std::uint64_t value) {
  const std::optional<KnownWord> known = this->word(word);
  if (known && known->excludes(value)) return false;
  return assume_bounds(word, value, value);
}

bool Facts::assume_not(Ref word, std::uint64_t value) {
  std::optional<KnownWord> known = this->word(word);
  if (!known) return true;
  if (known->excludes(value)) return true;
  if (known->is_one_value()) return false;
  if (value == known->least) return assume_bounds(word, value + 1, known->most);
  if (value == known->most) return assume_bounds(word, known->least, value - 1);
  known->excluded.push_back(value);
  return learn(word, *known);
}

bool Facts::assume_comparison(Ref comparison, bool value) {
  Ref a = comparison->operand(0);
  Ref b = comparison->operand(1);
  if (!is_small(a)) return true;
  if (comparison->is(Op::kEq)) {
    if (!is_constant(b)) return true;
    const std::uint64_t label = b->value.getZExtValue();
    return value ? assume_value(a, label) : assume_not(a, label);
  }
  if (is_constant(b)) {
    const std::uint64_t bound = b->value.getZExtValue();
    return value ? assume_bounds(a, 0, bound - 1) : assume_bounds(a, bound, largest(a->width));
  }
  if (is_constant(a)) {
    const std::uint64_t bound = a->value.getZExtValue();
    return value ? assume_bounds(b, bound + 1, largest(b->width)) : assume_bounds(b, 0, bound);
  }
  return true;
}

bool Facts::assume(Ref condition, bool value) {
  if (is_constant(condition)) return condition->value.isOne() == value;
  if (condition->is(Op::kNot)) return assume(condition->operand(0), !value);
  if (const std::optional<bool> known = value_of(condition)) return *known == value;
  log_.push_back({condition, true, std::nullopt});
  bits_[condition] = value;
  if (condition->is(Op::kEq) || condition->is(Op::kUlt)) return assume_comparison(condition, value);
  const bool both = (condition->is(Op::kAnd) && value) || (condition->is(Op::kOr) && !value);
  return !both || (assume(condition->operand(0), value) && assume(condition->operand(1), value));
}

std::optional<bool> Facts::compared(Ref comparison) const {
  const std::optional<KnownWord> a = word(comparison->operand(0));
  const std::optional<KnownWord> b = word(comparison->operand(1));
  if (!a || !b) return std::nullopt;
  if (comparison->is(Op::kUlt)) {
    if (a->most < b->least) return true;
    if (a->least >= b->most) return false;
    return std::nullopt;
  }
  if (a->is_one_value() && b->is_one_value()) return a->least == b->least;
  if ((b->is_one_value() && a->excludes(b->least)) || (a->is_one_value() && b->excludes(a->least))) return false;
  if (a->most < b->least || b->most < a->least) return false;
  return std::nullopt;
}

std::optional<bool> Facts::value_of(Ref bit) const {
  if (is_constant(bit)) return bit->value.isOne();
  if (bit->is(Op::kNot)) {
    const std::optional<bool> opposite = value_of(bit->operand(0));
    return opposite ? std::optional(!*opposite) : std::nullopt;
  }
  if (const auto known = bits_.find(bit); known != bits_.end()) return known->second;
  if (bit->is(Op::kEq) || bit->is(Op::kUlt)) return compared(bit);
  if (!bit->is(Op::kSlice)) return std::nullopt;
  const std::optional<KnownWord> whole = word(bit->operand(0));
  if (!whole) return std::nullopt;
  // Bits above those in which the bounds differ are the same in every value.
  if ((whole->least >> bit->aux) != (whole->most >> bit->aux)) return std::nullopt;
  return ((whole->least >> bit->aux) & 1u) != 0;
}

void Facts::forget(std::size_t mark) {
  while (log_.size() > mark) {
    const Entry& last = log_.back();
    if (last.is_bit)
      bits_.erase(last.node);
    else if (last.word)
      words_[last.node] = *last.word;
    else
      words_.erase(last.node);
    log_.pop_back();
  }
}

}  // namespace hlsc
