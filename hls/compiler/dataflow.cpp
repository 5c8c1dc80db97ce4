// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/dataflow.hpp"

#include <llvm/IR/DebugInfoMetadata.h>
#include <llvm/IR/Instructions.h>
#include <llvm/IR/IntrinsicInst.h>
#include <llvm/IR/Module.h>

#include <filesystem>
#include <fstream>

#include "hls/compiler/dataflow_parts.hpp"

namespace hlsc {
namespace {

const llvm::DICompositeType* owned_by(const llvm::Function& function) {
  if (function.getSubprogram() == nullptr || function.arg_empty()) return nullptr;
  return referred_class(function.getSubprogram()->getType()->getTypeArray()[1]);
}

bool owns_process(const llvm::DICompositeType* type) {
  for (const llvm::DINode* element : type->getElements()) {
    const auto* member = llvm::dyn_cast<llvm::DIDerivedType>(element);
    if (member == nullptr || member->isStaticMember()) continue;
    const llvm::DICompositeType* inner = class_of(member->getBaseType());
    if (inner == nullptr || inner->getName().starts_with("ap_uint<")) continue;
    if (inner->getName().starts_with("Process<") || owns_process(inner)) return true;
  }
  return false;
}

/// "run" of "run<...>".
std::string plain_name(llvm::StringRef name) {
  return name.take_until([](char c) { return c == '<'; }).str();
}

/// The class that a function is a member of, as "stream<...>"; empty if it is none.
std::string class_name(const llvm::DISubprogram* program) {
  const auto* type = llvm::dyn_cast_or_null<llvm::DICompositeType>(program->getScope());
  return type == nullptr ? "" : type->getName().str();
}

class Reader {
 public:
  Reader(const FrontEnd& unit, const Options& options)
      : function_(*unit.kernel), layout_(unit.module->getDataLayout()) {
    result_.function = function_.getSubprogram()->getName().str();
    result_.parts = parts_of(unit, options);
  }

  Dataflow read() {
    check_pragma();
    const llvm::BasicBlock& body = function_.getEntryBlock();
    if (!llvm::isa<llvm::ReturnInst>(body.getTerminator()))
      throw Refusal(location_of(*body.getTerminator()),
                    "control flow in a dataflow function; its calls are instances, which are all there all the time: "
                    "write each out, and let a kernel decide");
    for (const llvm::Instruction& instruction : body) read(instruction);
    return std::move(result_);
  }

 private:
  /// Vitis takes a function for this only by its pragma. clang does not pass it on, so it is looked for in the text.
  void check_pragma() const {
    const llvm::DISubprogram& program = *function_.getSubprogram();
    const std::filesystem::path path =
        std::filesystem::path(program.getDirectory().str()) / program.getFilename().str();
    std::ifstream file(path);
    unsigned last = program.getLine();
    for (const llvm::Instruction& instruction : function_.getEntryBlock())
      if (instruction.getDebugLoc()) last = std::max(last, instruction.getDebugLoc().getLine());
    std::string line;
    for (unsigned number = 1; number <= last && std::getline(file, line); ++number)
      if (number >= program.getLine() && line.find("#pragma HLS dataflow") != std::string::npos) return;
    throw Refusal(location_of(function_), result_.function +
                                              " runs kernels but has no `#pragma HLS dataflow`; without it Vitis would "
                                              "call them one after the other");
  }

  void read(const llvm::Instruction& instruction) {
    if (llvm::isa<llvm::AllocaInst>(instruction) || llvm::isa<llvm::GetElementPtrInst>(instruction) ||
        llvm::isa<llvm::ReturnInst>(instruction) || llvm::isa<llvm::DbgInfoIntrinsic>(instruction))
      return;
    if (const auto* store = llvm::dyn_cast<llvm::StoreInst>(&instruction))
      if (store->getValueOperand()->getType()->isPointerTy() && llvm::isa<llvm::AllocaInst>(store->getPointerOperand()))
        return;
    if (llvm::isa<llvm::LoadInst>(instruction) && instruction.getType()->isPointerTy()) return;
    const auto* call = llvm::dyn_cast<llvm::CallInst>(&instruction);
    if (call == nullptr) refuse_computation(instruction);
    read_call(*call);
  }

  [[noreturn]] static void refuse_computation(const llvm::Instruction& instruction) {
    throw Refusal(location_of(instruction),
                  "a dataflow function joins kernels and computes nothing itself; let a kernel do it");
  }

  static bool is_part(const llvm::DICompositeType* type) {
    return type->getName().starts_with("Process<") || is_memory(type) || net_of(type, "", {}).has_value();
  }

  void read_call(const llvm::CallInst& call) {
    const llvm::Function* callee = call.getCalledFunction();
    if (callee != nullptr && callee->isIntrinsic()) {
      if (!call.isLifetimeStartOrEnd()) refuse_computation(call);
      return;  // of a reference
    }
    const llvm::DISubprogram* program = callee == nullptr ? nullptr : callee->getSubprogram();
    if (program == nullptr)
      throw Refusal(location_of(call), "a dataflow function holds calls of Process::run and join only");
    const std::string name = plain_name(program->getName());
    const std::string of = class_name(program);
    if (name == "run" && plain_name(of) == "Process") return read_run(call);
    if (name == "join" && of.empty()) return read_join(call);
    if (name == plain_name(of) && is_part(llvm::cast<llvm::DICompositeType>(program->getScope())))
      throw Refusal(location_of(call), of + " in a dataflow function would be new in every clock; make it a member of "
                                            "what the function owns");
    if (name == plain_name(of)) refuse_computation(call);
    if (!of.empty())
      throw Refusal(location_of(call), "call of " + name + "() of " + of +
                                           "; a dataflow function only joins kernels, so let one of them call it");
    throw Refusal(location_of(call), "call of " + name +
                                         ", which is no kernel that runs; a kernel is run by its Process: "
                                         "e.process.run(kernel, nets...)");
  }

