// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/gates.hpp"

#include <algorithm>

namespace hlsc {

Literal GateNetwork::make(GateKind kind, Literal a, Literal b) {
  if (a > b) std::swap(a, b);
  const auto [found, added] = known_.try_emplace({kind, a, b}, size() * 2);
  if (added) gates_.push_back({kind, a, b, node_});
  return found->second;
}

Literal GateNetwork::append(const Gate& gate) {
  gates_.push_back(gate);
  return (size() - 1) * 2;
}

Literal GateNetwork::source(Ref node) { return append({GateKind::kSource, 0, 0, node}); }

Bits GateNetwork::sources(Ref node, unsigned width) {
  Bits bits;
  for (unsigned i = 0; i < width; ++i) bits.push_back(source(node));
  return bits;
}

std::uint32_t GateNetwork::add_chain(CarryChain chain) {
  chains_.push_back(std::move(chain));
  return static_cast<std::uint32_t>(chains_.size()) - 1;
}

std::uint32_t GateNetwork::add_box(Box box) {
  boxes_.push_back(std::move(box));
  return static_cast<std::uint32_t>(boxes_.size()) - 1;
}

Bits GateNetwork::read(Ref node, unsigned width, const Bits& address) {
  set_node(node);
  const std::uint32_t box = add_box({address});
  Bits bits;
  for (unsigned i = 0; i < width; ++i) bits.push_back(box_output(box, i));
  return bits;
}

Literal GateNetwork::and_(Literal a, Literal b) {
  if (a == kFalse || b == kFalse || a == complement(b)) return kFalse;
  if (a == kTrue || a == b) return b;
  if (b == kTrue) return a;
  return make(GateKind::kAnd, a, b);
}

Literal GateNetwork::xor_(Literal a, Literal b) {
  const Literal inverted = (a ^ b) & 1u;
  a &= ~1u;
  b &= ~1u;
  if (a == b) return kFalse ^ inverted;
  if (a == kFalse) return b ^ inverted;
  if (b == kFalse) return a ^ inverted;
  return make(GateKind::kXor, a, b) ^ inverted;
}

Literal GateNetwork::mux(Literal condition, Literal then, Literal otherwise) {
  if (then == otherwise) return then;
  if (then == complement(otherwise)) return xor_(condition, otherwise);
  return or_(and_(condition, then), and_(complement(condition), otherwise));
}

/// As a balanced tree.
Literal GateNetwork::all(Bits bits) {
  if (bits.empty()) return kTrue;
  for (std::size_t count = bits.size(); count > 1; count = (count + 1) / 2) {
    for (std::size_t i = 0; i < count / 2; ++i) bits[i] = and_(bits[2 * i], bits[2 * i + 1]);
    if (count % 2 != 0) bits[count / 2] = bits[count - 1];
  }
  return bits[0];
}

Literal GateNetwork::any(Bits bits) {
  for (Literal& bit : bits) bit = complement(bit);
  return complement(all(std::move(bits)));
}

Literal GateNetwork::equal(const Bits& a, const Bits& b) {
  Bits same;
  for (std::size_t i = 0; i < a.size(); ++i) same.push_back(complement(xor_(a[i], b[i])));
  return all(same);
}

Literal GateNetwork::is(const Bits& x, const llvm::APInt& value) {
  Bits same;
  for (unsigned i = 0; i < x.size(); ++i) same.push_back(value[i] ? x[i] : complement(x[i]));
  return all(same);
}

Bits GateNetwork::choose(Literal condition, const Bits& then, const Bits& otherwise) {
  Bits bits;
  for (std::size_t i = 0; i < then.size(); ++i) bits.push_back(mux(condition, then[i], otherwise[i]));
  return bits;
}

/// Positions that cannot make a carry are no part of the chain.
Bits GateNetwork::sum(const Bits& a, const Bits& b, Literal carry_in, bool with_carry_out) {
  Bits result;
  std::size_t from = 0;
  while (from < a.size() && carry_in <= kTrue && (a[from] == carry_in || b[from] == carry_in)) {
    result.push_back(xor_(xor_(a[from], b[from]), carry_in));
    ++from;
  }
  if (from == a.size()) {
    if (with_carry_out) result.push_back(carry_in);
    return result;
  }
  CarryChain chain;
  chain.carry_in = carry_in;
  for (std::size_t i = from; i < a.size(); ++i) {
    chain.s.push_back(xor_(a[i], b[i]));
    chain.d.push_back(a[i]);
  }
  const std::size_t outputs = chain.s.size() + (with_carry_out ? 1 : 0);
  const std::uint32_t number = add_chain(std::move(chain));
  for (std::size_t i = 0; i < outputs; ++i) result.push_back(chain_output(number, static_cast<std::uint32_t>(i)));
  return result;
}

Bits GateNetwork::shift(const Bits& x, const Bits& amount, bool left) {
  Bits bits = x;
  Bits too_far;
  for (std::size_t step = 0; step < amount.size(); ++step) {
    if (step >= 31 || (std::size_t{1} << step) >= x.size()) {
      too_far.push_back(amount[step]);
      continue;
    }
    const std::size_t by = std::size_t{1} << step;
    Bits moved(x.size(), kFalse);
    for (std::size_t i = 0; i < x.size(); ++i) {
      if (left && i >= by) moved[i] = bits[i - by];
      if (!left && i + by < x.size()) moved[i] = bits[i + by];
    }
    bits = choose(amount[step], moved, bits);
  }
  const Literal none = any(too_far);
  for (Literal& bit : bits) bit = and_(bit, complement(none));
  return bits;
}

/// By halves of the table, from the last bit of the index to the first.
Bits GateNetwork::look_up(const std::vector<llvm::APInt>& table, unsigned width, const Bits& index) {
  std::vector<Bits> words;
  for (const llvm::APInt& entry : table) {
    Bits bits;
    for (unsigned i = 0; i < width; ++i) bits.push_back(entry[i] ? kTrue : kFalse);
    words.push_back(bits);
  }
  for (const Literal bit : index) {
    std::vector<Bits> halves;
    for (std::size_t i = 0; i < words.size(); i += 2)
      halves.push_back(i + 1 < words.size() ? choose(bit, words[i + 1], words[i]) : words[i]);
    words = std::move(halves);
  }
  return words[0];
}

Bits GateNetwork::product(const Bits& a, const Bits& b) {
  Bits total(a.size(), kFalse);
  for (std::size_t i = 0; i < b.size(); ++i) {
    Bits row(a.size(), kFalse);
    for (std::size_t j = i; j < a.size(); ++j) row[j] = and_(a[j - i], b[i]);
    if (std::any_of(row.begin(), row.end(), [](Literal x) { return x != kFalse; }))
      total = sum(total, row, kFalse, false);
  }
  return total;
}

/// Each arm under its own label, all together: one of them holds.
Bits GateNetwork::cases(Ref x, const std::vector<Bits>& operands) {
  const bool total = x->operand(1)->is(Op::kUndef);
  std::vector<Bits> terms(x->width);
  Bits matches;
  for (unsigned i = 0; i < x->labels.size(); ++i) {
    const Literal match = is(operands[0], x->labels[i]);
    matches.push_back(match);
    for (unsigned bit = 0; bit < x->width; ++bit) terms[bit].push_back(and_(match, operands[i + 2][bit]));
  }
  const Literal none = complement(any(matches));
  Bits bits;
  for (unsigned bit = 0; bit < x->width; ++bit) {
    if (!total) terms[bit].push_back(and_(none, operands[1][bit]));
    bits.push_back(any(terms[bit]));
  }
  return bits;
}

Bits GateNetwork::operation(const WordGraph& graph, Ref x, const std::vector<Bits>& in) {
  node_ = x;
  const auto inverted = [](Bits bits) {
    for (Literal& bit : bits) bit = complement(bit);
    return bits;
  };
  Bits bits;
  switch (x->op) {
    case Op::kConst:
      for (unsigned i = 0; i < x->width; ++i) bits.push_back(x->value[i] ? kTrue : kFalse);
      return bits;
    case Op::kUndef:
      return Bits(x->width, kFalse);
    case Op::kRom:
      return look_up(graph.table(x->aux), x->width, in[0]);
    case Op::kNot:
      return inverted(in[0]);
    case Op::kAnd:
    case Op::kOr:
    case Op::kXor:
      for (unsigned i = 0; i < x->width; ++i)
        bits.push_back(x->is(Op::kAnd)  ? and_(in[0][i], in[1][i])
                       : x->is(Op::kOr) ? or_(in[0][i], in[1][i])
                                        : xor_(in[0][i], in[1][i]));
      return bits;
    case Op::kAdd:
      return sum(in[0], in[1], kFalse, false);
    case Op::kSub:
      return sum(in[0], inverted(in[1]), kTrue, false);
    case Op::kMul:
      return product(in[0], in[1]);
    case Op::kEq:
      return {equal(in[0], in[1])};
    case Op::kUlt:
      return {complement(sum(in[0], inverted(in[1]), kTrue, true).back())};
    case Op::kMux:
      return choose(in[0][0], in[1], in[2]);
    case Op::kCase:
      return cases(x, in);
    case Op::kShl:
    case Op::kLshr:
      return shift(in[0], in[1], x->is(Op::kShl));
    case Op::kSlice:
      return Bits(in[0].begin() + x->aux, in[0].begin() + x->aux + x->width);
    case Op::kConcat:
      for (const Bits& part : in) bits.insert(bits.end(), part.begin(), part.end());
      return bits;
    default:
      return sources(x, x->width);
  }
}

}  // namespace hlsc
