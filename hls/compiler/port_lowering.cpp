// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/port_lowering.hpp"

#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/Instructions.h>
#include <llvm/IR/Module.h>
#include <llvm/Support/MathExtras.h>

#include <map>
#include <stdexcept>
#include <string>

#include "hls/compiler/diagnostics.hpp"
#include "hls/compiler/port_intrinsics.hpp"

namespace hlsc {
namespace {

using llvm::IRBuilder;
using llvm::Value;

class PortLowering {
 public:
  PortLowering(llvm::Function& kernel, std::vector<Port>& ports) : kernel_(kernel), ports_(ports) {}

  Meanings run() {
    find_return();
    std::vector<llvm::CallInst*> calls;
    for (llvm::Instruction& instruction : llvm::instructions(kernel_))
      if (auto* call = llvm::dyn_cast<llvm::CallInst>(&instruction))
        if (call->getCalledFunction() != nullptr && is_port_intrinsic(*call->getCalledFunction()))
          calls.push_back(call);
    for (llvm::CallInst* call : calls) lower(*call);
    lower_state();
    remove_dead_addresses();
    for (const llvm::Argument& argument : kernel_.args())
      for (const llvm::User* user : argument.users())
        throw Refusal(
            location_of(*llvm::cast<llvm::Instruction>(user)),
            "port " + argument.getName().str() + " is used as a pointer; only its member functions are synthesised");
    return std::move(meanings_);
  }

 private:
  llvm::Type* bits(unsigned width) { return llvm::IntegerType::get(kernel_.getContext(), width); }

  void remove_dead_addresses() {
    for (llvm::BasicBlock& block : kernel_)
      for (llvm::Instruction& instruction : llvm::make_early_inc_range(llvm::reverse(block)))
        if (llvm::isa<llvm::GetElementPtrInst>(instruction) && instruction.use_empty()) instruction.eraseFromParent();
  }

  void find_return() {
    for (llvm::BasicBlock& block : kernel_)
      if (auto* ret = llvm::dyn_cast<llvm::ReturnInst>(block.getTerminator())) {
        if (return_ != nullptr) throw std::logic_error("a kernel that returns at more than one place");
        return_ = ret;
      }
    if (return_ == nullptr)
      throw Refusal(location_of(kernel_), "this kernel never returns; a kernel is one step, called once per clock");
  }

  /// The marker function for a meaning. A pure one has the same value at every call of the step; others stay where they
  /// are.
  llvm::Function* marker(Meaning meaning, llvm::Type* result, llvm::ArrayRef<llvm::Type*> arguments, bool pure) {
    llvm::Function*& function = markers_[{meaning.kind, meaning.port, meaning.leaf}];
    if (function != nullptr) return function;
    const std::string name =
        "hlsc." + ports_[meaning.port].name + "." + std::to_string(meaning.kind) + "." + std::to_string(meaning.leaf);
    function = llvm::Function::Create(llvm::FunctionType::get(result, arguments, false),
                                      llvm::GlobalValue::ExternalLinkage, name, kernel_.getParent());
    function->setDoesNotThrow();
    function->addFnAttr(llvm::Attribute::WillReturn);
    function->addFnAttr(llvm::Attribute::NoCallback);
    function->addFnAttr(llvm::Attribute::NoSync);
    function->addFnAttr(llvm::Attribute::NoFree);
    if (pure) {
      function->setDoesNotAccessMemory();
      function->addFnAttr(llvm::Attribute::Speculatable);
    } else {
      function->setOnlyAccessesInaccessibleMemory();
    }
    meanings_[function] = meaning;
    return function;
  }

  Value* input(IRBuilder<>& at, Meaning meaning, unsigned width) {
    return at.CreateCall(marker(meaning, bits(width), {}, true));
  }

  void site(IRBuilder<>& at, Meaning::Kind kind, unsigned port) {
    at.CreateCall(marker({kind, port, 0}, at.getVoidTy(), {}, false));
  }

  /// A local variable that is as wide as a type in memory, since SROA leaves others alone.
  llvm::Type* variable_type(unsigned width) {
    return bits(std::max(8u, static_cast<unsigned>(llvm::PowerOf2Ceil(width))));
  }