  void read_run(const llvm::CallInst& call) {
    Instance instance;
    instance.where = location_of(call);
    const auto* kernel = llvm::dyn_cast<llvm::Function>(call.getArgOperand(1));
    if (kernel == nullptr)
      throw Refusal(instance.where, "which kernel runs depends on run-time values; name it in the call");
    const llvm::DISubprogram* program = kernel->getSubprogram();
    if (kernel->isDeclaration() || program == nullptr)
      throw Refusal(instance.where, demangled(kernel->getName().str()) + " has no body in this unit");
    instance.symbol = kernel->getName().str();
    instance.kernel = program->getName().str();
    instance.source = program->getFilename().str();
    if (is_dataflow(*kernel))
      throw Refusal(instance.where, instance.kernel +
                                        " is a dataflow function itself; there is one level of them: run its kernels "
                                        "here");
    instance.process = operand(call, 0);
    for (unsigned i = 2; i < call.arg_size(); ++i) {
      instance.operands.push_back(operand(call, i));
      check_type(*kernel, i - 1, instance.operands.back(), instance.kernel);
    }
    result_.instances.push_back(std::move(instance));
  }

  /// clang has compared them already; but a cast can say anything.
  void check_type(const llvm::Function& kernel, unsigned argument, const Operand& given,
                  const std::string& name) const {
    const llvm::DICompositeType* wanted =
        referred_class(kernel.getSubprogram()->getType()->getTypeArray()[argument + 1]);
    const Part& part = result_.parts[given.part];
    if (wanted == nullptr || wanted->getName() == part.type) return;
    throw Refusal(given.where, part.name + " is a " + part.type + ", but argument " +
                                   kernel.getArg(argument)->getName().str() + " of " + name + " is a " +
                                   wanted->getName().str());
  }

  void read_join(const llvm::CallInst& call) {
    Join join;
    join.instances_before = result_.instances.size();
    join.whole = operand(call, 0);
    for (unsigned i = 1; i < call.arg_size(); ++i) join.parts.push_back(operand(call, i));
    result_.joins.push_back(std::move(join));
  }

  /// Which part a reference is.
  Operand operand(const llvm::CallInst& call, unsigned number) const {
    const llvm::Value* value = call.getArgOperand(number);
    Operand result;
    const auto* address = llvm::dyn_cast<llvm::Instruction>(value);
    result.where = address == nullptr ? location_of(call) : location_of(*address);
    llvm::APInt offset(64, 0);
    const llvm::Argument* argument = nullptr;
    while (argument == nullptr) {
      value = value->stripAndAccumulateConstantOffsets(layout_, offset, true);
      argument = llvm::dyn_cast<llvm::Argument>(value);
      if (argument == nullptr) value = referred(*value, result.where);
    }
    for (unsigned i = 0; i < result_.parts.size(); ++i) {
      const Part& part = result_.parts[i];
      if (part.argument != argument->getArgNo() || part.offset != offset.getZExtValue()) continue;
      result.part = i;
      return result;
    }
    throw Refusal(result.where, "this is no net, memory or process of " + result_.function);
  }

  /// What a reference variable refers to: it is set once.
  static const llvm::Value* referred(const llvm::Value& value, const SourceLocation& where) {
    if (const auto* load = llvm::dyn_cast<llvm::LoadInst>(&value))
      if (const auto* variable = llvm::dyn_cast<llvm::AllocaInst>(load->getPointerOperand())) {
        const llvm::Value* set = nullptr;
        unsigned times = 0;
        for (const llvm::User* user : variable->users())
          if (const auto* store = llvm::dyn_cast<llvm::StoreInst>(user)) {
            set = store->getValueOperand();
            ++times;
          }
        if (times == 1) return set;
      }
    throw Refusal(where, "this is neither a member of what the function owns nor one of its arguments");
  }

  const llvm::Function& function_;
  const llvm::DataLayout& layout_;
  Dataflow result_;
};

}  // namespace

bool is_dataflow(const llvm::Function& function) {
  const llvm::DICompositeType* owned = owned_by(function);
  return owned != nullptr && owns_process(owned);
}

Dataflow read_dataflow(const FrontEnd& unit, const Options& options) { return Reader(unit, options).read(); }

void dump(const Dataflow& dataflow, std::ostream& out) {
  const auto list = [&](const std::vector<Operand>& operands) {
    for (const Operand& operand : operands) out << " " << dataflow.parts[operand.part].name;
  };
  for (const Part& part : dataflow.parts) {
    out << (part.is_argument() ? "argument " : "member ") << part.name << ": " << part.type;
    if (part.kind == Part::kNet && part.net.kind == PortKind::kStream) out << ", depth " << part.depth;
    out << "\n";
  }
  for (const Join& join : dataflow.joins) {
    out << "join " << dataflow.parts[join.whole.part].name << ":";
    list(join.parts);
    out << "\n";
  }
  for (const Instance& instance : dataflow.instances) {
    out << "run " << dataflow.parts[instance.process.part].name << ": " << instance.kernel;
    list(instance.operands);
    out << "\n";
  }
}

}  // namespace hlsc
