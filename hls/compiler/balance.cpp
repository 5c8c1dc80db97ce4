// SPDX-License-Identifier: Apache-2.0
// Chains of one associative operation as trees: (((a & b) & c) & d) becomes (a & b) & (c & d), and what comes last is
// combined last. A gate that something else uses too stays whole, so that nothing is made twice.
#include <algorithm>
#include <queue>

#include "hls/compiler/gates.hpp"

namespace hlsc {
namespace {

class Balance {
 public:
  Balance(const GateNetwork& from, GateNetwork& to, const std::vector<Literal>& ends) : from_(from), to_(to) {
    uses_.resize(from.size(), 0);
    known_.resize(from.size(), kFalse);
    level_.resize(to.size(), 0);
    for (std::uint32_t gate = 1; gate < from.size(); ++gate) count_inputs(gate);
    for (const Literal end : ends) ++uses_[gate_of(end)];
  }

  void run() {
    for (std::uint32_t gate = 1; gate < from_.size(); ++gate) known_[gate] = make(gate);
  }

  Literal translated(Literal x) const { return known_[gate_of(x)] ^ (x & 1u); }

 private:
  bool is_logic(std::uint32_t gate) const {
    return from_.at(gate).kind == GateKind::kAnd || from_.at(gate).kind == GateKind::kXor;
  }

  void count_inputs(std::uint32_t gate) {
    const Gate& what = from_.at(gate);
    if (is_logic(gate)) {
      ++uses_[gate_of(what.a)];
      ++uses_[gate_of(what.b)];
    } else if (what.kind == GateKind::kChain && what.b == 0) {
      const CarryChain& chain = from_.chain(what.a);
      for (const Bits* bits : {&chain.s, &chain.d})
        for (const Literal bit : *bits) ++uses_[gate_of(bit)];
      ++uses_[gate_of(chain.carry_in)];
    } else if (what.kind == GateKind::kBox && what.b == 0) {
      for (const Literal bit : from_.box(what.a).address) ++uses_[gate_of(bit)];
    }
  }

  Bits translated(const Bits& bits) const {
    Bits result;
    for (const Literal bit : bits) result.push_back(translated(bit));
    return result;
  }

  Literal make(std::uint32_t gate) {
    const Gate& what = from_.at(gate);
    to_.set_node(what.node);
    switch (what.kind) {
      case GateKind::kSource:
        return leveled(to_.source(what.node), 0);
      case GateKind::kChain: {
        const CarryChain& old = from_.chain(what.a);
        if (what.b == 0 || chains_.count(what.a) == 0)
          chains_[what.a] = to_.add_chain({translated(old.s), translated(old.d), translated(old.carry_in)});
        return leveled(to_.chain_output(chains_.at(what.a), what.b), deepest(chains_.at(what.a)) + 2);
      }
      case GateKind::kBox:
        if (boxes_.count(what.a) == 0) boxes_[what.a] = to_.add_box({translated(from_.box(what.a).address)});
        return leveled(to_.box_output(boxes_.at(what.a), what.b), 2);
      default:
        return tree(gate);
    }
  }

  unsigned deepest(std::uint32_t chain) const {
    unsigned level = 0;
    for (const Literal bit : to_.chain(chain).s) level = std::max(level, level_[gate_of(bit)]);
    return level;
  }

  Literal leveled(Literal x, unsigned level) {
    level_.resize(std::max<std::size_t>(level_.size(), to_.size()), 0);
    level_[gate_of(x)] = std::max(level_[gate_of(x)], level);
    return x;
  }

  void collect(Literal x, GateKind kind, Bits& leaves) const {
    const Gate& what = from_.at(gate_of(x));
    const bool through = kind == GateKind::kXor || (x & 1u) == 0;
    if (what.kind != kind || !through || uses_[gate_of(x)] > 1) {
      leaves.push_back(translated(x));
      return;
    }
    if ((x & 1u) != 0) leaves.push_back(kTrue);  // of an XOR
    collect(what.a, kind, leaves);
    collect(what.b, kind, leaves);
  }

  Literal tree(std::uint32_t gate) {
    const Gate& what = from_.at(gate);
    Bits leaves;
    collect(what.a, what.kind, leaves);
    collect(what.b, what.kind, leaves);
    const auto later = [this](Literal a, Literal b) {
      return std::make_pair(level_[gate_of(a)], a) > std::make_pair(level_[gate_of(b)], b);
    };
    std::priority_queue<Literal, Bits, decltype(later)> open(later, std::move(leaves));
    while (open.size() > 1) {
      const Literal a = open.top();
      open.pop();
      const Literal b = open.top();
      open.pop();
      const unsigned level = std::max(level_[gate_of(a)], level_[gate_of(b)]) + 1;
      const std::uint32_t before = to_.size();
      const Literal both = what.kind == GateKind::kAnd ? to_.and_(a, b) : to_.xor_(a, b);
      level_.resize(to_.size(), 0);
      if (to_.size() > before) level_[gate_of(both)] = level;
      open.push(both);
    }
    return open.top();
  }

  const GateNetwork& from_;
  GateNetwork& to_;
  std::vector<unsigned> uses_;
  std::vector<Literal> known_;
  std::vector<unsigned> level_;  // of the new gates
  std::map<std::uint32_t, std::uint32_t> chains_;
  std::map<std::uint32_t, std::uint32_t> boxes_;
};

}  // namespace

GateNetwork GateNetwork::balanced(std::vector<Literal>& ends) const {
  GateNetwork result = *this;
  Balance balance(*this, result, ends);
  balance.run();
  for (Literal& end : ends) end = balance.translated(end);
  return result;
}

}  // namespace hlsc
