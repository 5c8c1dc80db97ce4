// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/placement.hpp"

#include <algorithm>

namespace hlsc {

Placement::Placement(const Expressions& expressions) : expressions_(expressions) { blocks_.emplace_back(); }

unsigned Placement::block(unsigned parent, RegionKind kind) {
  Block added;
  added.parent = parent;
  added.depth = blocks_[parent].depth + 1;
  added.kind = kind;
  blocks_.push_back(std::move(added));
  return static_cast<unsigned>(blocks_.size()) - 1;
}

/// Whatever leaves the graph shares one statement where it depends on the same selector; a named value has its own,
/// since what comes after it may depend on it.
unsigned Placement::choice_on(unsigned at, Ref selector, const std::vector<llvm::APInt>& labels, Ref owner) {
  std::string key;
  for (const llvm::APInt& label : labels) key += literal(label) + ",";
  const unsigned number = static_cast<unsigned>(choices_.size());
  const auto [found, added] = choice_numbers_.try_emplace({at, selector, key, owner}, number);
  if (!added) return found->second;
  Choice fresh;
  fresh.selector = selector;
  fresh.labels = labels;
  const RegionKind kind = blocks_[at].kind;
  for (std::size_t i = 0; i < std::max<std::size_t>(labels.size(), 1); ++i) fresh.arms.push_back(block(at, kind));
  fresh.otherwise = block(at, kind);
  choices_.push_back(std::move(fresh));
  need(selector, at);
  if (owner != nullptr && owned_.try_emplace(owner, number).second) return number;  // stands where the value does
  blocks_[at].choices.push_back(number);
  return number;
}

unsigned Placement::under(unsigned at, Ref condition) {
  return choices_[choice_on(at, condition, {}, nullptr)].arms[0];
}

bool Placement::computes_much(Ref x) const {
  if (x->is(Op::kConst) || x->is(Op::kUndef) || x->is(Op::kInput) || x->is(Op::kSlice)) return false;
  return expressions_.uses(x) == 1;
}

bool Placement::becomes_statement(const Target& target, Ref value) const {
  if (!value->is(Op::kMux) && !value->is(Op::kCase)) return false;
  if (value != target.owner && expressions_.uses(value) > 1) return false;
  if (value->is(Op::kCase)) return true;
  for (unsigned arm : {1u, 2u})
    if (value->operand(arm) == target.held || computes_much(value->operand(arm))) return true;
  return false;
}

void Placement::assign(unsigned at, const std::string& target, Ref value, Ref held, bool blocking) {
  assign(at, Target{target, held, nullptr, blocking}, value);
}

void Placement::assign_whole(unsigned at, const std::string& target, Ref value) { set(at, target, false, value); }

void Placement::set(unsigned at, const std::string& target, bool blocking, Ref value) {
  blocks_[at].assignments.push_back({target, blocking, value});
  if (expressions_.is_named(value) && expressions_.needs_name(value)) return need(value, at);
  for (Ref operand : value->operands) need(operand, at);
}

void Placement::assign(unsigned at, const Target& target, Ref value) {
  if (value == target.held) return;
  if (!becomes_statement(target, value)) {
    set(at, target.name, target.blocking, value);
    return;
  }
  if (value->is(Op::kCase)) {
    const Choice choice = choices_[choice_on(at, value->operand(0), value->labels, target.owner)];
    for (std::size_t i = 0; i < choice.arms.size(); ++i) assign(choice.arms[i], target, value->operands[i + 2]);
    assign(choice.otherwise, target, value->operand(1));
    return;
  }
  const bool inverted = value->operand(0)->is(Op::kNot);
  Ref condition = inverted ? value->operand(0)->operand(0) : value->operand(0);
  const Choice choice = choices_[choice_on(at, condition, {}, target.owner)];
  assign(inverted ? choice.otherwise : choice.arms[0], target, value->operand(1));
  assign(inverted ? choice.arms[0] : choice.otherwise, target, value->operand(2));
}

unsigned Placement::common(unsigned a, unsigned b) const {
  while (a != b) {
    unsigned& deeper = blocks_[a].depth >= blocks_[b].depth ? a : b;
    deeper = blocks_[deeper].parent;
  }
  return a;
}

void Placement::need(Ref value, unsigned at) {
  if (!expressions_.is_named(value)) {
    for (Ref operand : value->operands) need(operand, at);
    return;
  }
  const auto [found, added] = needed_in_.try_emplace(value, at);
  if (!added) found->second = common(found->second, at);
}

void Placement::place() {
  const std::vector<Ref>& order = expressions_.order();
  for (auto x = order.rbegin(); x != order.rend(); ++x) {
    const auto needed = needed_in_.find(*x);
    if (needed == needed_in_.end()) continue;
    // Bits that nobody reads are named outside of all blocks (Expressions::unused_bits).
    const unsigned at = expressions_.is_read_whole(*x) ? needed->second : 0;
    blocks_[at].values.push_back(*x);
    const Target itself{expressions_.name(*x), nullptr, *x, true};
    if (at != 0 && becomes_statement(itself, *x)) {
      assign(at, itself, *x);
    } else {
      for (Ref operand : (*x)->operands) need(operand, at);
    }
  }
  for (Block& each : blocks_) std::reverse(each.values.begin(), each.values.end());
}

const Choice* Placement::choice_of(Ref value) const {
  const auto owned = owned_.find(value);
  return owned == owned_.end() ? nullptr : &choices_[owned->second];
}

std::vector<Ref> Placement::values_below(unsigned region) const {
  std::vector<Ref> result;
  for (unsigned number = 0; number < blocks_.size(); ++number)
    if (common(number, region) == region)
      result.insert(result.end(), blocks_[number].values.begin(), blocks_[number].values.end());
  return result;
}

bool Placement::is_empty(unsigned number) const {
  const Block& block = blocks_[number];
  if (!block.values.empty() || !block.assignments.empty()) return false;
  return std::all_of(block.choices.begin(), block.choices.end(), [this](unsigned inner) {
    const Choice& choice = choices_[inner];
    return is_empty(choice.otherwise) &&
           std::all_of(choice.arms.begin(), choice.arms.end(), [this](unsigned arm) { return is_empty(arm); });
  });
}

}  // namespace hlsc
