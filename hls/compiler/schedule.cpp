// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/schedule.hpp"

#include <algorithm>

#include "hls/compiler/components.hpp"
#include "hls/compiler/gates.hpp"
#include "hls/compiler/lut_mapping.hpp"
#include "hls/compiler/step_timing.hpp"

namespace hlsc {
namespace {

/// Vertices are the nodes, by their place in `nodes_`, and then the memories, by port.
class Scheduler {
 public:
  Scheduler(Design& design, double period, const DelayModel& model)
      : design_(design),
        period_(period),
        model_(model),
        nodes_(design.nodes()),
        mapping_(network_, model_, arrivals()) {
    for (unsigned i = 0; i < nodes_.size(); ++i) number_[nodes_[i]] = i;
    depends_.resize(nodes_.size() + design_.ports.size());
    find_dependencies();
    pin_first_stage();
  }

  Schedule run() {
    stage_.resize(depends_.size(), 0);
    for (const std::vector<unsigned>& component : components(depends_)) place(component);
    Schedule result;
    for (unsigned i = 0; i < nodes_.size(); ++i) result.stage[nodes_[i]] = stage_[i];
    result.port_stage = port_stages();
    for (const unsigned stage : result.port_stage) result.stages = std::max(result.stages, stage + 1);
    return result;
  }

 private:
  std::function<double(Ref)> arrivals() {
    return [this](Ref node) {
      const auto late = late_sources_.find(node);
      return late == late_sources_.end() ? model_.clock_to_q : late->second;
    };
  }

  unsigned memory(unsigned port) const { return static_cast<unsigned>(nodes_.size()) + port; }
  bool is_stream(unsigned port) const { return design_.ports[port].kind == PortKind::kStream; }
  bool is_memory(unsigned port) const {
    return design_.ports[port].kind == PortKind::kMem || design_.ports[port].kind == PortKind::kBram;
  }

  /// What a memory is given: its accesses are all in one stage, after all of it.
  std::vector<Ref> memory_roots(unsigned port) const {
    const PortAction& action = design_.actions[port];
    std::vector<Ref> roots;
    for (Ref root : {action.reads, action.writes, action.data, action.index, action.request})
      if (root != nullptr) roots.push_back(root);
    for (Ref x : nodes_)
      if (x->is(Op::kMemRead) && x->aux == port) roots.push_back(x->operand(0));
    return roots;
  }

  void find_dependencies() {
    for (unsigned i = 0; i < nodes_.size(); ++i) {
      Ref x = nodes_[i];
      for (Ref operand : x->operands) depends_[i].push_back(number_.at(operand));
      if (x->is(Op::kMemRead)) depends_[i].push_back(memory(x->aux));
      if (!x->is(Op::kInput)) continue;
      const Input& input = design_.inputs[x->aux];
      if (input.kind == Input::kState && design_.state[input.leaf].next != nullptr)
        depends_[i].push_back(number_.at(design_.state[input.leaf].next));
      if (input.kind == Input::kWord && design_.ports[input.port].kind == PortKind::kBram) {
        depends_[i].push_back(memory(input.port));
        late_sources_[x] = model_.block_ram_clock_to_q;
      }
    }
    for (unsigned port = 1; port < design_.ports.size(); ++port)
      if (is_memory(port))
        for (Ref root : memory_roots(port)) depends_[memory(port)].push_back(number_.at(root));
  }

  /// Which streams are read is decided in the first stage.
  void pin_first_stage() {
    pinned_.resize(depends_.size(), false);
    std::vector<unsigned> open;
    for (unsigned port = 1; port < design_.ports.size(); ++port)
      if (is_stream(port) && design_.actions[port].reads != nullptr)
        open.push_back(number_.at(design_.actions[port].reads));
    while (!open.empty()) {
      const unsigned vertex = open.back();
      open.pop_back();
      if (pinned_[vertex]) continue;
      pinned_[vertex] = true;
      open.insert(open.end(), depends_[vertex].begin(), depends_[vertex].end());
    }
  }

  void place(const std::vector<unsigned>& component) {
    const auto inside = [&](unsigned vertex) { return std::binary_search(component.begin(), component.end(), vertex); };
    unsigned first = 0;
    bool reads_registers_only = true;
    for (const unsigned vertex : component)
      for (const unsigned other : depends_[vertex])
        if (!inside(other)) first = std::max(first, stage_[other]);
    for (const unsigned vertex : component)
      for (const unsigned other : depends_[vertex])
        if (!inside(other) && stage_[other] == first && is_computed(other)) reads_registers_only = false;
    const double here = try_stage(component, first);
    if (here <= period_ || reads_registers_only || pinned_[component[0]]) return;
    if (try_stage(component, first + 1) >= here) try_stage(component, first);
  }

