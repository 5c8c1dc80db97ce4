// SPDX-License-Identifier: Apache-2.0
// What depends on what, through registers and memories too: where recurrences are found.
//
// Vertices are the nodes, by their place in nodes(), and after them the ports, of which the memories matter. A
// register depends on its next value, and a memory on what is written and on where it is read, since all of its
// accesses are in one stage.
#pragma once

#include <unordered_map>
#include <vector>

#include "hls/compiler/design.hpp"

namespace hlsc {

class Dependencies {
 public:
  explicit Dependencies(Design& design);

  const std::vector<Ref>& nodes() const { return nodes_; }
  const std::vector<std::vector<unsigned>>& edges() const { return edges_; }
  unsigned number(Ref x) const { return number_.at(x); }
  unsigned memory(unsigned port) const { return static_cast<unsigned>(nodes_.size()) + port; }
  bool is_node(unsigned vertex) const { return vertex < nodes_.size(); }
  unsigned port(unsigned vertex) const { return vertex - static_cast<unsigned>(nodes_.size()); }

  /// What is written to a memory, and when; of a bram<> also what is asked for.
  std::vector<Ref> memory_inputs(unsigned port) const;
  /// The addresses of a mem<>, one for each of its reads.
  std::vector<Ref> addresses(unsigned port) const;
  /// Which vertices these depend on, themselves included.
  std::vector<bool> closure(std::vector<unsigned> from) const;

 private:
  void add_node(unsigned vertex);

  Design& design_;
  std::vector<Ref> nodes_;
  std::unordered_map<Ref, unsigned> number_;
  std::vector<std::vector<unsigned>> edges_;
};

}  // namespace hlsc