  /// Stores a value of `width` bits into the variable for what leaves the module, which is emitted before the return.
  /// It starts out as zero or as anything.
  void output(IRBuilder<>& at, Meaning meaning, Value* value, bool zero = false) {
    const unsigned width = value->getType()->getIntegerBitWidth();
    llvm::Type* type = variable_type(width);
    llvm::AllocaInst*& variable = outputs_[{meaning.kind, meaning.port, meaning.leaf}];
    if (variable == nullptr) {
      IRBuilder<> entry(&kernel_.getEntryBlock(), kernel_.getEntryBlock().begin());
      variable = entry.CreateAlloca(type, nullptr, ports_[meaning.port].name);
      entry.CreateStore(zero ? llvm::Constant::getNullValue(type) : llvm::UndefValue::get(type), variable);
      IRBuilder<> exit(return_);
      exit.CreateCall(marker(meaning, exit.getVoidTy(), {bits(width)}, false),
                      {exit.CreateTrunc(exit.CreateLoad(type, variable), bits(width))});
    }
    at.CreateStore(at.CreateZExt(value, type), variable);
  }

  Value* address(IRBuilder<>& at, Value* base, std::uint64_t offset) {
    return offset == 0 ? base : at.CreateConstInBoundsGEP1_64(at.getInt8Ty(), base, offset);
  }

  void store_leaf(IRBuilder<>& at, Value* value, Value* target, const Leaf& leaf) {
    at.CreateAlignedStore(at.CreateZExtOrTrunc(value, bits(leaf.storage_bits)), address(at, target, leaf.byte_offset),
                          llvm::Align(1));
  }

  Value* load_leaf(IRBuilder<>& at, Value* source, const Leaf& leaf) {
    Value* stored =
        at.CreateAlignedLoad(bits(leaf.storage_bits), address(at, source, leaf.byte_offset), llvm::Align(1));
    return at.CreateTrunc(stored, bits(leaf.width));
  }

  unsigned port_of(const llvm::CallInst& call) {
    const Value* base = call.getArgOperand(0);
    llvm::APInt offset(64, 0);
    base = base->stripAndAccumulateConstantOffsets(kernel_.getParent()->getDataLayout(), offset, true);
    if (const auto* argument = llvm::dyn_cast<llvm::Argument>(base)) {
      for (unsigned i = 0; i < ports_.size(); ++i)
        if (ports_[i].argument == argument->getArgNo() && ports_[i].byte_offset == offset.getZExtValue()) return i;
    }
    throw Refusal(
        location_of(call),
        "which port or memory this is depends on run-time values; write one access per port, each under its own "
        "condition");
  }

  void set_direction(const llvm::CallInst& call, Port& port, Direction direction) {
    if (port.direction != Direction::kUnused && port.direction != direction)
      throw Refusal(location_of(call), "port " + port.name + " is both read and written; a port has one direction");
    port.direction = direction;
  }

  void read_leaves(IRBuilder<>& at, const llvm::CallInst& call, unsigned port) {
    const Layout& layout = ports_[port].layout;
    for (unsigned i = 0; i < layout.leaves.size(); ++i)
      store_leaf(at, input(at, {Meaning::kLeaf, port, i}, layout.leaves[i].width), call.getArgOperand(1),
                 layout.leaves[i]);
  }

  void write_leaves(IRBuilder<>& at, Value* source, unsigned port) {
    site(at, Meaning::kWrite, port);
    const Layout& layout = ports_[port].layout;
    for (unsigned i = 0; i < layout.leaves.size(); ++i) {
      output(at, {Meaning::kOutLeaf, port, i}, load_leaf(at, source, layout.leaves[i]),
             ports_[port].kind == PortKind::kPulse);
    }
  }

  Value* index_of(IRBuilder<>& at, const llvm::CallInst& call, unsigned port) {
    llvm::Type* type = bits(index_width(ports_[port].entries));
    // A memory of one entry has a bit of index all the same.
    if (ports_[port].entries == 1) return llvm::ConstantInt::get(type, 0);
    return at.CreateTrunc(call.getArgOperand(1), type);
  }

  void write_index(IRBuilder<>& at, const llvm::CallInst& call, unsigned port, Meaning::Kind kind) {
    output(at, {kind, port, 0}, index_of(at, call, port));
  }

