// SPDX-License-Identifier: Apache-2.0
// Expressions of the word graph as SystemVerilog text: which get a name of their own, and how each is written.
#pragma once

#include <llvm/ADT/APInt.h>

#include <ostream>
#include <set>
#include <unordered_map>
#include <vector>

#include "hls/compiler/design.hpp"
#include "hls/compiler/identifiers.hpp"

namespace hlsc {

/// "logic [w-1:0]", or "logic" for one bit.
std::string logic_type(unsigned width);
/// A sized literal.
std::string literal(const llvm::APInt& value);

class Expressions {
 public:
  /// `input_name` gives the signal of an input node, `memory_name` the array of a memory port.
  Expressions(Design& design, Identifiers& identifiers, std::vector<std::string> input_names,
              std::vector<std::string> memory_names);

  /// The functions of the tables.
  void print_functions(std::ostream& out) const;

  /// Everything that the design needs, operands first.
  const std::vector<Ref>& order() const { return order_; }
  /// By how many operations, and ways out of the graph.
  unsigned uses(Ref x) const {
    const auto found = uses_.find(x);
    return found == uses_.end() ? 1 : found->second;
  }
  /// Whether the value has a wire or variable of its own; if not, its text stands wherever it is used.
  bool is_named(Ref x) const { return names_.count(x) != 0; }
  const std::string& name(Ref x) const { return names_.at(x); }
  /// Of a named value: of a shifted or stored word only up to the highest bit that something reads.
  unsigned width(Ref x) const;
  /// Whether each of these bits is read by something.
  bool is_read_whole(Ref x) const { return used_bits_.at(x).isMask(width(x)); }

  /// The text of an expression, which is its name if it has one.
  std::string text(Ref x) const { return x == nullptr ? "" : print(x, true); }
  /// What is used once needs no name, unless it is a statement.
  bool needs_name(Ref x) const { return uses(x) > 1 || x->is(Op::kCase); }
  /// As text(), but of what needs no name its definition.
  std::string text_of_sole_use(Ref x) const { return needs_name(x) ? text(x) : definition(x); }
  /// What a named value is.
  std::string definition(Ref x) const;

  /// "signal[3:1]" for each run of bits of an input or named value that nothing reads.
  std::vector<std::string> unused_bits() const;
  /// The signals of the inputs that are read at all.
  std::vector<std::string> inputs_used() const;

 private:
  void collect(Ref root);
  void find_holding();
  void use(Ref x, unsigned low, unsigned width);
  bool wants_name(Ref x) const;
  void name_values();
  unsigned inline_cost(Ref x) const;
  std::string base_name(Ref x) const;
  std::string print(Ref x, bool outermost = false) const;
  std::string print_operation(Ref x, bool outermost) const;
  std::string print_slice(Ref x) const;
  std::string print_concat(Ref x) const;
  std::string print_not(Ref x) const;
  std::string binary(Ref x, const char* op, bool outermost) const;

  Design& design_;
  Identifiers& identifiers_;
  std::vector<std::string> input_names_;
  std::vector<std::string> memory_names_;
  std::vector<std::string> rom_names_;
  std::vector<Ref> order_;  // reachable, operands first
  std::unordered_map<Ref, unsigned> uses_;
  std::unordered_map<Ref, bool> sliced_;
  std::unordered_map<Ref, llvm::APInt> used_bits_;
  std::set<std::pair<Ref, Ref>> holding_;  // a choice of a register's next value, and the register
  std::unordered_map<Ref, unsigned> cost_;
  std::unordered_map<Ref, std::string> names_;
};

}  // namespace hlsc
