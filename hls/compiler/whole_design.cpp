// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/whole_design.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <iomanip>
#include <iostream>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <utility>

#include "hls/compiler/driver.hpp"
#include "hls/compiler/identifiers.hpp"
#include "hls/compiler/latency.hpp"
#include "hls/compiler/structure.hpp"
#include "hls/compiler/written_file.hpp"

namespace hlsc {
namespace {

/// Where the first value of each of the kernel's arguments lies: a process, a memory or a wire of the design.
std::vector<std::uint64_t> reset_offsets(const Dataflow& dataflow, const Instance& instance) {
  std::vector<std::uint64_t> offsets = {dataflow.parts[instance.process.part].reset_offset};
  for (const Operand& operand : instance.operands) offsets.push_back(dataflow.parts[operand.part].reset_offset);
  return offsets;
}

using Arguments = std::set<unsigned>;
using Modules = std::map<std::string, KernelModule>;  // by the kernel's symbol: several instances are of one module

/// Every kernel has its own copy of the unit, which goes away with its stages' results.
KernelModule compile_kernel(const Dataflow& dataflow, const Instance& instance, const TranslationUnit& unit,
                            const Options& of_design, const Arguments& lutram_fifos) {
  Options options = of_design;
  options.header = instance.source;
  options.function = instance.kernel;
  options.module = module_name(instance.kernel);
  options.depths.clear();
  llvm::LLVMContext context;
  FrontEnd kernel = load_kernel(unit, 0, context, instance.symbol);
  kernel.reset_offsets = reset_offsets(dataflow, instance);
  kernel.lutram_fifos = lutram_fifos;
  return compile_unit(kernel, options);
}

Direction direction_of(const KernelModule& module, unsigned argument) {
  for (const ModulePort& port : module.ports)
    if (port.argument == argument) return port.direction;
  return Direction::kUnused;
}

/// The places that each stream's FIFO has (rtl/stream), by its part.
std::vector<unsigned> fifo_depths(const Dataflow& dataflow, const Modules& modules) {
  std::vector<unsigned> depths;
  for (const Part& part : dataflow.parts) depths.push_back(part.depth);
  for (const Instance& instance : dataflow.instances) {
    const KernelModule& module = modules.at(instance.symbol);
    for (unsigned i = 0; i < instance.operands.size(); ++i)
      if (module.latency[i].reserves) depths[instance.operands[i].part] += 2 * module.latency[i].stage;
  }
  return depths;
}

/// The arguments of each kernel that are read from a FIFO of more than two places, which is no pair of registers.
std::map<std::string, Arguments> lutram_fifos(const Dataflow& dataflow, const Modules& modules) {
  std::map<std::string, Arguments> result;
  const std::vector<unsigned> depths = fifo_depths(dataflow, modules);
  for (const Instance& instance : dataflow.instances)
    for (unsigned i = 0; i < instance.operands.size(); ++i)
      if (depths[instance.operands[i].part] > 2 && direction_of(modules.at(instance.symbol), i + 1) == Direction::kRead)
        result[instance.symbol].insert(i + 1);
  return result;
}

/// A FIFO's places are known when its writer's stages are, and they decide how soon its reader has the data, and so its
/// reader's stages. A FIFO that has been of LUTRAM once is taken for one, so this comes to an end.
Modules compile_kernels(const Dataflow& dataflow, const TranslationUnit& unit, Options options) {
  const std::optional<Stage> dump_after = std::exchange(options.dump_after, std::nullopt);
  Modules modules;
  std::map<std::string, Arguments> slow;
  std::set<std::string> due;
  for (const Instance& instance : dataflow.instances) due.insert(instance.symbol);
  while (!due.empty()) {
    for (const Instance& instance : dataflow.instances)
      if (due.erase(instance.symbol) != 0)
        modules[instance.symbol] = compile_kernel(dataflow, instance, unit, options, slow[instance.symbol]);
    for (const auto& [symbol, arguments] : lutram_fifos(dataflow, modules)) {
      const std::size_t before = slow[symbol].size();
      slow[symbol].insert(arguments.begin(), arguments.end());
      if (slow[symbol].size() != before) due.insert(symbol);
    }
  }
  options.dump_after = dump_after;
  std::set<std::string> dumped;
  for (const Instance& instance : dataflow.instances)
    if (dump_after && dumped.insert(instance.symbol).second)
      compile_kernel(dataflow, instance, unit, options, slow[instance.symbol]);
  return modules;
}

/// By the module's name; two kernels may not share one.
std::set<std::string> names_of(const Dataflow& dataflow, const Options& options) {
  std::map<std::string, std::string> symbols;
  std::set<std::string> names;
  for (const Instance& instance : dataflow.instances) {
    const std::string name = module_name(instance.kernel);
    const auto [known, is_new] = symbols.emplace(name, instance.symbol);
    if (name == options.module || known->second != instance.symbol)
      throw Refusal(instance.where, "there is another module " + name + " already; rename the kernel");
    names.insert(name);
  }
  return names;
}

std::string list_of(const std::set<std::string>& names) {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
  return list.empty() ? "none" : list;
}

/// A build must say beforehand which files will be there.
void check_modules(const std::set<std::string>& made, const Options& options) {
  if (options.modules.empty()) return;
  std::set<std::string> expected(options.modules.begin(), options.modules.end());
  expected.insert(options.elsewhere.begin(), options.elsewhere.end());
  if (made == expected) return;
  std::set<std::string> missing;
  std::set<std::string> unexpected;
  std::set_difference(expected.begin(), expected.end(), made.begin(), made.end(),
                      std::inserter(missing, missing.end()));
  std::set_difference(made.begin(), made.end(), expected.begin(), expected.end(),
                      std::inserter(unexpected, unexpected.end()));
  throw Refusal({}, options.function + " has other kernels than the build lists: not run " + list_of(missing) +
                        "; not listed " + list_of(unexpected));
}

/// Each kernel, and what the slowest of them makes of the design.
void say(const std::vector<const KernelModule*>& modules, const Options& options) {
  std::set<const KernelModule*> said;
  const KernelModule* slowest = nullptr;
  for (const KernelModule* module : modules) {
    if (!said.insert(module).second) continue;
    say(*module);
    if (slowest == nullptr || module->period_ns > slowest->period_ns) slowest = module;
  }
  if (!options.report || slowest == nullptr) return;
  std::cout << options.module << ": " << options.function << "\n  period " << std::fixed << std::setprecision(2)
            << slowest->period_ns << " ns (" << 1000 / slowest->period_ns << " MHz), for " << slowest->name << "\n";
}

void write(const Modules& modules, const Options& options) {
  const std::filesystem::path folder = std::filesystem::path(options.output).parent_path();
  for (const auto& [symbol, module] : modules) {
    const bool elsewhere =
        std::find(options.elsewhere.begin(), options.elsewhere.end(), module.name) != options.elsewhere.end();
    if (!elsewhere) write_if_changed((folder / (module.name + ".sv")).string(), module.text);
  }
}

}  // namespace

void compile_dataflow(const Dataflow& dataflow, const TranslationUnit& unit, const Options& options) {
  if (options.dump_after == Stage::kDataflow) dump(dataflow, std::cout);
  const std::set<std::string> names = names_of(dataflow, options);
  check_modules(names, options);
  const Modules modules = compile_kernels(dataflow, unit, options);
  std::vector<const KernelModule*> of_instances;
  for (const Instance& instance : dataflow.instances) of_instances.push_back(&modules.at(instance.symbol));
  say(of_instances, options);
  std::ostringstream text;
  emit_structure(dataflow, of_instances, options, text);
  write(modules, options);
  write_if_changed(options.output, text.str());
  if (!options.latency.empty()) write_latency(dataflow, of_instances, options);
}

std::string module_name(const std::string& kernel) {
  const std::size_t bracket = kernel.find('<');
  if (bracket == std::string::npos) return identifier(kernel);
  const bool is_width = std::isdigit(static_cast<unsigned char>(kernel[bracket + 1])) != 0;
  return identifier(kernel.substr(0, bracket) + (is_width ? "_w" : "_") + kernel.substr(bracket + 1));
}

}  // namespace hlsc
