// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/gated_conversion.hpp"

#include <llvm/ADT/PostOrderIterator.h>
#include <llvm/Analysis/CFG.h>
#include <llvm/Analysis/LoopInfo.h>
#include <llvm/IR/CFG.h>
#include <llvm/IR/DebugInfo.h>
#include <llvm/IR/DebugInfoMetadata.h>
#include <llvm/IR/Instructions.h>
#include <llvm/IR/IntrinsicInst.h>

#include <set>
#include <unordered_map>

#include "hls/compiler/budget.hpp"
#include "hls/compiler/control_flow.hpp"
#include "hls/compiler/operations.hpp"
#include "hls/compiler/unresolved_memory.hpp"

namespace hlsc {
namespace {

class Conversion {
 public:
  Conversion(llvm::Function& kernel, const Meanings& meanings, Design& design)
      : kernel_(kernel),
        meanings_(meanings),
        design_(design),
        graph_(design.graph),
        dominators_(kernel),
        value_of_([this](const llvm::Value* value) { return this->value(value); }),
        control_(design.graph, dominators_, value_of_) {}

  void run() {
    refuse_loops();
    refuse_size();
    design_.state.resize(design_.ports[0].layout.leaves.size());
    design_.actions.resize(design_.ports.size());
    parts_.resize(design_.ports.size());
    const llvm::ReversePostOrderTraversal<llvm::Function*> order(&kernel_);
    for (const llvm::BasicBlock* block : order)
      for (const llvm::Instruction& instruction : *block) convert(instruction);
    for (unsigned port = 1; port < design_.ports.size(); ++port) pack(port);
    for (const auto& [key, sites] : sites_) gate(key.first, key.second, sites);
    for (PortAction& action : design_.actions) forget_impossible(action);
  }

 private:
  using Sites = std::vector<const llvm::Instruction*>;

  void refuse_loops() {
    llvm::SmallVector<std::pair<const llvm::BasicBlock*, const llvm::BasicBlock*>> edges;
    llvm::FindFunctionBackedges(kernel_, edges);
    if (edges.empty()) return;
    SourceLocation where;
    const llvm::LoopInfo loops(dominators_);
    for (const llvm::Loop* loop : loops)
      if (where.line == 0) where = location_of(loop->getStartLoc());
    if (where.line == 0) where = location_of(kernel_);
    throw Refusal(where, "this loop does not unroll: its number of rounds is no constant of at most " +
                             std::to_string(kMaxRounds) +
                             "; give it a constant bound (with an if "
                             "inside), or spread it over steps with a counter in the state");
  }

  void refuse_size() {
    if (kernel_.size() > kMaxBlocks || kernel_.getInstructionCount() > kMaxInstructions)
      throw too_large(location_of(kernel_), "inlined and unrolled, it has more than " +
                                                std::to_string(kMaxInstructions) + " operations or " +
                                                std::to_string(kMaxBlocks) + " branches");
  }

  Ref value(const llvm::Value* wanted) {
    if (const auto* number = llvm::dyn_cast<llvm::ConstantInt>(wanted)) return graph_.constant(number->getValue());
    if (llvm::isa<llvm::UndefValue>(wanted) && wanted->getType()->isIntegerTy())
      return graph_.undef(wanted->getType()->getIntegerBitWidth());
    const auto found = values_.find(wanted);
    if (found != values_.end()) return found->second;
    if (llvm::isa<llvm::ConstantExpr>(wanted)) throw address_as_number(*at_);
    throw std::logic_error("an operand that has no value in " + std::string(at_->getOpcodeName()));
  }

  void convert(const llvm::Instruction& instruction) {
    at_ = &instruction;
    graph_.set_origin({"", location_of(instruction.getDebugLoc())});
    if (instruction.isTerminator()) return;
    if (const auto* phi = llvm::dyn_cast<llvm::PHINode>(&instruction)) {
      if (phi->getType()->isIntegerTy())
        define(*phi, control_.phi(*phi, phi->getType()->getIntegerBitWidth(), value_of_));
    } else if (const auto* call = llvm::dyn_cast<llvm::CallInst>(&instruction)) {
      convert_call(*call);
    } else if (const auto* variable = llvm::dyn_cast<llvm::AllocaInst>(&instruction)) {
      throw unresolved(*variable);
    } else if (const auto* load = llvm::dyn_cast<llvm::LoadInst>(&instruction)) {
      define(*load, convert_load(graph_, control_, *load, value_of_));
    } else if (instruction.getType()->isPointerTy()) {
      return;  // looked at from the loads that use it
    } else if (llvm::isa<llvm::StoreInst>(instruction)) {
      throw unknown_address(instruction);
    } else if (!instruction.getType()->isStructTy()) {
      define(instruction, convert_operation(graph_, instruction, value_of_));
    }
  }

