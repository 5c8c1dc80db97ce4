// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/driver.hpp"

#include <llvm/Analysis/ConstantFolding.h>
#include <llvm/IR/Instructions.h>
#include <llvm/Support/raw_ostream.h>

#include <fstream>
#include <iostream>
#include <sstream>

#include "hls/compiler/checks.hpp"
#include "hls/compiler/debug_info.hpp"
#include "hls/compiler/dynamic_index.hpp"
#include "hls/compiler/emit.hpp"
#include "hls/compiler/gated_conversion.hpp"
#include "hls/compiler/optimise.hpp"
#include "hls/compiler/passes.hpp"
#include "hls/compiler/port_lowering.hpp"

namespace hlsc {
namespace {

/// Reads the default-constructed objects that the front end left, one beside each argument.
class ResetValues {
 public:
  explicit ResetValues(const llvm::GlobalVariable& resets) : resets_(resets) {
    llvm::SmallVector<llvm::DIGlobalVariableExpression*, 1> info;
    resets.getDebugInfo(info);
    if (info.empty()) throw malformed("the reset values have no debug information");
    type_ = composite(info[0]->getVariable()->getType());
  }

  /// The reset value of a leaf of argument number `argument`.
  llvm::APInt of(unsigned argument, const Leaf& leaf) const {
    const std::uint64_t offset = offset_of(argument) + leaf.byte_offset;
    const llvm::DataLayout& layout = resets_.getParent()->getDataLayout();
    llvm::Type* type = llvm::IntegerType::get(resets_.getContext(), leaf.storage_bits);
    llvm::Constant* value = llvm::ConstantFoldLoadFromConst(const_cast<llvm::Constant*>(resets_.getInitializer()), type,
                                                            llvm::APInt(64, offset), layout);
    const auto* number = llvm::dyn_cast_or_null<llvm::ConstantInt>(value);
    if (number == nullptr) return llvm::APInt(leaf.width, 0);
    return number->getValue().zextOrTrunc(leaf.width);
  }

 private:
  static const llvm::DICompositeType* composite(const llvm::DIType* type) {
    const auto* result = llvm::dyn_cast_or_null<llvm::DICompositeType>(unqualified(type));
    if (result == nullptr) throw malformed("the reset values are no struct");
    return result;
  }

  static const llvm::DIDerivedType* member(const llvm::DICompositeType* type, llvm::StringRef name) {
    for (const llvm::Metadata* element : elements_of(*type))
      if (const auto* found = llvm::dyn_cast<llvm::DIDerivedType>(element);
          found != nullptr && found->getName() == name)
        return found;
    throw malformed("the reset values have no member " + name.str());
  }

  std::uint64_t offset_of(unsigned argument) const {
    const llvm::DICompositeType* at = type_;
    std::uint64_t bits = 0;
    for (unsigned i = 0; i < argument; ++i) {
      const llvm::DIDerivedType* rest = member(at, "rest");
      bits += rest->getOffsetInBits();
      at = composite(rest->getBaseType());
    }
    const llvm::DIDerivedType* first = member(at, "first");
    const llvm::DICompositeType* holder = composite(first->getBaseType());
    return (bits + first->getOffsetInBits() + member(holder, "value")->getOffsetInBits()) / 8;
  }

  const llvm::GlobalVariable& resets_;
  const llvm::DICompositeType* type_ = nullptr;
};

void set_resets(Design& design, const llvm::GlobalVariable& variable) {
  const ResetValues resets(variable);
  const Layout& state = design.ports[0].layout;
  for (unsigned leaf = 0; leaf < state.leaves.size(); ++leaf)
    design.state[leaf].reset = resets.of(0, state.leaves[leaf]);
  for (unsigned port = 1; port < design.ports.size(); ++port) {
    const Port& each = design.ports[port];
    llvm::APInt word(each.layout.width, 0);
    if (each.kind == PortKind::kWire || each.kind == PortKind::kMem || each.kind == PortKind::kBram)
      for (const Leaf& leaf : each.layout.leaves) word.insertBits(resets.of(each.argument, leaf), leaf.bit_offset);
    design.actions[port].reset = word;
  }
}

void warn_of_unused_ports(const Design& design) {
  for (const Port& port : design.ports)
    if ((port.kind == PortKind::kStream || port.kind == PortKind::kWire) && port.direction == Direction::kUnused)
      std::cerr << "hlsc: warning: " << design.module << ": port " << port.name
                << " is neither read nor written and is left out of the module\n";
}

/// Leaves an equal file alone, so that a build does not Verilate it again.
void write_if_changed(const std::string& path, const std::string& text) {
  std::ifstream old(path);
  const std::string before((std::istreambuf_iterator<char>(old)), std::istreambuf_iterator<char>());
  if (old.is_open() && before == text) return;
  std::ofstream out(path);
  out << text;
  if (!out.flush()) throw Refusal({}, "cannot write " + path);
}

}  // namespace

std::string compile_unit(FrontEnd& unit, const Options& options) {
  const auto show = [&](Stage stage) {
    if (options.dump_after == stage) unit.kernel->print(llvm::outs());
  };
  show(Stage::kFrontEnd);
  check_source(*unit.kernel);

  Design design;
  design.module = options.module;
  design.ports = ports_of(*unit.kernel);

  // Loops unroll before the ports are lowered, so that a bank's number is a constant; then values flow through the
  // variables that stood for memory.
  inline_all(*unit.module, *unit.kernel);
  simplify(*unit.module);
  simplify(*unit.module);
  show(Stage::kInlining);
  const Meanings meanings = lower_ports(*unit.kernel, design.ports);
  expand_dynamic_indices(*unit.kernel);
  simplify(*unit.module);
  simplify(*unit.module);
  show(Stage::kPortLowering);

  convert(*unit.kernel, meanings, design);
  set_resets(design, *unit.resets);
  warn_of_unused_ports(design);
  if (options.dump_after == Stage::kWordGraph) dump(design, std::cout);
  optimise(design);
  if (options.dump_after == Stage::kOptimisation) dump(design, std::cout);

  std::ostringstream text;
  emit(design, options, text);
  return text.str();
}

void compile(const Options& options) {
  configure_llvm();
  llvm::LLVMContext context;
  FrontEnd unit = run_front_end(options, context);
  write_if_changed(options.output, compile_unit(unit, options));
}

}  // namespace hlsc
