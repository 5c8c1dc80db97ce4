// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/design.hpp"

#include <algorithm>
#include <unordered_set>

namespace hlsc {

Ref Design::input(Input::Kind kind, unsigned port, unsigned leaf) {
  unsigned width = 1;
  if (kind == Input::kState) width = ports[port].layout.leaves[leaf].width;
  if (kind == Input::kWord) width = ports[port].layout.width;
  for (unsigned i = 0; i < inputs.size(); ++i)
    if (inputs[i].kind == kind && inputs[i].port == port && inputs[i].leaf == leaf) return graph.input(i, width);
  inputs.push_back({kind, port, leaf});
  return graph.input(static_cast<unsigned>(inputs.size()) - 1, width);
}

unsigned Design::stream_stage() const {
  unsigned stage = 0;
  for (unsigned i = 1; i < ports.size(); ++i)
    if (ports[i].kind == PortKind::kStream) stage = std::max(stage, actions[i].stage);
  return stage;
}

void Design::complete_pulses() {
  for (unsigned i = 1; i < ports.size(); ++i) {
    Ref& writes = actions[i].writes;
    Ref& data = actions[i].data;
    if (ports[i].kind != PortKind::kPulse || writes == nullptr || data == nullptr) continue;
    data = graph.mux(writes, data, graph.constant(data->width, 0));
    writes = graph.constant(1, 1);
  }
}

void Design::complete_step() {
  // A kernel that asks before it reads or writes never waits.
  const auto if_wanted = [this](Ref wanted, Ref there) {
    return needs(wanted, there) ? graph.constant(1, 1) : graph.or_(there, graph.not_(wanted));
  };
  Ref inputs_there = graph.constant(1, 1);
  Ref room = graph.constant(1, 1);
  for (unsigned i = 1; i < ports.size(); ++i) {
    Ref reads = actions[i].reads;
    Ref writes = actions[i].writes;
    if (ports[i].kind != PortKind::kStream) continue;
    if (reads != nullptr) inputs_there = graph.and_(inputs_there, if_wanted(reads, input(Input::kValid, i, 0)));
    const Input::Kind space = actions[i].reserves ? Input::kSpace : Input::kRoom;
    if (writes != nullptr && !actions[i].always_has_room)
      room = graph.and_(room, if_wanted(writes, input(space, i, 0)));
  }
  const auto present_in = [this](unsigned stage) { return input(Input::kPresent, 0, stage); };
  const unsigned writing = stream_stage();
  const Ref advance = writing == 0 ? room : graph.or_(room, graph.not_(present_in(writing)));
  fires = {graph.and_(inputs_there, advance)};
  present = {nullptr};
  for (unsigned stage = 1; stage < stages; ++stage) {
    // What is beyond the streams need not wait for them.
    const bool waits = stage <= writing;
    fires.push_back(waits ? graph.and_(present_in(stage), advance) : present_in(stage));
    present.push_back(waits ? graph.mux(advance, fires[stage - 1], present_in(stage)) : fires[stage - 1]);
  }
  for (unsigned stage = 0; stage < stages; ++stage)
    fires[stage]->origin.name = stage == 0 ? "fire" : "fire_s" + std::to_string(stage);
}

bool Design::can_hold_in_reset(Ref condition, unsigned stage) {
  Ref holds = graph.and_(fires[stage], condition);
  for (unsigned i = 0; i < inputs.size(); ++i) {
    const Input& each = inputs[i];
    llvm::APInt value(1, 0);
    if (each.kind == Input::kState && !state[each.leaf].goes_along)
      value = state[each.leaf].reset;
    else if (each.kind != Input::kValid && each.kind != Input::kPresent)
      continue;
    holds = graph.where(holds, graph.input(i, value.getBitWidth()), graph.constant(value));
  }
  return !holds->is_zero();
}

std::vector<Ref> Design::nodes() {
  std::vector<Ref> open;
  for (Ref* root : roots()) open.push_back(*root);
  std::vector<Ref> order;
  std::unordered_set<Ref> seen;
  while (!open.empty()) {
    Ref x = open.back();
    open.pop_back();
    if (!seen.insert(x).second) continue;
    order.push_back(x);
    open.insert(open.end(), x->operands.begin(), x->operands.end());
  }
  std::sort(order.begin(), order.end(), [](Ref a, Ref b) { return a->id < b->id; });
  return order;
}

std::vector<Ref*> Design::roots() {
  std::vector<Ref*> result;
  for (std::vector<Ref>* bits : {&fires, &present})
    for (Ref& bit : *bits)
      if (bit != nullptr) result.push_back(&bit);
  for (PortAction& action : actions)
    for (Ref* place : {&action.reads, &action.writes, &action.data, &action.index, &action.request})
      if (*place != nullptr) result.push_back(place);
  for (StateLeaf& leaf : state)
    if (leaf.next != nullptr) result.push_back(&leaf.next);
  return result;
}

}  // namespace hlsc