  void read_memory(IRBuilder<>& at, const llvm::CallInst& call, unsigned port) {
    const Layout& layout = ports_[port].layout;
    Value* index = index_of(at, call, port);
    for (unsigned i = 0; i < layout.leaves.size(); ++i) {
      llvm::Function* function =
          marker({Meaning::kMemRead, port, i}, bits(layout.leaves[i].width), {index->getType()}, true);
      store_leaf(at, at.CreateCall(function, {index}), call.getArgOperand(2), layout.leaves[i]);
    }
  }

  void lower_test(IRBuilder<>& at, llvm::CallInst& call, unsigned port, Meaning::Kind kind) {
    Value* flag = input(at, {kind, port, 0}, 1);
    call.replaceAllUsesWith(kind == Meaning::kValid || kind == Meaning::kRoom ? at.CreateNot(flag) : flag);
  }

  void lower(llvm::CallInst& call) {
    IRBuilder<> at(&call);
    const llvm::StringRef name = call.getCalledFunction()->getName();
    const unsigned index = port_of(call);
    Port& port = ports_[index];
    check_port_kind(call, port);
    if (name == "hlsc_stream_read") {
      set_direction(call, port, Direction::kRead);
      site(at, Meaning::kRead, index);
      read_leaves(at, call, index);
    } else if (name == "hlsc_stream_empty") {
      set_direction(call, port, Direction::kRead);
      lower_test(at, call, index, Meaning::kValid);
    } else if (name == "hlsc_stream_full") {
      set_direction(call, port, Direction::kWritten);
      lower_test(at, call, index, Meaning::kRoom);
    } else if (name == "hlsc_wire_read") {
      set_direction(call, port, Direction::kRead);
      read_leaves(at, call, index);
    } else if (name == "hlsc_mem_read") {
      read_memory(at, call, index);
    } else if (name == "hlsc_bram_data") {
      read_leaves(at, call, index);
    } else if (name == "hlsc_bram_request") {
      site(at, Meaning::kRequest, index);
      write_index(at, call, index, Meaning::kOutRequest);
    } else if (name == "hlsc_mem_write" || name == "hlsc_bram_write") {
      write_index(at, call, index, Meaning::kOutIndex);
      write_leaves(at, call.getArgOperand(2), index);
    } else {
      set_direction(call, port, Direction::kWritten);
      write_leaves(at, call.getArgOperand(1), index);
    }
    call.eraseFromParent();
  }

  void lower_state() {
    const Layout& layout = ports_[0].layout;
    llvm::BasicBlock& block = kernel_.getEntryBlock();
    IRBuilder<> entry(&block, block.begin());
    llvm::AllocaInst* state = entry.CreateAlloca(
        llvm::ArrayType::get(entry.getInt8Ty(), std::max<std::uint64_t>(layout.bytes, 1)), nullptr, "state");
    state->setAlignment(llvm::Align(16));
    for (unsigned i = 0; i < layout.leaves.size(); ++i)
      store_leaf(entry, input(entry, {Meaning::kLeaf, 0, i}, layout.leaves[i].width), state, layout.leaves[i]);
    kernel_.getArg(0)->replaceAllUsesWith(state);
    IRBuilder<> exit(return_);
    for (unsigned i = 0; i < layout.leaves.size(); ++i) {
      Value* value = load_leaf(exit, state, layout.leaves[i]);
      exit.CreateCall(marker({Meaning::kOutLeaf, 0, i}, exit.getVoidTy(), {value->getType()}, false), {value});
    }
  }

  using Key = std::tuple<Meaning::Kind, unsigned, unsigned>;

  llvm::Function& kernel_;
  std::vector<Port>& ports_;
  llvm::ReturnInst* return_ = nullptr;
  std::map<Key, llvm::Function*> markers_;
  std::map<Key, llvm::AllocaInst*> outputs_;
  Meanings meanings_;
};

}  // namespace

Meanings lower_ports(llvm::Function& kernel, std::vector<Port>& ports) { return PortLowering(kernel, ports).run(); }

unsigned index_width(std::uint64_t entries) { return entries <= 2 ? 1 : llvm::Log2_64_Ceil(entries); }

}  // namespace hlsc
