// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/driver.hpp"

#include <llvm/Analysis/ConstantFolding.h>
#include <llvm/BinaryFormat/Dwarf.h>
#include <llvm/IR/DebugInfoMetadata.h>
#include <llvm/IR/Instructions.h>
#include <llvm/Support/raw_ostream.h>

#include <fstream>
#include <iostream>
#include <limits>
#include <sstream>

#include "hls/compiler/bounds.hpp"
#include "hls/compiler/checks.hpp"
#include "hls/compiler/diagnostics.hpp"
#include "hls/compiler/dynamic_index.hpp"
#include "hls/compiler/emit.hpp"
#include "hls/compiler/gated_conversion.hpp"
#include "hls/compiler/latency.hpp"
#include "hls/compiler/memory_mapping.hpp"
#include "hls/compiler/optimise.hpp"
#include "hls/compiler/passes.hpp"
#include "hls/compiler/pipeline.hpp"
#include "hls/compiler/port_lowering.hpp"
#include "hls/compiler/pragmas.hpp"
#include "hls/compiler/reassociate.hpp"
#include "hls/compiler/report.hpp"
#include "hls/compiler/schedule.hpp"

namespace hlsc {
namespace {

/// Reads the default-constructed objects that the front end left, one beside each argument.
class ResetValues {
 public:
  explicit ResetValues(const llvm::GlobalVariable& resets) : resets_(resets) {
    llvm::SmallVector<llvm::DIGlobalVariableExpression*, 1> info;
    resets.getDebugInfo(info);
    type_ = composite(info[0]->getVariable()->getType());
  }

  /// The reset value of a leaf of argument number `argument`, of its entry at `entry_offset` if it is a memory.
  llvm::APInt of(unsigned argument, const Leaf& leaf, std::uint64_t entry_offset = 0) const {
    const std::uint64_t offset = offset_of(argument) + entry_offset + leaf.byte_offset;
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
    while (const auto* derived = llvm::dyn_cast<llvm::DIDerivedType>(type)) type = derived->getBaseType();
    return llvm::cast<llvm::DICompositeType>(type);
  }

  static const llvm::DIDerivedType* member(const llvm::DICompositeType* type, llvm::StringRef name) {
    for (const llvm::DINode* element : type->getElements())
      if (const auto* found = llvm::dyn_cast<llvm::DIDerivedType>(element);
          found != nullptr && found->getName() == name)
        return found;
    throw std::logic_error("the unit's reset values have no member " + name.str());
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
    bits += first->getOffsetInBits();
    if (holder->getElements()[0]->getTag() == llvm::dwarf::DW_TAG_inheritance)  // a memory's holder has a base
      holder = composite(llvm::cast<llvm::DIDerivedType>(holder->getElements()[0])->getBaseType());
    return (bits + member(holder, "value")->getOffsetInBits()) / 8;
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
    const bool has_value = each.kind == PortKind::kWire || is_memory(each.kind);
    const auto word = [&](std::uint64_t entry) {
      llvm::APInt bits(each.layout.width, 0);
      for (const Leaf& leaf : each.layout.leaves)
        bits.insertBits(resets.of(each.argument, leaf, entry * each.layout.bytes), leaf.bit_offset);
      return bits;
    };
    design.actions[port].reset = has_value ? word(0) : llvm::APInt(each.layout.width, 0);
    for (std::uint64_t entry = 0; each.has_contents && entry < each.entries; ++entry)
      design.actions[port].contents.push_back(word(entry));
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

void write_latency(const Design& design, const Options& options) {
  std::ostringstream text;
  text << "// Generated by hlsc from " << options.header << ": " << options.function << ". Do not edit.\n"
       << "// SPDX-License-Identifier: Apache-2.0\n#pragma once\n\n#include \"hls/base/stream.hpp\"\n\n"
       << "namespace sockwire {\n\n";
  print_latency(design, text);
  text << "\n}  // namespace sockwire\n";
  write_if_changed(options.latency, text.str());
}

}  // namespace

Design design_of(const Options& options) { return design_of(options, run_clang(options, {options.function}), 0); }

Design design_of(const Options& options, const TranslationUnit& kernels, std::size_t number) {
  configure_llvm();
  llvm::LLVMContext context;
  FrontEnd unit = load_kernel(kernels, number, context);
  const auto show = [&](Stage stage) {
    if (options.dump_after == stage) unit.kernel->print(llvm::outs());
  };
  show(Stage::kFrontEnd);
  const Pragmas pragmas = pragmas_of(*unit.kernel);
  check_source(*unit.kernel);

  Design design;
  design.module = options.module;
  design.source = options.function;
  design.ports = ports_of(*unit.kernel);

  // Loops unroll before the ports are lowered, so that a bank's number is a constant; then values flow through the
  // variables that stood for memory.
  tighten_bounds(*unit.module);
  inline_all(*unit.module, *unit.kernel);
  simplify(*unit.module);
  settle_bounds(*unit.kernel);
  simplify(*unit.module);
  show(Stage::kInlining);
  const Meanings meanings = lower_ports(*unit.kernel, design.ports);
  expand_dynamic_indices(*unit.kernel);
  simplify(*unit.module);
  simplify(*unit.module);
  show(Stage::kPortLowering);

  convert(*unit.kernel, meanings, design);
  design.complete_pulses();
  set_resets(design, *unit.resets);
  warn_of_unused_ports(design);
  if (options.dump_after == Stage::kWordGraph) dump(design, std::cout);
  optimise(design);
  reassociate(design);
  if (options.dump_after == Stage::kOptimisation) dump(design, std::cout);
  map_memories(design, pragmas);
  const double period = pragmas.period_ns.value_or(options.period_ns);
  if (period > 0 || needs_stages(design)) {
    pipeline(design, schedule(design, period > 0 ? period : std::numeric_limits<double>::infinity(), kArtix7Grade1));
    optimise(design);
  }
  design.complete_step();
  if (options.dump_after == Stage::kScheduling) dump(design, std::cout);
  return design;
}

void compile(const Options& options) { compile(options, run_clang(options, {options.function}), 0); }

void compile(const Options& options, const TranslationUnit& kernels, std::size_t number) {
  Design design = design_of(options, kernels, number);
  if (options.report) print_report(design, std::cout);
  if (!options.latency.empty()) write_latency(design, options);
  std::ostringstream text;
  emit(design, options, text);
  write_if_changed(options.output, text.str());
}

}  // namespace hlsc
