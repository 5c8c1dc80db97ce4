// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/design.hpp"

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

std::vector<Ref*> Design::roots() {
  std::vector<Ref*> result;
  for (PortAction& action : actions)
    for (Ref* place : {&action.reads, &action.writes, &action.data, &action.index, &action.request})
      if (*place != nullptr) result.push_back(place);
  for (StateLeaf& leaf : state)
    for (Ref* place : {&leaf.next, &leaf.enable})
      if (leaf.next != nullptr && *place != nullptr) result.push_back(place);
  return result;
}

}  // namespace hlsc
