// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/module_ports.hpp"

#include "hls/compiler/identifiers.hpp"

namespace hlsc {

std::string depth_parameter(const std::string& port) { return upper_camel(port) + "Depth"; }

void print_fields(const Port& port, std::ostream& out) {
  out << "  // " << port.name << ":";
  std::string line;
  for (const Leaf& leaf : port.layout.leaves) {
    const std::string name = leaf.path.empty() ? "value" : leaf.path;
    std::string field = " " + name + "[";
    if (leaf.width > 1) field += std::to_string(leaf.bit_offset + leaf.width - 1) + ":";
    field += std::to_string(leaf.bit_offset) + "]";
    if (line.size() + field.size() > 105) {
      out << line << "\n  //  ";
      line.clear();
    }
    line += field;
  }
  out << line << "\n";
}

}  // namespace hlsc
