// SPDX-License-Identifier: Apache-2.0
// Expressions of the word graph as SystemVerilog text: which get a wire of their own, and how each is written.
#pragma once

#include <llvm/ADT/APInt.h>

#include <ostream>
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

  /// Declares and assigns everything that has a wire of its own, operands first, and the functions of the tables.
  void print_functions(std::ostream& out) const;
  void print_wires(std::ostream& out);

  /// The text of an expression; wires must have been printed.
  std::string text(Ref x) const { return x == nullptr ? "" : print(x, true); }

  /// "signal[3:1]" for each run of bits of an input or wire that nothing reads.
  std::vector<std::string> unused_bits() const;
  /// The signals of the inputs that are read at all.
  std::vector<std::string> inputs_used() const;

 private:
  void collect(Ref root);
  void use(Ref x, unsigned low, unsigned width);
  bool wants_wire(Ref x) const;
  unsigned inline_cost(Ref x) const;
  std::string base_name(Ref x) const;
  std::string print(Ref x, bool outermost = false) const;
  std::string print_slice(Ref x) const;
  std::string print_concat(Ref x) const;
  std::string print_not(Ref x) const;
  std::string binary(Ref x, const char* op, bool outermost) const;
  void print_case(std::ostream& out, Ref x, const std::string& name) const;

  Design& design_;
  Identifiers& identifiers_;
  std::vector<std::string> input_names_;
  std::vector<std::string> memory_names_;
  std::vector<std::string> rom_names_;
  std::vector<Ref> order_;  // reachable, operands first
  std::unordered_map<Ref, unsigned> uses_;
  std::unordered_map<Ref, bool> sliced_;
  std::unordered_map<Ref, llvm::APInt> used_bits_;
  std::unordered_map<Ref, unsigned> cost_;
  std::unordered_map<Ref, std::string> wires_;
};

}  // namespace hlsc
