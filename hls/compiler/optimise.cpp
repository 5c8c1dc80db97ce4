// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/optimise.hpp"

#include <llvm/ADT/APInt.h>

#include <algorithm>
#include <set>
#include <unordered_map>

namespace hlsc {
namespace {

using llvm::APInt;

constexpr unsigned kMaxRounds = 8;

class Optimiser {
 public:
  explicit Optimiser(Design& design) : design_(design), graph_(design.graph) {}

  /// Returns whether anything changed.
  bool round() {
    std::vector<Ref> before;
    for (Ref* root : design_.roots()) before.push_back(*root);
    drop_what_never_happens();
    find_constant_state();
    find_constant_memories();
    find_demand();
    for (Ref* root : design_.roots()) *root = rebuilt(*root);
    drop_unseen_state();
    drop_unseen_memories();
    std::vector<Ref> after;
    for (Ref* root : design_.roots()) after.push_back(*root);
    return before != after;
  }

 private:
  Ref state_input(unsigned leaf) { return design_.input(Input::kState, 0, leaf); }

  /// A register that keeps its value, or only ever takes its reset value, is a constant.
  void find_constant_state() {
    for (unsigned leaf = 0; leaf < design_.state.size(); ++leaf) {
      StateLeaf& each = design_.state[leaf];
      if (each.next == nullptr) continue;
      Ref held = state_input(leaf);
      Ref reset = graph_.constant(each.reset);
      if (each.next != held && each.next != reset && !each.next->is(Op::kUndef)) continue;
      new_[held] = reset;
      each.next = nullptr;
    }
  }

  static bool never(Ref condition) { return condition == nullptr || condition->is_zero(); }

  /// What is written where nothing is written, or was in a branch that LLVM took out.
  void drop_what_never_happens() {
    for (PortAction& action : design_.actions) {
      if (never(action.writes)) action.data = action.index = nullptr;
      if (never(action.reads)) action.request = nullptr;
    }
  }

  /// A block RAM that nobody asks shows its reset value.
  void find_constant_memories() {
    for (unsigned port = 1; port < design_.ports.size(); ++port)
      if (design_.ports[port].kind == PortKind::kBram && never(design_.actions[port].reads))
        new_[design_.input(Input::kWord, port, 0)] = graph_.constant(design_.actions[port].reset);
  }

  /// Which bits of each node matter, from what leaves the module backwards, through the registers until nothing is
  /// added.
  void find_demand() {
    std::vector<Ref> order = reachable();
    std::sort(order.begin(), order.end(), [](Ref a, Ref b) { return a->id > b->id; });
    for (Ref x : order) demand_.emplace(x, APInt(x->width, 0));
    for (PortAction& action : design_.actions)
      for (Ref root : {action.reads, action.writes, action.data, action.index, action.request})
        if (root != nullptr) demand_.at(root).setAllBits();
    bool more = true;
    while (more) {
      for (Ref x : order)
        if (!demand_.at(x).isZero()) propagate(x, demand_.at(x));
      more = false;
      for (unsigned leaf = 0; leaf < design_.state.size(); ++leaf) {
        Ref next = design_.state[leaf].next;
        const auto seen = demand_.find(state_input(leaf));
        if (next == nullptr || seen == demand_.end()) continue;
        APInt& wanted = demand_.at(next);
        more |= !seen->second.isSubsetOf(wanted);
        wanted |= seen->second;
      }
    }
  }

  std::vector<Ref> reachable() {
    std::set<Ref> seen;
    std::vector<Ref> open;
    for (Ref* root : design_.roots()) open.push_back(*root);
    while (!open.empty()) {
      Ref x = open.back();
      open.pop_back();
      if (seen.insert(x).second) open.insert(open.end(), x->operands.begin(), x->operands.end());
    }
    return {seen.begin(), seen.end()};
  }

  void want(Ref x, const APInt& bits) { demand_.at(x) |= bits; }
  void want_all(Ref x) { demand_.at(x).setAllBits(); }

  void propagate(Ref x, const APInt& bits) {
    switch (x->op) {
      case Op::kNot:
      case Op::kAnd:
      case Op::kOr:
      case Op::kXor:
        for (Ref operand : x->operands) want(operand, bits);
        break;
      case Op::kMux:
      case Op::kCase:
        want_all(x->operand(0));
        for (std::size_t i = 1; i < x->operands.size(); ++i) want(x->operands[i], bits);
        break;
      case Op::kAdd:
      case Op::kSub:
      case Op::kMul:
        for (Ref operand : x->operands) want(operand, APInt::getLowBitsSet(x->width, bits.getActiveBits()));
        break;
      case Op::kShl:
        want(x->operand(0), APInt::getLowBitsSet(x->width, bits.getActiveBits()));
        want_all(x->operand(1));
        break;
      case Op::kLshr:
        want(x->operand(0), APInt::getHighBitsSet(x->width, x->width - bits.countr_zero()));
        want_all(x->operand(1));
        break;
      case Op::kSlice:
        want(x->operand(0), bits.zext(x->operand(0)->width) << x->aux);
        break;
      case Op::kConcat: {
        unsigned at = 0;
        for (Ref part : x->operands) {
          want(part, bits.extractBits(part->width, at));
          at += part->width;
        }
        break;
      }
      default:
        for (Ref operand : x->operands) want_all(operand);
    }
  }

