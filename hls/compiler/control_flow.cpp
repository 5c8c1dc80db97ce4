// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/control_flow.hpp"

#include <llvm/IR/CFG.h>
#include <llvm/IR/Constants.h>
#include <llvm/IR/Instructions.h>

#include <unordered_map>

namespace hlsc {

Ref ControlFlow::walk(Walk& walk, const llvm::BasicBlock* block) {
  if (const auto known = walk.known.find(block); known != walk.known.end()) return known->second;
  const auto follow = [&](const llvm::BasicBlock* to) {
    Ref end = walk.ends(block, to);
    return end != nullptr ? end : this->walk(walk, to);
  };
  Ref result = nullptr;
  const llvm::Instruction* last = block->getTerminator();
  if (const auto* branch = llvm::dyn_cast<llvm::BranchInst>(last)) {
    if (branch->isUnconditional()) {
      result = follow(branch->getSuccessor(0));
    } else {
      Ref then = follow(branch->getSuccessor(0));
      Ref otherwise = follow(branch->getSuccessor(1));
      graph_.set_origin({"", location_of(*branch)});
      result = graph_.mux(value_of_(branch->getCondition()), then, otherwise);
    }
  } else if (const auto* choice = llvm::dyn_cast<llvm::SwitchInst>(last)) {
    std::vector<CaseArm> arms;
    for (const auto& arm : choice->cases())
      arms.push_back({arm.getCaseValue()->getValue(), follow(arm.getCaseSuccessor())});
    Ref otherwise = follow(choice->getDefaultDest());
    graph_.set_origin({"", location_of(*choice)});
    result = graph_.case_(value_of_(choice->getCondition()), arms, otherwise);
  } else if (llvm::isa<llvm::ReturnInst>(last)) {
    result = walk.at_return;
  } else if (llvm::isa<llvm::UnreachableInst>(last)) {
    result = graph_.undef(walk.width);
  } else {
    throw std::logic_error(std::string("a jump that no unit has: ") + last->getOpcodeName());
  }
  walk.known[block] = result;
  return result;
}

Ref ControlFlow::phi(const llvm::PHINode& phi, unsigned width, const ValueOf& incoming) {
  const llvm::BasicBlock* block = phi.getParent();
  const llvm::BasicBlock* above = dominators_.getNode(block)->getIDom()->getBlock();
  std::set<const llvm::BasicBlock*> leads_here = {block};
  std::vector<const llvm::BasicBlock*> open = {block};
  while (!open.empty()) {
    const llvm::BasicBlock* at = open.back();
    open.pop_back();
    if (at == above) continue;
    for (const llvm::BasicBlock* before : llvm::predecessors(at))
      if (leads_here.insert(before).second) open.push_back(before);
  }
  Walk way;
  way.width = width;
  way.ends = [&](const llvm::BasicBlock* from, const llvm::BasicBlock* to) -> Ref {
    if (to == block) return incoming(phi.getIncomingValueForBlock(from));
    return leads_here.count(to) != 0 ? nullptr : graph_.undef(width);  // then control is not in the phi's block
  };
  return walk(way, above);
}

Ref ControlFlow::passes(const std::set<const llvm::BasicBlock*>& blocks, const llvm::BasicBlock* entry) {
  if (blocks.count(entry) != 0) return graph_.constant(1, 1);
  Walk way;
  way.at_return = graph_.constant(1, 0);
  way.ends = [&](const llvm::BasicBlock*, const llvm::BasicBlock* to) -> Ref {
    return blocks.count(to) != 0 ? graph_.constant(1, 1) : nullptr;
  };
  return walk(way, entry);
}

namespace {

constexpr unsigned kMaxAtoms = 14;
constexpr unsigned kMaxTries = 1u << 16;

/// A condition as a function of its atoms: comparisons and bits that it is made of.
class Condition {
 public:
  bool collect(Ref x) {
    if (seen_.count(x) != 0) return true;
    seen_.insert(x);
    const bool logic = x->is(Op::kNot) || x->is(Op::kAnd) || x->is(Op::kOr) || x->is(Op::kXor) || x->is(Op::kMux);
    if (x->width == 1 && logic) {
      for (Ref operand : x->operands)
        if (!collect(operand)) return false;
      return true;
    }
    if (x->is(Op::kConst)) return true;
    if (x->width == 1 && x->is(Op::kCase)) {
      selectors_.insert(x->operand(0));
      for (std::size_t i = 1; i < x->operands.size(); ++i)
        if (!collect(x->operands[i])) return false;
      return true;
    }
    if (x->is(Op::kEq) && x->operand(1)->is(Op::kConst)) {
      selectors_.insert(x->operand(0));
      return true;
    }
    atoms_.push_back(x);
    return atoms_.size() <= kMaxAtoms;
  }

