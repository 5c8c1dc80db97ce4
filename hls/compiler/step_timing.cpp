// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/step_timing.hpp"

#include <algorithm>
#include <set>

namespace hlsc {

std::string input_name(const Design& design, const Input& input) {
  const Port& port = design.ports[input.port];
  switch (input.kind) {
    case Input::kState:
      return port.layout.leaves[input.leaf].path;
    case Input::kValid:
      return port.name + ".valid";
    case Input::kRoom:
      return port.name + ".room";
    case Input::kSpace:
      return port.name + ".space";
    case Input::kPresent:
      return "stage " + std::to_string(input.leaf);
    default:
      return port.name;
  }
}

double input_arrival(const Design& design, const Input& input, const DelayModel& model) {
  const Port& port = design.ports[input.port];
  if (input.kind == Input::kWord && port.lutram_fifo)
    return model.clock_to_q + model.net_from_register + model.lutram_read + model.net - model.net_from_register;
  const bool block_ram = input.kind == Input::kWord && is_memory(design.ports[input.port].kind);
  return block_ram ? model.block_ram_clock_to_q : model.clock_to_q;
}

StepTiming::StepTiming(Design& design, const DelayModel& model)
    : design_(design), model_(model), mapping_(network_, model_, [this](Ref node) {
        return input_arrival(design_, design_.inputs[node->aux], model_);
      }) {
  GateNetwork network;
  find_bits(network);
  end_registers();
  end_ports(network);
  for (const PathEnd& end : all_ends_) roots_.push_back(end.bit);
  network_ = network.balanced(roots_);
  find_arrivals();
}

double StepTiming::arrival_at(const PathEnd& end, LutMapping& mapping) {
  return end.at_register ? mapping.arrival_at_register(end.bit) : mapping.arrival_at_input(end.bit) + end.after;
}

void StepTiming::find_arrivals() {
  for (std::size_t i = 0; i < all_ends_.size(); ++i) {
    PathEnd& end = all_ends_[i];
    end.arrival = arrival_at(end, mapping_);
    PathEnd balanced = end;
    balanced.bit = roots_[i];
    balanced.arrival = arrival_at(balanced, mapping_);
    if (balanced.arrival <= end.arrival) end = balanced;
    roots_[i] = end.bit;
  }
  all_ends_.erase(
      std::remove_if(all_ends_.begin(), all_ends_.end(), [](const PathEnd& end) { return gate_of(end.bit) == 0; }),
      all_ends_.end());
  std::stable_sort(all_ends_.begin(), all_ends_.end(),
                   [](const PathEnd& a, const PathEnd& b) { return a.arrival > b.arrival; });
  std::set<std::string> seen;
  std::copy_if(all_ends_.begin(), all_ends_.end(), std::back_inserter(ends_),
               [&](const PathEnd& end) { return seen.insert(end.name).second; });
}

double StepTiming::period() const { return ends_.empty() ? 0 : ends_.front().arrival; }

void StepTiming::find_bits(GateNetwork& network) {
  for (Ref x : design_.nodes()) {
    std::vector<Bits> operands;
    for (Ref operand : x->operands) operands.push_back(bits_.at(operand));
    bits_[x] = x->is(Op::kInput)     ? network.sources(x, x->width)
               : x->is(Op::kMemRead) ? network.read(x, x->width, operands[0])
                                     : network.operation(design_.graph, x, operands);
  }
}

void StepTiming::end(EndKey key, const std::string& name, Ref value, double after, bool at_register) {
  if (value == nullptr) return;
  for (const Literal bit : bits_.at(value)) all_ends_.push_back({key, name, bit, after, at_register});
}

/// What happens only if the step takes effect.
void StepTiming::end_if_fire(GateNetwork& network, EndKey key, const std::string& name, Ref condition, unsigned stage,
                             double after) {
  if (condition == nullptr) return;
  all_ends_.push_back({key, name, network.and_(bits_.at(design_.fires[stage])[0], bits_.at(condition)[0]), after});
}

void StepTiming::end_registers() {
  for (std::size_t i = 0; i < design_.state.size(); ++i)
    end({EndKey::kState, static_cast<unsigned>(i)}, design_.ports[0].layout.leaves[i].path, design_.state[i].next, 0,
        true);
  for (unsigned stage = 0; stage < design_.stages; ++stage) {
    const std::string name = stage == 0 ? "fire" : "fire in stage " + std::to_string(stage);
    end({EndKey::kFire, stage}, name, design_.fires[stage], model_.enable_setup, false);
    end({EndKey::kFire, stage}, name, design_.present[stage], 0, true);
  }
}

/// A FIFO registers what it is given: data behind one LUT, a handshake behind a LUT that makes the enable of both.
void StepTiming::end_ports(GateNetwork& network) {
  const double enable = model_.net + model_.lut + model_.enable_setup;
  for (unsigned i = 1; i < design_.ports.size(); ++i) {
    const EndKey key{EndKey::kPort, i};
    const std::string& name = design_.ports[i].name;
    const PortAction& action = design_.actions[i];
    switch (design_.ports[i].kind) {
      case PortKind::kStream:
        end_if_fire(network, key, name + ".ready", action.reads, 0, enable);
        end_if_fire(network, key, name + ".valid", action.writes, action.stage, enable);
        end(key, name, action.data, model_.lut + model_.register_setup, false);
        break;
      case PortKind::kMem:
      case PortKind::kBram:
        end_memory(network, i);
        break;
      default:
        end_if_fire(network, key, name + ".write", action.writes, action.stage, model_.enable_setup);
        end(key, name, action.data, 0, true);
    }
  }
}

void StepTiming::end_memory(GateNetwork& network, unsigned index) {
  const EndKey key{EndKey::kPort, index};
  const Port& port = design_.ports[index];
  const PortAction& action = design_.actions[index];
  const bool block = port.storage == Storage::kBlock;
  const double setup = block ? model_.block_ram_setup : model_.lutram_setup;
  end_if_fire(network, key, port.name + ".read", action.reads, action.request_stage, setup);
  end(key, port.name + ".request", action.request, setup, false);
  end_if_fire(network, key, port.name + ".write", action.writes, action.stage, setup);
  end(key, port.name + ".index", action.index, setup, false);
  end(key, port.name, action.data, block ? model_.block_ram_data_setup : setup, false);
}

PathPoint StepTiming::point(std::uint32_t gate, LutMapping& mapping) {
  PathPoint point;
  point.arrival = mapping.arrival(gate * 2);
  Ref node = network_.at(gate).node;
  if (node == nullptr) return point;
  point.node = node;
  point.op = node->op;
  point.width = node->width;
  point.where = node->origin.where;
  point.name = node->origin.name;
  if (!node->is(Op::kInput)) return point;
  const Input& input = design_.inputs[node->aux];
  point.name = input_name(design_, input);
  point.of_memory = input.kind == Input::kWord && is_memory(design_.ports[input.port].kind);
  return point;
}

std::vector<PathPoint> StepTiming::path(const PathEnd& end, LutMapping& mapping) {
  std::vector<PathPoint> points;
  for (const std::uint32_t gate : mapping.slowest_path(end.bit)) points.push_back(point(gate, mapping));
  PathPoint last;
  last.name = end.name;
  last.arrival = end.arrival;
  points.push_back(last);
  return points;
}

double StepTiming::slowest(const std::set<EndKey>& ends) const {
  for (const PathEnd& end : all_ends_)
    if (ends.count(end.key) != 0) return end.arrival;
  return 0;
}

std::vector<TimedPath> StepTiming::paths_from(const std::set<Ref>& sources, const std::set<EndKey>& ends,
                                              double period) {
  LutMapping mapping(network_, model_, [&](Ref node) {
    // What is in time stands at the inputs that it is routed to at 0.
    return sources.count(node) == 0 ? -model_.net_from_register
                                    : input_arrival(design_, design_.inputs[node->aux], model_);
  });
  std::vector<PathEnd> slow;
  for (PathEnd end : all_ends_) {
    if (ends.count(end.key) == 0) continue;
    end.arrival = arrival_at(end, mapping);
    if (end.arrival > period) slow.push_back(end);
  }
  std::stable_sort(slow.begin(), slow.end(), [](const PathEnd& a, const PathEnd& b) { return a.arrival > b.arrival; });
  std::set<EndKey> seen;
  std::vector<TimedPath> paths;
  for (const PathEnd& end : slow)
    if (seen.insert(end.key).second) paths.push_back({end, path(end, mapping)});
  return paths;
}

unsigned StepTiming::luts() { return mapping_.luts(roots_, period()); }

}  // namespace hlsc
