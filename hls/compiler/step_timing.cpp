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
  for (const PathEnd& end : ends_) roots_.push_back(end.bit);
  network_ = network.balanced(roots_);
  find_arrivals();
}

void StepTiming::find_arrivals() {
  for (std::size_t i = 0; i < ends_.size(); ++i) {
    PathEnd& end = ends_[i];
    end.bit = roots_[i];
    end.arrival =
        end.at_register ? mapping_.arrival_at_register(end.bit) : mapping_.arrival_at_input(end.bit) + end.after;
  }
  std::stable_sort(ends_.begin(), ends_.end(),
                   [](const PathEnd& a, const PathEnd& b) { return a.arrival > b.arrival; });
  std::set<std::string> seen;
  ends_.erase(
      std::remove_if(ends_.begin(), ends_.end(),
                     [&](const PathEnd& end) { return gate_of(end.bit) == 0 || !seen.insert(end.name).second; }),
      ends_.end());
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

void StepTiming::end(const std::string& name, Ref value, double after, bool at_register) {
  if (value == nullptr) return;
  for (const Literal bit : bits_.at(value)) ends_.push_back({name, bit, after, at_register});
}

/// What happens only if the step takes effect.
void StepTiming::end_if_fire(GateNetwork& network, const std::string& name, Ref condition, unsigned stage,
                             double after) {
  if (condition == nullptr) return;
  ends_.push_back({name, network.and_(bits_.at(design_.fires[stage])[0], bits_.at(condition)[0]), after});
}

void StepTiming::end_registers() {
  for (std::size_t i = 0; i < design_.state.size(); ++i)
    end(design_.ports[0].layout.leaves[i].path, design_.state[i].next, 0, true);
  for (unsigned stage = 0; stage < design_.stages; ++stage) {
    const std::string name = stage == 0 ? "fire" : "fire in stage " + std::to_string(stage);
    end(name, design_.fires[stage], model_.enable_setup, false);
    end(name, design_.present[stage], 0, true);
  }
}

/// A FIFO registers what it is given: data behind one LUT, a handshake behind a LUT that makes the enable of both.
void StepTiming::end_ports(GateNetwork& network) {
  const double enable = model_.net + model_.lut + model_.enable_setup;
  for (std::size_t i = 1; i < design_.ports.size(); ++i) {
    const std::string& name = design_.ports[i].name;
    const PortAction& action = design_.actions[i];
    switch (design_.ports[i].kind) {
      case PortKind::kStream:
        end_if_fire(network, name + ".ready", action.reads, 0, enable);
        end_if_fire(network, name + ".valid", action.writes, action.stage, enable);
        end(name, action.data, model_.lut + model_.register_setup, false);
        break;
      case PortKind::kMem:
      case PortKind::kBram:
        end_memory(network, design_.ports[i], action);
        break;
      default:
        end_if_fire(network, name + ".write", action.writes, action.stage, model_.enable_setup);
        end(name, action.data, 0, true);
    }
  }
}

void StepTiming::end_memory(GateNetwork& network, const Port& port, const PortAction& action) {
  const bool block = port.storage == Storage::kBlock;
  const double setup = block ? model_.block_ram_setup : model_.lutram_setup;
  end_if_fire(network, port.name + ".read", action.reads, action.request_stage, setup);
  end(port.name + ".request", action.request, setup, false);
  end_if_fire(network, port.name + ".write", action.writes, action.stage, setup);
  end(port.name + ".index", action.index, setup, false);
  end(port.name, action.data, block ? model_.block_ram_data_setup : setup, false);
}

PathPoint StepTiming::point(std::uint32_t gate) {
  PathPoint point;
  point.arrival = mapping_.arrival(gate * 2);
  Ref node = network_.at(gate).node;
  if (node == nullptr) return point;
  point.where = node->origin.where;
  point.name = node->is(Op::kInput) ? input_name(design_, design_.inputs[node->aux]) : node->origin.name;
  return point;
}

std::vector<PathPoint> StepTiming::path(const PathEnd& end) {
  std::vector<PathPoint> points;
  for (const std::uint32_t gate : mapping_.slowest_path(end.bit)) points.push_back(point(gate));
  points.push_back({end.name, {}, end.arrival});
  return points;
}

unsigned StepTiming::luts() { return mapping_.luts(roots_, period()); }

}  // namespace hlsc
