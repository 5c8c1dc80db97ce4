// SPDX-License-Identifier: Apache-2.0
// Blocks as SystemVerilog statements, and the continuous assignments outside of them.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "hls/compiler/expressions.hpp"
#include "hls/compiler/placement.hpp"

namespace hlsc {

/// "  // file.hpp:12", to stand behind a statement; empty where the place is not known.
std::string place_comment(const SourceLocation& where);

class Statements {
 public:
  Statements(const Expressions& expressions, const Placement& placement, std::ostream& out)
      : expressions_(expressions), placement_(placement), out_(out) {}

  /// Wires with continuous assignments: every value that no block holds.
  void print_wires() const;
  /// What stands in a block, between begin and end.
  void print_block(unsigned block, unsigned indent) const;
  /// Before print_block of a combinational region: its variables, which must have a value whichever way is taken.
  void print_variables(unsigned region, unsigned indent) const;

 private:
  void print_wire(Ref x) const;
  void print_choice(const Choice& choice, unsigned indent) const;
  void print_if(const Choice& choice, unsigned indent, const char* before) const;
  void print_case(const Choice& choice, unsigned indent) const;
  void print_arms(Ref selector, const std::vector<llvm::APInt>& labels, const std::vector<std::string>& arms,
                  const std::string& otherwise, unsigned indent) const;
  std::string arm(unsigned block, unsigned indent, const std::string& comment = "") const;
  bool is_one_assignment(unsigned block) const;
  const Choice* only_if(unsigned block) const;
  void print_assignment(const Assignment& assignment, unsigned indent) const;
  std::ostream& line(unsigned indent) const { return out_ << std::string(indent, ' '); }

  const Expressions& expressions_;
  const Placement& placement_;
  std::ostream& out_;
};

}  // namespace hlsc
