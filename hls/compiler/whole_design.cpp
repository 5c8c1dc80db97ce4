// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/whole_design.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <iostream>
#include <map>
#include <set>
#include <sstream>

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

/// Every kernel has its own copy of the unit, which goes away with its stages' results.
KernelModule compile_kernel(const Dataflow& dataflow, const Instance& instance, const TranslationUnit& unit,
                            const Options& of_design) {
  Options options = of_design;
  options.header = instance.source;
  options.function = instance.kernel;
  options.module = module_name(instance.kernel);
  options.depths.clear();
  llvm::LLVMContext context;
  FrontEnd kernel = load_kernel(unit, 0, context, instance.symbol);
  kernel.reset_offsets = reset_offsets(dataflow, instance);
  return compile_unit(kernel, options);
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

void write(const std::map<std::string, KernelModule>& modules, const Options& options) {
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
  std::map<std::string, KernelModule> modules;  // by the kernel's symbol: several instances are of one module
  std::set<std::string> names;
  std::vector<const KernelModule*> of_instances;
  for (const Instance& instance : dataflow.instances) {
    const auto [module, is_new] = modules.emplace(instance.symbol, KernelModule());
    of_instances.push_back(&module->second);
    if (!is_new) continue;
    const std::string name = module_name(instance.kernel);
    if (name == options.module || !names.insert(name).second)
      throw Refusal(instance.where, "there is another module " + name + " already; rename the kernel");
    module->second = compile_kernel(dataflow, instance, unit, options);
  }
  check_modules(names, options);
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
