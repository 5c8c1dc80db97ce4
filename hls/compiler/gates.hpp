// SPDX-License-Identifier: Apache-2.0
// Expressions down to single bits: what a synthesis tool sees before it maps to LUTs. Nothing is emitted from it; it
// is what delays and areas are estimated on.
//
// Gates are ANDs and XORs of two literals, a literal being a gate or its complement; sums and comparisons are carry
// chains, and a memory that is read at once is a box. Equal gates are one.
#pragma once

#include <cstdint>
#include <map>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "hls/compiler/word_graph.hpp"

namespace hlsc {

/// Twice a gate's number, plus one for its complement.
using Literal = std::uint32_t;
using Bits = std::vector<Literal>;  // the least significant first

constexpr Literal kFalse = 0;
constexpr Literal kTrue = 1;
constexpr Literal complement(Literal x) { return x ^ 1u; }
constexpr std::uint32_t gate_of(Literal x) { return x >> 1; }

enum class GateKind : std::uint8_t {
  kConstant,  // gate 0
  kSource,    // starts a path: a register, an input
  kAnd,
  kXor,
  kChain,  // an output of a carry chain; a = chain, b = position
  kBox     // an output of a box; a = box
};

struct Gate {
  GateKind kind = GateKind::kConstant;
  Literal a = 0;
  Literal b = 0;
  Ref node = nullptr;  // what it is part of
};

/// Position i adds: its sum is s[i] ^ carry, its carry out is s[i] ? carry : d[i]. The output of position i is its
/// sum, that of position size() the last carry.
struct CarryChain {
  Bits s;
  Bits d;
  Literal carry_in = kFalse;
};

/// An asynchronous read: every output depends on every bit of the address.
struct Box {
  Bits address;
};

class GateNetwork {
 public:
  GateNetwork() { gates_.emplace_back(); }

  Literal source(Ref node);
  Literal and_(Literal a, Literal b);
  Literal or_(Literal a, Literal b) { return complement(and_(complement(a), complement(b))); }
  Literal xor_(Literal a, Literal b);
  Literal mux(Literal condition, Literal then, Literal otherwise);
  Literal all(Bits bits);
  Literal any(Bits bits);
  /// a + b + carry_in in size() bits, and the carry out above them.
  Bits sum(const Bits& a, const Bits& b, Literal carry_in, bool with_carry_out);

  /// The gates of an operation, given those of its operands. Inputs and memories come from the caller.
  Bits operation(const WordGraph& graph, Ref x, const std::vector<Bits>& operands);
  Bits sources(Ref node, unsigned width);
  Bits read(Ref node, unsigned width, const Bits& address);

  // The parts of which operations are made.
  std::uint32_t add_chain(CarryChain chain);
  Literal chain_output(std::uint32_t chain, std::uint32_t position) {
    return append({GateKind::kChain, chain, position, node_});
  }
  std::uint32_t add_box(Box box);
  Literal box_output(std::uint32_t box, std::uint32_t bit) { return append({GateKind::kBox, box, bit, node_}); }
  /// What new gates are part of.
  void set_node(Ref node) { node_ = node; }

  /// A network that has all values twice: as here, and with chains of ANDs and of XORs made as shallow as they can be
  /// without another gate, which `ends` are translated to. What is shallower in gates need not be so in LUTs.
  GateNetwork balanced(std::vector<Literal>& ends) const;

  std::uint32_t size() const { return static_cast<std::uint32_t>(gates_.size()); }
  const Gate& at(std::uint32_t gate) const { return gates_[gate]; }
  const CarryChain& chain(std::uint32_t number) const { return chains_[number]; }
  const Box& box(std::uint32_t number) const { return boxes_[number]; }

 private:
  Literal append(const Gate& gate);
  Literal make(GateKind kind, Literal a, Literal b);
  Bits choose(Literal condition, const Bits& then, const Bits& otherwise);
  Bits shift(const Bits& x, const Bits& amount, bool left);
  Bits look_up(const std::vector<llvm::APInt>& table, unsigned width, const Bits& index);
  Bits product(const Bits& a, const Bits& b);
  Bits cases(Ref x, const std::vector<Bits>& operands);
  Literal equal(const Bits& a, const Bits& b);
  Literal is(const Bits& x, const llvm::APInt& value);

  std::vector<Gate> gates_;
  std::vector<CarryChain> chains_;
  std::vector<Box> boxes_;
  std::map<std::tuple<GateKind, Literal, Literal>, Literal> known_;
  Ref node_ = nullptr;
};

}  // namespace hlsc
