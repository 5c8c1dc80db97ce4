// SPDX-License-Identifier: Apache-2.0
#include "explorer.hpp"

#include <algorithm>
#include <optional>

namespace sockwire::tcp::model {

namespace {

/// Fingerprints of the known worlds, by open addressing: there are millions.
class KnownWorlds {
 public:
  KnownWorlds() : slots_(1u << 16) {}

  std::uint64_t size() const { return size_; }
  /// Whether it is new.
  bool insert(std::uint64_t fingerprint) {
    fingerprint = std::max<std::uint64_t>(fingerprint, 1);
    std::uint64_t& slot = find(fingerprint);
    if (slot != 0) return false;
    slot = fingerprint;
    if (++size_ * 2 > slots_.size()) grow();
    return true;
  }

 private:
  std::uint64_t& find(std::uint64_t fingerprint) {
    std::size_t at = fingerprint & (slots_.size() - 1);
    while (slots_[at] != 0 && slots_[at] != fingerprint) at = (at + 1) & (slots_.size() - 1);
    return slots_[at];
  }
  void grow() {
    std::vector<std::uint64_t> old(slots_.size() * 2);
    old.swap(slots_);
    for (const std::uint64_t fingerprint : old) {
      if (fingerprint != 0) find(fingerprint) = fingerprint;
    }
  }

  std::vector<std::uint64_t> slots_;  // zero: empty
  std::uint64_t size_ = 0;
};

struct Frame {
  std::vector<Choice> choices;
  std::size_t next = 0;
};

class Search {
 public:
  Search(const Scenario& scenario, std::uint64_t max_states, std::size_t max_depth)
      : scenario_(scenario), max_states_(max_states), max_depth_(max_depth) {}

  Exploration run() {
    result_.complete = true;
    world_.emplace(scenario_);
    visit();
    while (!stack_.empty() && result_.violation.empty()) {
      Frame& top = stack_.back();
      if (top.next == top.choices.size()) {
        stack_.pop_back();
        world_.reset();
        continue;
      }
      if (known_.size() >= max_states_) {
        result_.complete = false;
        break;
      }
      if (!world_) replay();
      const Choice choice = top.choices[top.next++];
      world_->apply(choice);
      ++result_.transitions;
      visit();
    }
    result_.states = known_.size();
    return std::move(result_);
  }

 private:
  /// The world is new here, or is given up.
  void visit() {
    if (!world_->violation().empty()) return fail();
    if (!known_.insert(world_->fingerprint())) {
      world_.reset();
      return;
    }
    Frame frame;
    world_->list_choices(frame.choices);
    result_.longest = std::max(result_.longest, stack_.size());
    if (frame.choices.empty()) {
      ++result_.ends;
      world_->check_end();
      if (!world_->violation().empty()) return fail();
      world_.reset();
      return;
    }
    if (stack_.size() >= max_depth_) {
      result_.violation = "a run without an end";
      describe();
      return;
    }
    stack_.push_back(std::move(frame));
  }

  void replay() {
    world_.emplace(scenario_);
    for (std::size_t i = 0; i + 1 < stack_.size(); ++i) world_->apply(stack_[i].choices[stack_[i].next - 1]);
  }

  void fail() {
    result_.violation = world_->violation();
    describe();
  }

  void describe() {
    World again(scenario_);
    for (const Frame& frame : stack_) {
      const Choice& choice = frame.choices[frame.next - 1];
      result_.trace.push_back(again.describe(choice));
      again.apply(choice);
    }
  }

  const Scenario& scenario_;
  const std::uint64_t max_states_;
  const std::size_t max_depth_;
  std::optional<World> world_;
  std::vector<Frame> stack_;
  KnownWorlds known_;
  Exploration result_;
};

}  // namespace

Exploration explore(const Scenario& scenario, std::uint64_t max_states, std::size_t max_depth) {
  return Search(scenario, max_states, max_depth).run();
}

}  // namespace sockwire::tcp::model