  Ref rebuilt(Ref x) {
    if (const auto known = new_.find(x); known != new_.end()) return known->second;
    const auto wanted = demand_.find(x);
    Ref result = nullptr;
    if (wanted == demand_.end() || wanted->second.isZero()) {
      result = x->operands.empty() ? x : graph_.undef(x->width);
    } else {
      std::vector<Ref> operands;
      for (Ref operand : x->operands) operands.push_back(rebuilt(operand));
      graph_.set_origin({"", x->origin.where});
      result = narrowed(x, operands, wanted->second);
      keep_name(x, result);
    }
    return new_[x] = result;
  }

  static void keep_name(Ref from, Ref to) {
    if (from->origin.name.empty()) return;
    if (to->is(Op::kConcat) && to->operands.size() == 2 &&
        (to->operand(1)->is_zero() || to->operand(1)->is(Op::kUndef)))
      to = to->operand(0);
    const bool nameable = !to->is(Op::kConst) && !to->is(Op::kUndef) && !to->is(Op::kInput) && !to->is(Op::kSlice);
    if (nameable && to->origin.name.empty()) to->origin.name = from->origin.name;
  }

  /// The operation on the bits that matter, with anything in the others.
  Ref narrowed(Ref x, std::vector<Ref>& operands, const APInt& bits) {
    unsigned low = 0;
    unsigned high = x->width;
    const bool by_bit =
        x->is(Op::kNot) || x->is(Op::kAnd) || x->is(Op::kOr) || x->is(Op::kXor) || x->is(Op::kMux) || x->is(Op::kCase);
    const bool from_below = x->is(Op::kAdd) || x->is(Op::kSub) || x->is(Op::kMul) || x->is(Op::kShl);
    if (by_bit || from_below) high = bits.getActiveBits();
    if (by_bit) low = bits.countr_zero();
    if (low == 0 && high == x->width) return made(x, operands, bits);
    const bool choice = x->is(Op::kMux) || x->is(Op::kCase);
    for (std::size_t i = choice ? 1 : 0; i < operands.size(); ++i)
      if (!x->is(Op::kShl) || i == 0) operands[i] = graph_.slice(operands[i], low, high - low);
    std::vector<Ref> parts;
    if (low > 0) parts.push_back(graph_.undef(low));
    parts.push_back(made(x, operands, bits));
    if (high < x->width) parts.push_back(graph_.undef(x->width - high));
    return graph_.concat(parts);
  }

  Ref made(Ref x, const std::vector<Ref>& in, const APInt& bits) {
    if (!x->is(Op::kConcat)) return graph_.with_operands(x, in);
    std::vector<Ref> parts;
    unsigned at = 0;
    for (Ref part : in) {
      parts.push_back(bits.extractBits(part->width, at).isZero() ? graph_.undef(part->width) : part);
      at += part->width;
    }
    return graph_.concat(parts);
  }

  void drop_unseen_state() {
    for (unsigned leaf = 0; leaf < design_.state.size(); ++leaf) {
      const auto seen = demand_.find(state_input(leaf));
      if (seen == demand_.end() || seen->second.isZero()) design_.state[leaf].next = nullptr;
    }
  }

  /// A block RAM's word that nobody looks at is not asked for, and a memory that is not read is not written.
  void drop_unseen_memories() {
    std::set<unsigned> read;
    for (const auto& [x, wanted] : demand_)
      if (x->is(Op::kMemRead) && !wanted.isZero()) read.insert(x->aux);
    for (unsigned port = 1; port < design_.ports.size(); ++port) {
      const PortKind kind = design_.ports[port].kind;
      if (kind != PortKind::kMem && kind != PortKind::kBram) continue;
      PortAction& action = design_.actions[port];
      if (kind == PortKind::kBram) {
        const auto seen = demand_.find(design_.input(Input::kWord, port, 0));
        if (seen == demand_.end() || seen->second.isZero()) action.reads = action.request = nullptr;
      }
      if (read.count(port) == 0 && never(action.reads)) action.writes = action.index = action.data = nullptr;
    }
  }

  Design& design_;
  WordGraph& graph_;
  std::unordered_map<Ref, APInt> demand_;
  std::unordered_map<Ref, Ref> new_;
};

void run_rounds(Design& design) {
  for (unsigned i = 0; i < kMaxRounds; ++i)
    if (!Optimiser(design).round()) return;
}

}  // namespace

void optimise(Design& design) { run_rounds(design); }

void drop_unseen_registers(Design& design) {
  std::vector<Ref> open;
  for (const PortAction& action : design.actions)
    for (Ref root : {action.reads, action.writes, action.data, action.index, action.request})
      if (root != nullptr) open.push_back(root);
  std::set<Ref> seen;
  while (!open.empty()) {
    Ref x = open.back();
    open.pop_back();
    if (!seen.insert(x).second) continue;
    open.insert(open.end(), x->operands.begin(), x->operands.end());
    if (!x->is(Op::kInput) || design.inputs[x->aux].kind != Input::kState) continue;
    if (Ref next = design.state[design.inputs[x->aux].leaf].next; next != nullptr) open.push_back(next);
  }
  for (unsigned leaf = 0; leaf < design.state.size(); ++leaf)
    if (seen.count(design.input(Input::kState, 0, leaf)) == 0) design.state[leaf].next = nullptr;
}

}  // namespace hlsc
