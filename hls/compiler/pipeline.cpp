// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/pipeline.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "hls/compiler/step_timing.hpp"

namespace hlsc {
namespace {

class Pipeline {
 public:
  Pipeline(Design& design, const Schedule& schedule) : design_(design), graph_(design.graph), schedule_(schedule) {}

  void run() {
    // The inputs of registers that are looked at, as their stage is that of the register.
    std::vector<unsigned> state_stage(design_.state.size(), 0);
    const std::vector<Ref> nodes = design_.nodes();
    for (Ref x : nodes)
      if (x->is(Op::kInput) && design_.inputs[x->aux].kind == Input::kState)
        state_stage[design_.inputs[x->aux].leaf] = schedule_.stage.at(x);
    for (Ref x : nodes) find_reserve(x);
    for (Ref x : nodes) here_[x] = rebuilt(x);
    for (std::size_t leaf = 0; leaf < state_stage.size(); ++leaf) {
      design_.state[leaf].stage = state_stage[leaf];
      move(design_.state[leaf].next, state_stage[leaf]);
    }
    for (unsigned port = 1; port < design_.ports.size(); ++port) move_actions(port);
    for (StateLeaf& leaf : added_) design_.state.push_back(std::move(leaf));
    design_.stages = schedule_.stages;
  }

 private:
  /// A stream that is asked for room now and written later.
  void find_reserve(Ref x) {
    if (!x->is(Op::kInput) || design_.inputs[x->aux].kind != Input::kRoom) return;
    const unsigned port = design_.inputs[x->aux].port;
    PortAction& action = design_.actions[port];
    action.reserves = schedule_.port_stage[port] > 0;
    action.always_has_room = action.reserves && action.writes != nullptr && design_.needs(action.writes, x);
  }

  static bool is_wiring(Ref x) { return x->is(Op::kSlice) || x->is(Op::kConcat); }

  /// The value of a port, which has fields.
  bool is_word(Ref x) const { return x->is(Op::kInput) && design_.inputs[x->aux].kind == Input::kWord; }

  unsigned stage_of(Ref x) const { return schedule_.stage.at(x); }

  /// The value in the stage that computes it; of wiring it does not matter, since it is made where it is used.
  Ref rebuilt(Ref x) {
    if (is_wiring(x) || x->operands.empty()) return x;
    graph_.set_origin({"", x->origin.where});
    if (x->is(Op::kMemRead) && design_.ports[x->aux].storage == Storage::kBlock) return block_read(x);
    std::vector<Ref> operands;
    for (Ref operand : x->operands) operands.push_back(at(operand, stage_of(x)));
    if (operands == x->operands) return x;
    Ref result = graph_.with_operands(x, operands);
    if (result->origin.name.empty() && !result->operands.empty() && !is_wiring(result))
      result->origin.name = x->origin.name;
    return result;
  }

  Ref at(Ref x, unsigned stage) {
    if (x->is(Op::kConst) || x->is(Op::kUndef)) return x;
    if (x->is(Op::kSlice) && is_word(x->operand(0))) return word_at(x->operand(0), x->aux, x->width, stage);
    if (is_word(x)) return word_at(x, 0, x->width, stage);
    if (is_wiring(x)) {
      std::vector<Ref> operands;
      for (Ref operand : x->operands) operands.push_back(at(operand, stage));
      return graph_.with_operands(x, operands);
    }
    if (stage <= stage_of(x)) return here_.at(x);
    Ref& known = registered_[{x, stage}];
    if (known == nullptr) known = register_after(name_of(x), at(x, stage - 1), stage);
    return known;
  }

  /// Bits of a port's value. Its fields go along one by one, so that no more of it does than is used.
  Ref word_at(Ref word, unsigned low, unsigned width, unsigned stage) {
    if (stage <= stage_of(word)) return graph_.slice(word, low, width);
    std::vector<Ref> parts;
    const Port& port = design_.ports[design_.inputs[word->aux].port];
    const std::vector<Leaf> leaves = port.layout.leaves;
    const std::string port_name = port.name;
    for (const Leaf& leaf : leaves) {
      const unsigned from = std::max(low, leaf.bit_offset);
      const unsigned to = std::min(low + width, leaf.bit_offset + leaf.width);
      if (from >= to) continue;
      const std::string name = leaf.path.empty() ? port_name : port_name + "." + leaf.path;
      Ref field = graph_.slice(word, leaf.bit_offset, leaf.width);
      parts.push_back(graph_.slice(field_at(word, field, name, stage), from - leaf.bit_offset, to - from));
    }
    return graph_.concat(parts);
  }

