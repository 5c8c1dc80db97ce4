// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/schedule.hpp"

#include <algorithm>

#include "hls/compiler/components.hpp"
#include "hls/compiler/dependencies.hpp"
#include "hls/compiler/gates.hpp"
#include "hls/compiler/lut_mapping.hpp"
#include "hls/compiler/step_timing.hpp"

namespace hlsc {
namespace {

class Scheduler {
 public:
  Scheduler(Design& design, double period, const DelayModel& model)
      : design_(design),
        period_(period),
        model_(model),
        dependencies_(design),
        edges_(dependencies_.edges()),
        mapping_(network_, model_, arrivals()) {
    std::vector<unsigned> reads;
    for (unsigned port = 1; port < design_.ports.size(); ++port)
      if (is_stream(port) && design_.actions[port].reads != nullptr)
        reads.push_back(dependencies_.number(design_.actions[port].reads));
    pinned_ = dependencies_.closure(reads);
  }

  Schedule run() {
    stage_.resize(edges_.size(), 0);
    for (const std::vector<unsigned>& component : components(edges_)) place(component);
    Schedule result;
    for (Ref x : dependencies_.nodes()) result.stage[x] = stage_[dependencies_.number(x)];
    result.port_stage = port_stages();
    for (const unsigned stage : result.port_stage) result.stages = std::max(result.stages, stage + 1);
    return result;
  }

 private:
  /// A source that is no node is a register between stages.
  std::function<double(Ref)> arrivals() {
    return [this](Ref node) {
      if (node == nullptr || !node->is(Op::kInput))
        return node == nullptr ? model_.clock_to_q : model_.block_ram_clock_to_q;
      return input_arrival(design_, design_.inputs[node->aux], model_);
    };
  }

  bool is_stream(unsigned port) const { return design_.ports[port].kind == PortKind::kStream; }
  bool is_memory(unsigned port) const { return port > 0 && hlsc::is_memory(design_.ports[port].kind); }
  bool is_block(unsigned port) const {
    return design_.ports[port].kind == PortKind::kMem && design_.ports[port].storage == Storage::kBlock;
  }

  /// A mem<> of block RAM is asked a stage before the one that uses its word.
  unsigned earliest(unsigned vertex, unsigned on) const {
    if (dependencies_.is_node(vertex)) return stage_[on];
    const unsigned port = dependencies_.port(vertex);
    if (port == 0 || !is_block(port)) return stage_[on];
    const std::vector<Ref> addresses = dependencies_.addresses(port);
    const bool asks = std::any_of(addresses.begin(), addresses.end(),
                                  [&](Ref address) { return dependencies_.number(address) == on; });
    return stage_[on] + (asks ? 1 : 0);
  }

  void place(const std::vector<unsigned>& component) {
    const auto inside = [&](unsigned vertex) { return std::binary_search(component.begin(), component.end(), vertex); };
    unsigned first = 0;
    bool reads_registers_only = true;
    for (const unsigned vertex : component)
      for (const unsigned other : edges_[vertex])
        if (!inside(other)) first = std::max(first, earliest(vertex, other));
    for (const unsigned vertex : component)
      for (const unsigned other : edges_[vertex])
        if (!inside(other) && stage_[other] == first && is_computed(other)) reads_registers_only = false;
    const double here = try_stage(component, first);
    if (here <= period_ || reads_registers_only || pinned_[component[0]] || is_read(component[0])) return;
    if (try_stage(component, first + 1) >= here) try_stage(component, first);
  }

  /// A read is in its memory's stage: later it would see what its own step has written.
  bool is_read(unsigned vertex) const {
    return dependencies_.is_node(vertex) && dependencies_.nodes()[vertex]->is(Op::kMemRead);
  }

  /// Whether the value is not there at the start of its stage already.
  bool is_computed(unsigned vertex) const {
    if (!dependencies_.is_node(vertex)) return false;
    Ref x = dependencies_.nodes()[vertex];
    return !x->is(Op::kInput) && !x->is(Op::kConst) && !x->is(Op::kUndef);
  }

  /// Puts the component there, and returns the period that it asks for.
  double try_stage(const std::vector<unsigned>& component, unsigned stage) {
    for (const unsigned vertex : component) stage_[vertex] = stage;
    double needed = 0;
    const auto node = [&](unsigned vertex) { return dependencies_.nodes()[vertex]; };
    for (const unsigned vertex : component)
      if (dependencies_.is_node(vertex)) bits_[node(vertex)] = compute(node(vertex), stage);
    for (const unsigned vertex : component)
      needed = std::max(needed, dependencies_.is_node(vertex) ? node_end(node(vertex))
                                                              : memory_end(dependencies_.port(vertex), stage));
    return needed;
  }

  Bits compute(Ref x, unsigned stage) {
    const bool of_block = x->is(Op::kMemRead) && is_block(x->aux);
    if (x->is(Op::kInput) || of_block) return network_.sources(x, x->width);
    std::vector<Bits> operands;
    for (Ref operand : x->operands) operands.push_back(bits_in(operand, stage));
    if (x->is(Op::kMemRead)) return network_.read(x, x->width, operands[0]);
    return network_.operation(design_.graph, x, operands);
  }

  /// In a later stage a value comes from a register.
  const Bits& bits_in(Ref x, unsigned stage) {
    if (stage == stage_[dependencies_.number(x)] || x->is(Op::kConst) || x->is(Op::kUndef)) return bits_.at(x);
    Bits& bits = registered_[x];
    if (bits.empty()) bits = network_.sources(nullptr, x->width);
    return bits;
  }

  double node_end(Ref x) {
    double slowest = 0;
    for (const Literal bit : bits_.at(x)) slowest = std::max(slowest, mapping_.arrival_at_register(bit));
    return slowest;
  }

  double memory_end(unsigned port, unsigned stage) {
    if (!is_memory(port)) return 0;
    const bool block = design_.ports[port].storage == Storage::kBlock;
    const double setup = block ? model_.block_ram_data_setup : model_.lutram_setup;
    double slowest = 0;
    for (Ref root : dependencies_.memory_inputs(port))
      for (const Literal bit : bits_in(root, stage)) slowest = std::max(slowest, arrival_at_input(bit) + setup);
    return slowest;
  }

  double arrival_at_input(Literal bit) { return gate_of(bit) == 0 ? 0 : mapping_.arrival_at_input(bit); }

  std::vector<unsigned> port_stages() {
    std::vector<unsigned> stages;
    unsigned of_streams = 0;
    for (unsigned port = 0; port < design_.ports.size(); ++port) {
      stages.push_back(port > 0 && !is_memory(port) ? output_stage(port) : stage_[dependencies_.memory(port)]);
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
    const unsigned vertex = dependencies_.number(root);
    double slowest = 0;
    for (const Literal bit : bits_.at(root)) slowest = std::max(slowest, arrival_at_input(bit) + after);
    const bool cut = after > 0 && slowest > period_ && !pinned_[vertex] && is_computed(vertex);
    return stage_[vertex] + (cut ? 1 : 0);
  }

  Design& design_;
  double period_;
  DelayModel model_;
  Dependencies dependencies_;
  const std::vector<std::vector<unsigned>>& edges_;
  GateNetwork network_;
  LutMapping mapping_;
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