  void define(const llvm::Instruction& instruction, Ref result) {
    values_[&instruction] = result;
    name(instruction, result);
  }

  void convert_call(const llvm::CallInst& call) {
    const llvm::Function* callee = call.getCalledFunction();
    const auto found = meanings_.find(callee);
    if (found != meanings_.end()) return convert_marker(call, found->second);
    switch (callee == nullptr ? llvm::Intrinsic::not_intrinsic : callee->getIntrinsicID()) {
      case llvm::Intrinsic::assume:
      case llvm::Intrinsic::lifetime_start:
      case llvm::Intrinsic::lifetime_end:
      case llvm::Intrinsic::experimental_noalias_scope_decl:
      case llvm::Intrinsic::donothing:
      case llvm::Intrinsic::uadd_with_overflow:
      case llvm::Intrinsic::usub_with_overflow:
      case llvm::Intrinsic::umul_with_overflow:
      case llvm::Intrinsic::sadd_with_overflow:
      case llvm::Intrinsic::ssub_with_overflow:
      case llvm::Intrinsic::smul_with_overflow:
        return;
      case llvm::Intrinsic::memcpy:
      case llvm::Intrinsic::memmove:
      case llvm::Intrinsic::memset:
        throw unknown_address(call);
      case llvm::Intrinsic::trap:
      case llvm::Intrinsic::not_intrinsic:
        throw Refusal(location_of(call), "this call is not synthesised");
      default:
        define(call, convert_operation(graph_, call, value_of_));
    }
  }

  Ref leaf_of(Ref word, const Port& port, unsigned leaf) {
    return graph_.slice(word, port.layout.leaves[leaf].bit_offset, port.layout.leaves[leaf].width);
  }

  void convert_marker(const llvm::CallInst& call, const Meaning& meaning) {
    const Port& port = design_.ports[meaning.port];
    const auto argument = [&] { return value(call.getArgOperand(0)); };
    switch (meaning.kind) {
      case Meaning::kLeaf:
        if (meaning.port == 0)
          values_[&call] = design_.input(Input::kState, 0, meaning.leaf);
        else
          values_[&call] = leaf_of(design_.input(Input::kWord, meaning.port, 0), port, meaning.leaf);
        break;
      case Meaning::kValid:
        values_[&call] = design_.input(Input::kValid, meaning.port, 0);
        break;
      case Meaning::kRoom:
        values_[&call] = design_.input(Input::kRoom, meaning.port, 0);
        break;
      case Meaning::kMemRead:
        values_[&call] = leaf_of(graph_.mem_read(meaning.port, port.layout.width, argument()), port, meaning.leaf);
        break;
      case Meaning::kOutLeaf:
        if (meaning.port == 0)
          design_.state[meaning.leaf].next = argument();
        else
          parts_[meaning.port][meaning.leaf] = argument();
        break;
      case Meaning::kOutIndex:
        design_.actions[meaning.port].index = argument();
        break;
      case Meaning::kOutRequest:
        design_.actions[meaning.port].request = argument();
        break;
      default:
        sites_[{meaning.port, meaning.kind}].push_back(&call);
    }
  }

  void pack(unsigned port) {
    const auto& leaves = parts_[port];
    if (leaves.empty()) return;
    std::vector<Ref> parts;
    for (unsigned leaf = 0; leaf < design_.ports[port].layout.leaves.size(); ++leaf) parts.push_back(leaves.at(leaf));
    design_.actions[port].data = graph_.concat(parts);
  }