  /// Tries all values of the atoms, and of the words that are compared with constants all the constants and one other.
  bool satisfiable(Ref a, Ref b) {
    for (Ref selector : selectors_) words_.push_back({selector, labels_of(selector)});
    return search(a, b, 0);
  }

 private:
  struct Word {
    Ref selector;
    std::vector<llvm::APInt> values;
  };

  std::vector<llvm::APInt> labels_of(Ref selector) const {
    std::vector<llvm::APInt> labels;
    const auto add = [&](const llvm::APInt& label) {
      for (const llvm::APInt& other : labels)
        if (other == label) return;
      labels.push_back(label);
    };
    for (Ref x : seen_) {
      if (x->is(Op::kEq) && x->operand(0) == selector) add(x->operand(1)->value);
      if (x->is(Op::kCase) && x->operand(0) == selector)
        for (const llvm::APInt& label : x->labels) add(label);
    }
    return labels;
  }

  bool search(Ref a, Ref b, std::size_t depth) {
    if (depth < words_.size()) {
      Ref selector = words_[depth].selector;
      for (const llvm::APInt& value : words_[depth].values) {
        chosen_[selector] = &value;
        if (search(a, b, depth + 1)) return true;
      }
      chosen_[selector] = nullptr;
      return search(a, b, depth + 1);
    }
    for (unsigned bits = 0; bits < (1u << atoms_.size()); ++bits) {
      if (++tried_ > kMaxTries) return true;
      values_.clear();
      for (std::size_t i = 0; i < atoms_.size(); ++i) values_[atoms_[i]] = ((bits >> i) & 1) != 0;
      if (evaluate(a) && evaluate(b)) return true;
    }
    return false;
  }

  bool evaluate(Ref x) {
    if (x->is(Op::kConst)) return !x->value.isZero();
    if (const auto known = values_.find(x); known != values_.end()) return known->second;
    const auto at = [&](unsigned i) { return evaluate(x->operand(i)); };
    bool result = false;
    switch (x->op) {
      case Op::kNot:
        result = !at(0);
        break;
      case Op::kAnd:
        result = at(0) && at(1);
        break;
      case Op::kOr:
        result = at(0) || at(1);
        break;
      case Op::kXor:
        result = at(0) != at(1);
        break;
      case Op::kMux:
        result = at(0) ? at(1) : at(2);
        break;
      case Op::kEq:
        result = chosen_[x->operand(0)] != nullptr && *chosen_[x->operand(0)] == x->operand(1)->value;
        break;
      default: {
        const llvm::APInt* chosen = chosen_[x->operand(0)];
        unsigned arm = 1;
        for (unsigned i = 0; chosen != nullptr && i < x->labels.size(); ++i)
          if (x->labels[i] == *chosen) arm = i + 2;
        result = at(arm);
      }
    }
    values_[x] = result;
    return result;
  }

  std::set<Ref> seen_;
  std::set<Ref> selectors_;
  std::vector<Ref> atoms_;
  std::vector<Word> words_;
  std::unordered_map<Ref, const llvm::APInt*> chosen_;
  std::unordered_map<Ref, bool> values_;
  unsigned tried_ = 0;
};

}  // namespace

bool can_both_hold(WordGraph& graph, Ref a, Ref b) {
  Ref both = graph.and_(a, b);
  if (both->is(Op::kConst)) return !both->value.isZero();
  Condition condition;
  if (!condition.collect(a) || !condition.collect(b)) return true;
  return condition.satisfiable(a, b);
}

}  // namespace hlsc
