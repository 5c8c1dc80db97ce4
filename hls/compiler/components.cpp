// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/components.hpp"

#include <algorithm>

namespace hlsc {
namespace {

/// Without recursion: a kernel's chains can be longer than a stack is deep.
class Tarjan {
 public:
  explicit Tarjan(const std::vector<std::vector<unsigned>>& depends)
      : depends_(depends), index_(depends.size(), 0), low_(depends.size(), 0), on_stack_(depends.size(), false) {}

  std::vector<std::vector<unsigned>> run() {
    for (unsigned vertex = 0; vertex < depends_.size(); ++vertex)
      if (index_[vertex] == 0) visit(vertex);
    return std::move(result_);
  }

 private:
  struct Frame {
    unsigned vertex = 0;
    std::size_t next = 0;  // dependency to look at
  };

  void enter(unsigned vertex) {
    index_[vertex] = low_[vertex] = ++count_;
    stack_.push_back(vertex);
    on_stack_[vertex] = true;
    frames_.push_back({vertex, 0});
  }

  void visit(unsigned root) {
    enter(root);
    while (!frames_.empty()) {
      Frame& frame = frames_.back();
      const unsigned vertex = frame.vertex;
      if (frame.next < depends_[vertex].size()) {
        const unsigned other = depends_[vertex][frame.next++];
        if (index_[other] == 0)
          enter(other);
        else if (on_stack_[other])
          low_[vertex] = std::min(low_[vertex], index_[other]);
        continue;
      }
      frames_.pop_back();
      if (!frames_.empty()) low_[frames_.back().vertex] = std::min(low_[frames_.back().vertex], low_[vertex]);
      if (low_[vertex] == index_[vertex]) leave(vertex);
    }
  }

  void leave(unsigned root) {
    std::vector<unsigned> component;
    while (component.empty() || component.back() != root) {
      component.push_back(stack_.back());
      on_stack_[stack_.back()] = false;
      stack_.pop_back();
    }
    std::sort(component.begin(), component.end());
    result_.push_back(std::move(component));
  }

  const std::vector<std::vector<unsigned>>& depends_;
  std::vector<unsigned> index_;  // from 1; 0: not yet seen
  std::vector<unsigned> low_;
  std::vector<bool> on_stack_;
  std::vector<unsigned> stack_;
  std::vector<Frame> frames_;
  std::vector<std::vector<unsigned>> result_;
  unsigned count_ = 0;
};

}  // namespace

std::vector<std::vector<unsigned>> components(const std::vector<std::vector<unsigned>>& depends) {
  return Tarjan(depends).run();
}

}  // namespace hlsc