  /// The condition under which a step does this at the port, and that it does so once.
  void gate(unsigned port, Meaning::Kind kind, const Sites& sites) {
    std::set<const llvm::BasicBlock*> blocks;
    for (const llvm::Instruction* site : sites) blocks.insert(site->getParent());
    graph_.set_origin({"", location_of(*sites[0])});
    const PortKind port_kind = design_.ports[port].kind;
    if (port_kind != PortKind::kWire && port_kind != PortKind::kPulse) check_once(port, kind, sites);
    PortAction& action = design_.actions[port];
    Ref condition = control_.passes(blocks, &kernel_.getEntryBlock());
    (kind == Meaning::kWrite ? action.writes : action.reads) = condition;
  }

  /// What an access would move does not matter if every branch with that access turned out never to be taken.
  static void forget_impossible(PortAction& action) {
    if (action.writes == nullptr) action.data = action.index = nullptr;
    if (action.reads == nullptr) action.request = nullptr;
  }

  void check_once(unsigned port, Meaning::Kind kind, const Sites& sites) {
    std::vector<Ref> conditions;
    for (const llvm::Instruction* site : sites)
      conditions.push_back(control_.passes({site->getParent()}, &kernel_.getEntryBlock()));
    for (std::size_t i = 0; i < sites.size(); ++i)
      for (std::size_t j = i + 1; j < sites.size(); ++j) {
        const llvm::BasicBlock* a = sites[i]->getParent();
        const llvm::BasicBlock* b = sites[j]->getParent();
        const bool one_path = a == b || llvm::isPotentiallyReachable(a, b, nullptr, &dominators_) ||
                              llvm::isPotentiallyReachable(b, a, nullptr, &dominators_);
        if (!one_path || (a != b && !can_both_hold(graph_, conditions[i], conditions[j]))) continue;
        const SourceLocation first = location_of(*sites[i]);
        const char* what = kind == Meaning::kWrite ? "write" : kind == Meaning::kRead ? "read" : "request";
        throw Refusal(location_of(*sites[j]),
                      std::string("a second ") + what + " of " + design_.ports[port].name +
                          " in the same step (the first is in line " + std::to_string(first.line) +
                          "); a step does it once: make them exclusive branches of one if, or use two steps");
      }
  }

  /// Gives an expression the name of the C++ variable that holds it.
  void name(const llvm::Instruction& instruction, Ref result) {
    llvm::SmallVector<llvm::DbgValueInst*> unused;
    llvm::SmallVector<llvm::DbgVariableRecord*> records;
    llvm::findDbgValues(unused, const_cast<llvm::Instruction*>(&instruction), &records);
    for (const llvm::DbgVariableRecord* record : records) {
      const llvm::DILocalVariable* variable = record->getVariable();
      if (file_of(variable->getRawFile()).find("hls/base/") != std::string::npos || variable->getName() == "this")
        continue;
      const llvm::DIExpression* expression = record->getExpression();
      std::string full = variable->getName().str();
      if (const auto fragment = expression->getFragmentInfo())
        full += member_name(*variable, fragment->OffsetInBits);
      else if (expression->getNumElements() != 0)
        continue;
      // Zeros above a narrower value are not what the name is about.
      if (result->is(Op::kConcat) && result->operands.size() == 2 && result->operand(1)->is_zero())
        result = result->operand(0);
      if (result->origin.name.empty() && !result->is(Op::kConst)) result->origin.name = full;
      return;
    }
  }

  static std::string member_name(const llvm::DILocalVariable& variable, std::uint64_t offset_bits) {
    try {
      for (const Leaf& leaf : layout_of(variable.getType(), "", {}).leaves)
        if (leaf.byte_offset * 8 == offset_bits) return leaf.path.empty() ? "" : "_" + leaf.path;
    } catch (const Refusal&) {
      return "";  // a variable whose type has no bits of its own; its parts may still have
    }
    return "";
  }

  llvm::Function& kernel_;
  const Meanings& meanings_;
  Design& design_;
  WordGraph& graph_;
  llvm::DominatorTree dominators_;
  ControlFlow::ValueOf value_of_;
  ControlFlow control_;
  const llvm::Instruction* at_ = nullptr;  // what is being converted
  std::unordered_map<const llvm::Value*, Ref> values_;
  std::vector<std::map<unsigned, Ref>> parts_;
  std::map<std::pair<unsigned, Meaning::Kind>, Sites> sites_;
};

}  // namespace

void convert(llvm::Function& kernel, const Meanings& meanings, Design& design) {
  Conversion(kernel, meanings, design).run();
}

}  // namespace hlsc
