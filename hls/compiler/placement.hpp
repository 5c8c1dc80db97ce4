// SPDX-License-Identifier: Apache-2.0
// Where each value of the step is computed: as deep in the module's if and case statements as all of its uses allow.
//
// The graph is flat, every mux evaluates both of its arms, and a simulator that is given it so computes everything in
// every cycle. The statements that it came from are won back here: a register's next value that is a mux becomes an if
// statement, and what only one arm needs moves into that arm. A synthesis tool makes the same muxes of it again.
//
//   root                                    continuous assignments: what more than one region needs
//   +-- region                              an always block
//       +-- choice on phase_q == 2          a value that is needed in one arm only is computed there
//       |   +-- then  ...
//       |   +-- else  ...
//       +-- ...
#pragma once

#include <llvm/ADT/APInt.h>

#include <map>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "hls/compiler/design.hpp"
#include "hls/compiler/expressions.hpp"

namespace hlsc {

enum class RegionKind { kRoot, kClocked, kCombinational };

/// `target` takes the value of an expression; it is a register's name, a word's, or that of a named value.
struct Assignment {
  std::string target;
  bool blocking = false;
  Ref value = nullptr;
};

struct Block {
  unsigned parent = 0;
  unsigned depth = 0;
  RegionKind kind = RegionKind::kRoot;
  std::vector<Ref> values;  // computed here, operands first
  std::vector<Assignment> assignments;
  std::vector<unsigned> choices;  // of what is assigned here, after the values
};

/// An if statement, or a case statement where it has labels. Arms are numbers of blocks: one for each label, or one for
/// a condition that is true.
struct Choice {
  Ref selector = nullptr;
  std::vector<llvm::APInt> labels;
  std::vector<unsigned> arms;
  unsigned otherwise = 0;
};

class Placement {
 public:
  explicit Placement(const Expressions& expressions);

  /// A new always block.
  unsigned region(RegionKind kind) { return block(0, kind); }
  /// Inside `at`, where `condition` is true.
  unsigned under(unsigned at, Ref condition);
  /// `target` is assigned in block `at`; where the value is `held`, nothing is.
  void assign(unsigned at, const std::string& target, Ref value, Ref held, bool blocking);
  /// As it is, in one statement.
  void assign_whole(unsigned at, const std::string& target, Ref value);
  /// The text of block `at` itself needs the value.
  void need(Ref value, unsigned at);

  /// Places every value that is needed. Call it after all of the above.
  void place();

  const Block& at(unsigned number) const { return blocks_[number]; }
  const Choice& choice(unsigned number) const { return choices_[number]; }
  /// The choice that computes a value, or null if its expression does.
  const Choice* choice_of(Ref value) const;
  bool is_empty(unsigned number) const;
  /// Every value that is computed inside a region.
  std::vector<Ref> values_below(unsigned region) const;

 private:
  /// What is assigned: a place outside the graph, or (owner) a named value of it.
  struct Target {
    std::string name;
    Ref held = nullptr;
    Ref owner = nullptr;
    bool blocking = false;
  };

  unsigned block(unsigned parent, RegionKind kind);
  unsigned choice_on(unsigned at, Ref selector, const std::vector<llvm::APInt>& labels, Ref owner);
  void assign(unsigned at, const Target& target, Ref value);
  void set(unsigned at, const std::string& target, bool blocking, Ref value);
  bool becomes_statement(const Target& target, Ref value) const;
  bool computes_much(Ref x) const;
  unsigned common(unsigned a, unsigned b) const;

  const Expressions& expressions_;
  std::vector<Block> blocks_;
  std::vector<Choice> choices_;
  std::map<std::tuple<unsigned, Ref, std::string, Ref>, unsigned> choice_numbers_;
  std::unordered_map<Ref, unsigned> needed_in_;
  std::unordered_map<Ref, unsigned> owned_;
};

}  // namespace hlsc