  Ref field_at(Ref word, Ref field, const std::string& name, unsigned stage) {
    if (stage <= stage_of(word)) return field;
    Ref& known = registered_[{field, stage}];
    if (known == nullptr) known = register_after(name, field_at(word, field, name, stage - 1), stage);
    return known;
  }

  /// A register that holds `next` for the stage after.
  Ref register_after(const std::string& name, Ref next, unsigned stage) {
    if (next->is(Op::kConst) || next->is(Op::kUndef)) return next;
    return add_register(name + "_s" + std::to_string(stage), next, stage - 1, next->width);
  }

  Ref add_register(const std::string& name, Ref next, unsigned stage, unsigned width) {
    Leaf leaf;
    leaf.path = name;
    leaf.width = width;
    design_.ports[0].layout.leaves.push_back(leaf);
    StateLeaf state;
    state.next = next;
    state.reset = llvm::APInt(width, 0);
    state.stage = stage;
    state.goes_along = true;
    added_.push_back(std::move(state));
    return design_.input(Input::kState, 0, static_cast<unsigned>(design_.ports[0].layout.leaves.size()) - 1);
  }

  std::string name_of(Ref x) {
    if (x->is(Op::kInput)) return input_name(design_, design_.inputs[x->aux]);
    if (!x->origin.name.empty()) return x->origin.name;
    const auto [found, added] = numbers_.try_emplace(x, static_cast<unsigned>(numbers_.size()) + 1);
    return "t" + std::to_string(found->second);
  }

  /// The word that was asked for a stage before, or, if that entry was written since, what was written:
  ///
  ///   stage n-1   ask at `address` ----+    the step before writes in stage n: too late for the block RAM
  ///   stage n     word = address == written_index ? written_data : what the block RAM gives
  Ref block_read(Ref x) {
    const unsigned port = x->aux;
    const unsigned stage = stage_of(x);
    PortAction& action = design_.actions[port];
    action.request = at(x->operand(0), stage - 1);
    action.request_stage = stage - 1;
    action.reads = graph_.constant(1, 1);
    Ref word = design_.input(Input::kWord, port, 0);
    if (action.writes == nullptr) return word;
    const Forward& forward = forward_of(port, x->operand(0)->width, x->width, stage);
    return graph_.mux(graph_.and_(forward.written, graph_.eq(forward.index, at(x->operand(0), stage))), forward.data,
                      word);
  }

  /// What the last step wrote to a memory.
  struct Forward {
    Ref written = nullptr;
    Ref index = nullptr;
    Ref data = nullptr;
    std::size_t first = 0;  // of three registers, in added_
    unsigned stage = 0;
  };

  const Forward& forward_of(unsigned port, unsigned index_width, unsigned width, unsigned stage) {
    const auto [found, added] = forwards_.try_emplace(port);
    Forward& forward = found->second;
    if (!added) return forward;
    const std::string name = design_.ports[port].name;
    forward.first = added_.size();
    forward.stage = stage;
    forward.written = held_register(name + "_written", 1, stage);
    forward.index = held_register(name + "_written_index", index_width, stage);
    forward.data = held_register(name + "_written_data", width, stage);
    return forward;
  }

  /// A register whose next value is set later.
  Ref held_register(const std::string& name, unsigned width, unsigned stage) {
    Ref value = add_register(name, graph_.undef(1), 0, width);
    added_.back().stage = stage;
    added_.back().goes_along = false;
    return value;
  }

  void move(Ref& root, unsigned stage) {
    if (root != nullptr) root = at(root, stage);
  }

  void move_actions(unsigned port) {
    PortAction& action = design_.actions[port];
    const bool of_memory = is_memory(design_.ports[port].kind);
    action.stage = schedule_.port_stage[port];
    for (Ref* root : {&action.writes, &action.data, &action.index}) move(*root, action.stage);
    if (const auto forward = forwards_.find(port); forward != forwards_.end()) {
      StateLeaf* const registers = &added_[forward->second.first];
      registers[0].next = action.writes;
      registers[1].next = action.index;
      registers[2].next = action.data;
    }
    if (design_.ports[port].kind == PortKind::kMem) return;
    move(action.request, action.stage);
    action.request_stage = action.stage;
    move(action.reads, of_memory ? action.stage : 0);
  }

  Design& design_;
  WordGraph& graph_;
  const Schedule& schedule_;
  std::unordered_map<Ref, Ref> here_;
  std::map<std::pair<Ref, unsigned>, Ref> registered_;
  std::unordered_map<Ref, unsigned> numbers_;
  std::vector<StateLeaf> added_;
  std::map<unsigned, Forward> forwards_;  // by port
};

}  // namespace

void pipeline(Design& design, const Schedule& schedule) {
  if (schedule.stages > 1) Pipeline(design, schedule).run();
}

}  // namespace hlsc