  /// Whether the value is not there at the start of its stage already.
  bool is_computed(unsigned vertex) const {
    return vertex < nodes_.size() && !nodes_[vertex]->is(Op::kInput) && !nodes_[vertex]->is(Op::kConst) &&
           !nodes_[vertex]->is(Op::kUndef);
  }

  /// Puts the component there, and returns the period that it asks for.
  double try_stage(const std::vector<unsigned>& component, unsigned stage) {
    for (const unsigned vertex : component) stage_[vertex] = stage;
    double needed = 0;
    for (const unsigned vertex : component)
      if (vertex < nodes_.size()) bits_[nodes_[vertex]] = compute(nodes_[vertex], stage);
    for (const unsigned vertex : component)
      needed = std::max(needed, vertex < nodes_.size() ? node_end(nodes_[vertex]) : memory_end(vertex, stage));
    return needed;
  }

  Bits compute(Ref x, unsigned stage) {
    if (x->is(Op::kInput)) return network_.sources(x, x->width);
    std::vector<Bits> operands;
    for (Ref operand : x->operands) operands.push_back(bits_in(operand, stage));
    if (x->is(Op::kMemRead)) return network_.read(x, x->width, operands[0]);
    return network_.operation(design_.graph, x, operands);
  }

  /// In a later stage a value comes from a register.
  const Bits& bits_in(Ref x, unsigned stage) {
    if (stage == stage_[number_.at(x)] || x->is(Op::kConst) || x->is(Op::kUndef)) return bits_.at(x);
    Bits& bits = registered_[x];
    if (bits.empty()) bits = network_.sources(nullptr, x->width);
    return bits;
  }

  double node_end(Ref x) {
    double slowest = 0;
    for (const Literal bit : bits_.at(x)) slowest = std::max(slowest, mapping_.arrival_at_register(bit));
    return slowest;
  }

  double memory_end(unsigned vertex, unsigned stage) {
    const unsigned port = vertex - static_cast<unsigned>(nodes_.size());
    if (port == 0 || !is_memory(port)) return 0;
    const double setup =
        design_.ports[port].kind == PortKind::kBram ? model_.block_ram_data_setup : model_.lutram_setup;
    double slowest = 0;
    for (Ref root : memory_roots(port))
      for (const Literal bit : bits_in(root, stage)) slowest = std::max(slowest, arrival_at_input(bit) + setup);
    return slowest;
  }

  double arrival_at_input(Literal bit) { return gate_of(bit) == 0 ? 0 : mapping_.arrival_at_input(bit); }

  std::vector<unsigned> port_stages() {
    std::vector<unsigned> stages;
    unsigned of_streams = 0;
    for (unsigned port = 0; port < design_.ports.size(); ++port) {
      stages.push_back(port > 0 && !is_memory(port) ? output_stage(port) : stage_[memory(port)]);
      if (port > 0 && is_stream(port)) of_streams = std::max(of_streams, stages[port]);
    }
    for (unsigned port = 1; port < design_.ports.size(); ++port)
      if (is_stream(port)) stages[port] = of_streams;
    return stages;
  }

  /// What a stream is given passes a LUT of its FIFO, or of the handshake.
  unsigned output_stage(unsigned port) {
    const PortAction& action = design_.actions[port];
    const double handshake = 2 * (model_.lut + model_.net) + model_.enable_setup;
    unsigned stage = 0;
    if (action.writes != nullptr) stage = stage_of_end(action.writes, is_stream(port) ? handshake : 0);
    if (action.data != nullptr) stage = std::max(stage, stage_of_end(action.data, is_stream(port) ? model_.lut : 0));
    return stage;
  }

  unsigned stage_of_end(Ref root, double after) {
    const unsigned vertex = number_.at(root);
    double slowest = 0;
    for (const Literal bit : bits_.at(root)) slowest = std::max(slowest, arrival_at_input(bit) + after);
    const bool cut = after > 0 && slowest > period_ && !pinned_[vertex] && is_computed(vertex);
    return stage_[vertex] + (cut ? 1 : 0);
  }

  Design& design_;
  double period_;
  DelayModel model_;
  std::vector<Ref> nodes_;
  GateNetwork network_;
  LutMapping mapping_;
  std::unordered_map<Ref, unsigned> number_;
  std::unordered_map<Ref, double> late_sources_;
  std::vector<std::vector<unsigned>> depends_;
  std::vector<bool> pinned_;
  std::vector<unsigned> stage_;
  std::unordered_map<Ref, Bits> bits_;        // in the node's own stage
  std::unordered_map<Ref, Bits> registered_;  // in later ones
};

}  // namespace

Schedule schedule(Design& design, double period, const DelayModel& model) {
  return Scheduler(design, period, model).run();
}

}  // namespace hlsc
