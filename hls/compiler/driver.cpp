// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/driver.hpp"

#include <llvm/Support/raw_ostream.h>

#include <iostream>
#include <sstream>

#include "hls/compiler/checks.hpp"
#include "hls/compiler/diagnostics.hpp"
#include "hls/compiler/dynamic_index.hpp"
#include "hls/compiler/emit.hpp"
#include "hls/compiler/gated_conversion.hpp"
#include "hls/compiler/optimise.hpp"
#include "hls/compiler/passes.hpp"
#include "hls/compiler/port_lowering.hpp"
#include "hls/compiler/reset_values.hpp"
#include "hls/compiler/whole_design.hpp"
#include "hls/compiler/written_file.hpp"

namespace hlsc {
namespace {

void set_resets(Design& design, const FrontEnd& unit) {
  const ResetValues resets(*unit.resets);
  const auto value = [&](unsigned argument, const Leaf& leaf) {
    return resets.at(unit.reset_offsets.empty() ? resets.offset_of(argument) : unit.reset_offsets[argument], leaf);
  };
  const Layout& state = design.ports[0].layout;
  for (unsigned leaf = 0; leaf < state.leaves.size(); ++leaf) design.state[leaf].reset = value(0, state.leaves[leaf]);
  for (unsigned port = 1; port < design.ports.size(); ++port) {
    const Port& each = design.ports[port];
    llvm::APInt word(each.layout.width, 0);
    if (each.kind == PortKind::kWire || each.kind == PortKind::kMem || each.kind == PortKind::kBram)
      for (const Leaf& leaf : each.layout.leaves) word.insertBits(value(each.argument, leaf), leaf.bit_offset);
    design.actions[port].reset = word;
  }
}

void warn_of_unused_ports(const KernelModule& module) {
  for (const ModulePort& port : module.ports)
    if (port.kind != PortKind::kPulse && port.direction == Direction::kUnused)
      std::cerr << "hlsc: warning: " << module.name << ": port " << port.name
                << " is neither read nor written and is left out of the module\n";
}

}  // namespace

KernelModule compile_unit(FrontEnd& unit, const Options& options) {
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
  set_resets(design, unit);
  if (options.dump_after == Stage::kWordGraph) dump(design, std::cout);
  optimise(design);
  if (options.dump_after == Stage::kOptimisation) dump(design, std::cout);

  std::ostringstream text;
  const std::vector<std::string> names = emit(design, options, text);
  KernelModule module{options.module, text.str(), {}};
  for (std::size_t i = 1; i < names.size(); ++i)
    if (const Port& port = design.ports[i]; port.kind != PortKind::kMem && port.kind != PortKind::kBram)
      module.ports.push_back({port.argument, port.kind, port.direction, names[i]});
  return module;
}

void compile(const Options& options) {
  configure_llvm();
  const std::unique_ptr<llvm::MemoryBuffer> bitcode = run_clang(options);
  llvm::LLVMContext context;
  FrontEnd unit = read_unit(*bitcode, options, context);
  if (is_dataflow(*unit.kernel)) {
    const Dataflow dataflow = read_dataflow(unit, options);
    unit = {};  // of no use to the kernels
    compile_dataflow(dataflow, *bitcode, options);
  } else {
    const KernelModule module = compile_unit(unit, options);
    warn_of_unused_ports(module);
    write_if_changed(options.output, module.text);
  }
}

}  // namespace hlsc
