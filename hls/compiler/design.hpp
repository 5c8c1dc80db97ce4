// SPDX-License-Identifier: Apache-2.0
// A compiled kernel: its ports, and the expressions of one step over what the step can see.
#pragma once

#include <string>
#include <vector>

#include "hls/compiler/type_layout.hpp"
#include "hls/compiler/word_graph.hpp"

namespace hlsc {

/// What an Op::kInput node stands for; its aux is an index into Design::inputs.
struct Input {
  enum Kind { kState, kWord, kValid, kRoom };
  Kind kind = kWord;  // kWord: a stream's head, a wire, a block RAM's output register, as one packed word
  unsigned port = 0;
  unsigned leaf = 0;  // of kState
};

struct StateLeaf {
  Ref next = nullptr;  // after a step that fires; null: the register is not needed
  llvm::APInt reset;
};

/// What a step does at one port; null where it does not apply. Conditions have one bit.
struct PortAction {
  Ref reads = nullptr;  // a stream is read, a block RAM is asked
  Ref writes = nullptr;
  Ref data = nullptr;   // packed
  Ref index = nullptr;  // of a write to a memory
  Ref request = nullptr;
  llvm::APInt reset;  // of a written wire, or of each entry of a memory
};

struct Design {
  std::string module;
  std::string source;
  std::vector<Port> ports;  // [0] is the state
  std::vector<Input> inputs;
  std::vector<StateLeaf> state;
  std::vector<PortAction> actions;  // one for each port
  Ref fire = nullptr;               // the step takes effect; see complete_step()
  WordGraph graph;

  Ref input(Input::Kind kind, unsigned port, unsigned leaf);
  /// The step rule: `fire` is that what the step reads is there, and that there is room for what it writes. A pulse
  /// becomes zero in a step that does not write it.
  void complete_step();
  /// Everything that the roots need, operands first.
  std::vector<Ref> nodes();
  /// Every expression that something outside the graph needs, as places that can be rewritten.
  std::vector<Ref*> roots();
};

}  // namespace hlsc
