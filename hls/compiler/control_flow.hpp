// SPDX-License-Identifier: Apache-2.0
// Which way control takes, as expressions.
#pragma once

#include <llvm/IR/BasicBlock.h>
#include <llvm/IR/Dominators.h>

#include <functional>
#include <map>
#include <set>

#include "hls/compiler/word_graph.hpp"

namespace hlsc {

/// Reads a loop-free control flow graph as a decision diagram: starting in a block, each branch is a choice between
/// what its successors give. Sub-diagrams that give the same value merge, so a block that is always reached costs
/// nothing.
class ControlFlow {
 public:
  using ValueOf = std::function<Ref(const llvm::Value*)>;

  ControlFlow(WordGraph& graph, const llvm::DominatorTree& dominators, ValueOf value_of)
      : graph_(graph), dominators_(dominators), value_of_(std::move(value_of)) {}

  /// The phi's value, of `width` bits, when control has reached its block; `incoming` gives the value of each of its
  /// operands.
  Ref phi(const llvm::PHINode& phi, unsigned width, const ValueOf& incoming);
  /// Whether control, from the function's entry, passes any of the blocks.
  Ref passes(const std::set<const llvm::BasicBlock*>& blocks, const llvm::BasicBlock* entry);

 private:
  struct Walk {
    // The value of going from one block to the next if that ends the walk there, else null.
    std::function<Ref(const llvm::BasicBlock* from, const llvm::BasicBlock* to)> ends;
    Ref at_return = nullptr;
    unsigned width = 1;
    std::map<const llvm::BasicBlock*, Ref> known;
  };
  Ref walk(Walk& walk, const llvm::BasicBlock* block);

  WordGraph& graph_;
  const llvm::DominatorTree& dominators_;
  ValueOf value_of_;
};

/// Whether two conditions of one bit can hold at once, as far as their structure tells; true when in doubt.
bool can_both_hold(WordGraph& graph, Ref a, Ref b);

}  // namespace hlsc
