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
  enum Kind { kState, kWord, kValid, kRoom, kSpace, kPresent };
  // kRoom: there is room for what a step that starts now writes; kSpace: for what is written now.
  Kind kind = kWord;  // kWord: a stream's head, a wire, a block RAM's output register, as one packed word
  unsigned port = 0;
  unsigned leaf = 0;  // of kState: the register; of kPresent: the stage
};

struct StateLeaf {
  Ref next = nullptr;  // after a step that fires; null: the register is not needed
  llvm::APInt reset;
  unsigned stage = 0;       // whose steps it takes part in
  bool goes_along = false;  // a value on its way from that stage to the next
  bool has_reset = true;    // whether rst_ni gives it `reset`; otherwise it keeps what it holds
};

/// What a step does at one port; null where it does not apply. Conditions have one bit.
struct PortAction {
  Ref reads = nullptr;  // a stream is read, a block RAM is asked
  Ref writes = nullptr;
  Ref data = nullptr;   // packed
  Ref index = nullptr;  // of a write to a memory
  Ref request = nullptr;
  llvm::APInt reset;                  // of a written wire, or of each entry of a memory
  unsigned stage = 0;                 // where all of it happens, but for the reading of a stream, which is in stage 0
  unsigned request_stage = 0;         // where a block RAM is asked
  std::vector<llvm::APInt> contents;  // of a memory that starts with other entries than `reset`
  /// The kernel asks for room in a stream that it writes in a later stage, so that the stream needs some for what is
  /// on its way.
  bool reserves = false;
  bool always_has_room = false;  // so that it never waits: it writes only if it was told that there is room
};

struct Design {
  std::string module;
  std::string source;
  std::vector<Port> ports;  // [0] is the state
  std::vector<Input> inputs;
  std::vector<StateLeaf> state;
  std::vector<PortAction> actions;  // one for each port
  double target_ns = 0;             // the period that is asked for; 0: none
  unsigned stages = 1;
  unsigned stream_stage() const;  // where streams are written
  std::vector<Ref> fires;         // by stage: the step in it takes effect; see complete_step()
  std::vector<Ref> present;       // by stage: the next value of the bit that says whether there is a step in it
  WordGraph graph;

  Ref input(Input::Kind kind, unsigned port, unsigned leaf);
  /// A pulse becomes zero in a step that does not write it.
  void complete_pulses();
  /// The step rule: a step fires in stage 0 if what it reads is there, in a later one if it is there itself; and in all
  /// of them only if there is room for what is written.
  void complete_step();
  /// Everything that the roots need, operands first.
  std::vector<Ref> nodes();
  /// Every expression that something outside the graph needs, as places that can be rewritten.
  std::vector<Ref*> roots();
  /// Whether, as far as can be seen, a condition can hold while a step takes effect in that stage and the module is
  /// reset: registers have their reset values, no stream is valid, and no stage after the first has a step.
  bool can_hold_in_reset(Ref condition, unsigned stage);
  /// Whether a condition cannot hold without that input.
  bool needs(Ref condition, Ref there) { return graph.where(condition, there, graph.constant(1, 0))->is_zero(); }
};

}  // namespace hlsc
