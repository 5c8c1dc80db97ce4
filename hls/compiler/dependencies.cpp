// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/dependencies.hpp"

namespace hlsc {

Dependencies::Dependencies(Design& design) : design_(design), nodes_(design.nodes()) {
  for (unsigned i = 0; i < nodes_.size(); ++i) number_[nodes_[i]] = i;
  edges_.resize(nodes_.size() + design_.ports.size());
  for (unsigned i = 0; i < nodes_.size(); ++i) add_node(i);
  for (unsigned port = 1; port < design_.ports.size(); ++port) {
    if (!is_memory(design_.ports[port].kind)) continue;
    for (const std::vector<Ref>& roots : {memory_inputs(port), addresses(port)})
      for (Ref root : roots) edges_[memory(port)].push_back(number(root));
  }
}

void Dependencies::add_node(unsigned vertex) {
  Ref x = nodes_[vertex];
  for (Ref operand : x->operands) edges_[vertex].push_back(number(operand));
  if (x->is(Op::kMemRead)) edges_[vertex].push_back(memory(x->aux));
  if (!x->is(Op::kInput)) return;
  const Input& input = design_.inputs[x->aux];
  if (input.kind == Input::kState && design_.state[input.leaf].next != nullptr)
    edges_[vertex].push_back(number(design_.state[input.leaf].next));
  if (input.kind == Input::kWord && design_.ports[input.port].kind == PortKind::kBram)
    edges_[vertex].push_back(memory(input.port));
}

std::vector<Ref> Dependencies::memory_inputs(unsigned port) const {
  const PortAction& action = design_.actions[port];
  std::vector<Ref> roots;
  for (Ref root : {action.reads, action.writes, action.data, action.index, action.request})
    if (root != nullptr) roots.push_back(root);
  return roots;
}

std::vector<Ref> Dependencies::addresses(unsigned port) const {
  std::vector<Ref> result;
  for (Ref x : nodes_)
    if (x->is(Op::kMemRead) && x->aux == port) result.push_back(x->operand(0));
  return result;
}

std::vector<bool> Dependencies::closure(std::vector<unsigned> from) const {
  std::vector<bool> seen(edges_.size(), false);
  while (!from.empty()) {
    const unsigned vertex = from.back();
    from.pop_back();
    if (seen[vertex]) continue;
    seen[vertex] = true;
    from.insert(from.end(), edges_[vertex].begin(), edges_[vertex].end());
  }
  return seen;
}

}  // namespace hlsc
