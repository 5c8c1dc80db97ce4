// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/driver.hpp"

#include <llvm/Support/raw_ostream.h>

#include <iostream>
#include <limits>
#include <sstream>

#include "hls/compiler/bounds.hpp"
#include "hls/compiler/branch_facts.hpp"
#include "hls/compiler/checks.hpp"
#include "hls/compiler/conditional_steps.hpp"
#include "hls/compiler/debug_info.hpp"
#include "hls/compiler/dynamic_index.hpp"
#include "hls/compiler/emit.hpp"
#include "hls/compiler/gated_conversion.hpp"
#include "hls/compiler/latency.hpp"
#include "hls/compiler/linear_choice.hpp"
#include "hls/compiler/memory_mapping.hpp"
#include "hls/compiler/optimise.hpp"
#include "hls/compiler/passes.hpp"
#include "hls/compiler/pipeline.hpp"
#include "hls/compiler/port_lowering.hpp"
#include "hls/compiler/pragmas.hpp"
#include "hls/compiler/reassociate.hpp"
#include "hls/compiler/report.hpp"
#include "hls/compiler/reset_values.hpp"
#include "hls/compiler/schedule.hpp"
#include "hls/compiler/shared_carry.hpp"
#include "hls/compiler/shared_differences.hpp"
#include "hls/compiler/short_carries.hpp"
#include "hls/compiler/small_functions.hpp"
#include "hls/compiler/whole_design.hpp"
#include "hls/compiler/word_sums.hpp"
#include "hls/compiler/written_file.hpp"
#include "hls/compiler/xor_network.hpp"

namespace hlsc {
namespace {

void set_resets(Design& design, const FrontEnd& unit) {
  const ResetValues resets(*unit.resets);
  const auto value = [&](unsigned argument, const Leaf& leaf, std::uint64_t entry_offset = 0) {
    const std::uint64_t offset = unit.reset_offsets.empty() ? resets.offset_of(argument) : unit.reset_offsets[argument];
    return resets.at(offset + entry_offset, leaf);
  };
  const Layout& state = design.ports[0].layout;
  for (unsigned leaf = 0; leaf < state.leaves.size(); ++leaf) design.state[leaf].reset = value(0, state.leaves[leaf]);
  for (unsigned port = 1; port < design.ports.size(); ++port) {
    const Port& each = design.ports[port];
    const auto word = [&](std::uint64_t entry) {
      llvm::APInt bits(each.layout.width, 0);
      for (const Leaf& leaf : each.layout.leaves)
        bits.insertBits(value(each.argument, leaf, entry * each.layout.bytes), leaf.bit_offset);
      return bits;
    };
    const bool has_value = each.kind == PortKind::kWire || is_memory(each.kind);
    design.actions[port].reset = has_value ? word(0) : llvm::APInt(each.layout.width, 0);
    for (std::uint64_t entry = 0; each.has_contents && entry < each.entries; ++entry)
      design.actions[port].contents.push_back(word(entry));
  }
}

void drop_resets(Design& design, const Pragmas& pragmas) {
  const Layout& state = design.ports[0].layout;
  for (const auto& [name, where] : pragmas.without_reset) {
    bool found = false;
    for (unsigned leaf = 0; leaf < state.leaves.size(); ++leaf) {
      const std::string& path = state.leaves[leaf].path;
      if (path != name && path.rfind(name + ".", 0) != 0 && path.rfind(name + "[", 0) != 0) continue;
      design.state[leaf].has_reset = false;
      found = true;
    }
    if (!found) throw Refusal(where, "no register of this kernel's state is called " + name);
  }
}

void warn_of_unused_ports(const KernelModule& module) {
  for (const ModulePort& port : module.ports)
    if (port.kind != PortKind::kPulse && port.direction == Direction::kUnused)
      std::cerr << "hlsc: warning: " << module.name << ": port " << port.name
                << " is neither read nor written and is left out of the module\n";
}

}  // namespace

Design design_of(FrontEnd& unit, const Options& options) {
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
  for (Port& port : design.ports) port.lutram_fifo = unit.lutram_fifos.count(port.argument) != 0;

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
  set_resets(design, unit);
  drop_resets(design, pragmas);
  if (options.dump_after == Stage::kWordGraph) dump(design, std::cout);
  optimise(design);
  share_differences(design);
  use_branch_facts(design);
  optimise(design);
  add_conditions(design);
  choose_before_sums(design);
  const double period = pragmas.period_ns.value_or(options.period_ns);
  if (period <= 0) {
    compare_by_differences(design);
    chain_word_sums(design);
  }
  if (pragmas.shares_xors) share_xors(design);
  reassociate(design);
  share_carries(design);
  expand_short_carries(design);
  shorten_small_functions(design);
  if (options.dump_after == Stage::kOptimisation) dump(design, std::cout);
  map_memories(design, pragmas);
  design.target_ns = period;
  if (period > 0 || needs_stages(design)) {
    pipeline(design, schedule(design, period > 0 ? period : std::numeric_limits<double>::infinity(), kArtix7Grade1));
    optimise(design);
  }
  drop_unseen_registers(design);
  design.complete_step();
  if (options.dump_after == Stage::kScheduling) dump(design, std::cout);
  return design;
}

KernelModule compile_unit(FrontEnd& unit, const Options& options) {
  Design design = design_of(unit, options);
  KernelModule module;
  std::ostringstream report;
  if (options.report) {
    module.period_ns = head_of(design).period_ns;
    print_report(design, design.target_ns, report);
  }
  module.report = report.str();
  if (!options.may_be_late) module.lateness = lateness(design, design.target_ns);
  module.name = options.module;
  module.stages = design.stages;
  module.latency = latency_of(design);
  std::ostringstream text;
  const std::vector<std::string> names = emit(design, options, text);
  module.text = text.str();
  for (std::size_t i = 1; i < names.size(); ++i)
    if (const Port& port = design.ports[i]; !is_memory(port.kind))
      module.ports.push_back({port.argument, port.kind, port.direction, names[i]});
  return module;
}

void say(const KernelModule& module) {
  std::cout << module.report;
  if (!module.lateness.empty()) std::cerr << "hlsc: warning: " << module.name << " " << module.lateness << "\n";
}

Design design_of(const Options& options) {
  configure_llvm();
  const TranslationUnit kernels = run_clang(options, {options.function});
  llvm::LLVMContext context;
  FrontEnd unit = load_kernel(kernels, 0, context);
  return design_of(unit, options);
}

void compile(const Options& options) { compile(options, run_clang(options, {options.function}), 0); }

void compile(const Options& options, const TranslationUnit& kernels, std::size_t number) {
  configure_llvm();
  llvm::LLVMContext context;
  FrontEnd unit = load_kernel(kernels, number, context);
  if (is_dataflow(*unit.kernel)) {
    settle_bounds(*unit.kernel);
    const Dataflow dataflow = read_dataflow(unit, options);
    unit = {};  // of no use to the kernels
    compile_dataflow(dataflow, kernels, options);
  } else {
    const KernelModule module = compile_unit(unit, options);
    say(module);
    warn_of_unused_ports(module);
    if (!options.latency.empty()) write_latency(module, options);
    write_if_changed(options.output, module.text);
  }
}

}  // namespace hlsc
