// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/module_names.hpp"

namespace hlsc {

/// Ports come first: others see their names.
ModuleNames::ModuleNames(const Design& design) : design_(design) {
  for (const char* name : {"clk_i", "rst_ni", "running", "unused"}) identifiers_.unique(name);
  for (unsigned stage = 0; stage < design.stages; ++stage) identifiers_.unique(present(stage));
  for (const Port& each : design.ports) ports_.push_back(stem(each));
  for (const Leaf& leaf : design.ports[0].layout.leaves) {
    registers_.push_back(identifiers_.unique(leaf.path + "_q"));
    identifiers_.unique(leaf.path + "_d");
  }
}

std::string ModuleNames::stem(const Port& port) {
  if (is_memory(port.kind)) return identifiers_.stem(port.name, {}, {"_mem", "_q"});
  if (port.kind != PortKind::kStream) return identifiers_.stem(port.name, {}, {"_i", "_o"});
  // The module's own ports are prefixed.
  return identifiers_.stem(port.name, {"s_", "m_"}, {"_data", "_valid", "_room", "_space"});
}

std::string ModuleNames::word(unsigned port) const {
  const PortKind kind = design_.ports[port].kind;
  if (kind == PortKind::kStream) return "s_" + ports_[port] + "_data_i";
  return ports_[port] + (is_memory(kind) ? "_q" : "_i");
}

std::vector<std::string> ModuleNames::inputs() const {
  std::vector<std::string> result;
  for (const Input& input : design_.inputs) {
    const std::string& name = ports_[input.port];
    if (input.kind == Input::kState)
      result.push_back(registers_[input.leaf]);
    else if (input.kind == Input::kPresent)
      result.push_back(present(input.leaf));
    else if (input.kind == Input::kValid)
      result.push_back("s_" + name + "_valid_i");
    else if (input.kind == Input::kRoom)
      result.push_back(name + "_room");
    else if (input.kind == Input::kSpace)
      result.push_back(name + "_space");
    else
      result.push_back(word(input.port));
  }
  return result;
}

}  // namespace hlsc
