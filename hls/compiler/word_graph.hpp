// SPDX-License-Identifier: Apache-2.0
// The kernel's step as an expression graph over words.
//
// Nodes are hash-consed, so equal expressions are one node; Slice and Concat are primitives, so that a 64-bit sum of
// 16-bit values is an adder of 17 bits beside 47 zeros. Every constructor simplifies what it is given; an operand of a
// Concat is listed from the least significant end.
#pragma once

#include <llvm/ADT/APInt.h>

#include <deque>
#include <map>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "hls/compiler/diagnostics.hpp"

namespace hlsc {

enum class Op {
  kConst,
  kUndef,    // any value will do
  kInput,    // aux = the caller's number
  kMemRead,  // aux = port; operand: index
  kRom,      // aux = table; operand: index
  kNot,
  kAnd,
  kOr,
  kXor,
  kAdd,
  kSub,
  kMul,
  kEq,
  kUlt,
  kMux,   // condition, then, else
  kCase,  // selector, default, arm of each of the labels
  kShl,
  kLshr,
  kSlice,  // aux = lowest bit
  kConcat
};

struct Node;
using Ref = const Node*;

/// Where a node came from in C++; only for the reader of the output, and never part of a node's identity.
struct Origin {
  std::string name;
  SourceLocation where;
};

struct Node {
  Op op = Op::kConst;
  unsigned width = 1;
  unsigned aux = 0;
  std::vector<Ref> operands;
  llvm::APInt value;                // kConst
  std::vector<llvm::APInt> labels;  // kCase
  unsigned id = 0;                  // operands have smaller ones
  unsigned depth = 0;               // operations one after another, this one included
  mutable Origin origin;

  Ref operand(unsigned index) const { return operands[index]; }
  bool is(Op other) const { return op == other; }
  bool is_zero() const { return op == Op::kConst && value.isZero(); }
  bool is_ones() const { return op == Op::kConst && value.isAllOnes(); }
};

struct CaseArm {
  llvm::APInt label;
  Ref value;
};

class WordGraph {
 public:
  WordGraph() = default;
  // Nodes are known by their addresses.
  WordGraph(const WordGraph&) = delete;
  WordGraph& operator=(const WordGraph&) = delete;
  WordGraph(WordGraph&&) noexcept = default;
  WordGraph& operator=(WordGraph&&) noexcept = default;
  ~WordGraph() = default;

  Ref constant(const llvm::APInt& value);
  Ref constant(unsigned width, std::uint64_t value) { return constant(llvm::APInt(width, value)); }
  Ref undef(unsigned width);
  Ref input(unsigned number, unsigned width);
  Ref mem_read(unsigned port, unsigned width, Ref index);
  /// Entries beyond the table's end are undefined.
  Ref rom(const std::vector<llvm::APInt>& table, Ref index);

  Ref slice(Ref x, unsigned low, unsigned width);
  Ref bit(Ref x, unsigned index) { return slice(x, index, 1); }
  Ref concat(const std::vector<Ref>& parts);
  Ref zext(Ref x, unsigned width);
  Ref sext(Ref x, unsigned width);
  /// Low bits, or zeros above.
  Ref resize(Ref x, unsigned width) { return width <= x->width ? slice(x, 0, width) : zext(x, width); }

  Ref not_(Ref x);
  Ref and_(Ref a, Ref b);
  Ref or_(Ref a, Ref b);
  Ref xor_(Ref a, Ref b);
  Ref add(Ref a, Ref b);
  Ref sub(Ref a, Ref b);
  Ref mul(Ref a, Ref b);
  Ref eq(Ref a, Ref b);
  Ref ult(Ref a, Ref b);
  Ref slt(Ref a, Ref b);
  Ref mux(Ref condition, Ref then, Ref otherwise);
  Ref case_(Ref selector, const std::vector<CaseArm>& arms, Ref otherwise);
  /// Shifts by any amount; by the width or more gives zeros (copies of the sign).
  Ref shl(Ref x, Ref amount);
  Ref lshr(Ref x, Ref amount);
  Ref ashr(Ref x, Ref amount);

  /// The operation of `x` on other operands, of the same number and widths where it matters.
  Ref with_operands(Ref x, const std::vector<Ref>& operands);

  /// What `root` is where `known` has a value.
  Ref where(Ref root, Ref known, Ref value);

  const std::vector<llvm::APInt>& table(unsigned number) const { return tables_[number]; }
  std::size_t size() const { return nodes_.size(); }

  /// What new nodes are said to come from, until it is set again.
  void set_origin(const Origin& origin) { origin_ = origin; }

  /// Zeros at the top that are known to be there; at the bottom.
  static unsigned leading_zeros(Ref x);
  static unsigned trailing_zeros(Ref x);
  /// Equal bits at the top, at least one.
  static unsigned sign_bits(Ref x);

 private:
  using Parts = std::vector<Ref>;
  struct PairedPart {
    Ref a;
    Ref b;
  };
  using Key = std::tuple<Op, unsigned, unsigned, std::vector<Ref>, std::string>;
  struct KeyHash {
    std::size_t operator()(const Key& key) const;
  };

  Ref make(Op op, unsigned width, std::vector<Ref> operands, unsigned aux = 0, const llvm::APInt* value = nullptr,
           const std::vector<llvm::APInt>* labels = nullptr);
  Ref defined(Ref x);  // zero for an undefined value
  bool splits(Ref x);
  Ref slice_through(Ref x, unsigned low, unsigned width);
  static Parts parts_of(Ref x);
  std::vector<PairedPart> paired(Ref a, Ref b);
  Ref bitwise(Op op, Ref a, Ref b);
  Ref bitwise_parts(Op op, Ref a, Ref b);
  Ref simple_bitwise(Op op, Ref a, Ref b);
  Ref absorbed(Op op, Ref a, Ref b);
  Ref mux_bit(Ref condition, Ref then, Ref otherwise);
  Ref mux_parts(Ref condition, Ref then, Ref otherwise);
  Ref mux_nested(Ref condition, Ref then, Ref otherwise);
  Ref mux_chain(Ref condition, Ref then, Ref otherwise);
  static Ref under_label(Ref value, Ref selector, const llvm::APInt& label);
  Ref add_narrow(Op op, Ref a, Ref b);
  Ref eq_constant(Ref x, Ref constant);
  Ref arithmetic(Op op, Ref a, Ref b);

  std::uint64_t requests_ = 0;
  std::deque<Node> nodes_;
  std::unordered_map<Key, Ref, KeyHash> interned_;
  std::map<std::tuple<Ref, unsigned, unsigned>, Ref> slices_;
  std::unordered_map<Ref, bool> splits_;
  std::vector<std::vector<llvm::APInt>> tables_;
  std::map<std::string, unsigned> table_numbers_;
  Origin origin_;
};

}  // namespace hlsc
