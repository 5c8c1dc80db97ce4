// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/module_header.hpp"

#include <utility>

#include "hls/compiler/expressions.hpp"
#include "hls/compiler/module_ports.hpp"

namespace hlsc {

void ModuleHeader::print_parameters() const {
  std::string separator = " #(\n";
  for (unsigned i = 1; i < design_.ports.size(); ++i) {
    if (!is_stream(i, Direction::kWritten)) continue;
    unsigned depth = 2;
    for (const auto& [name, value] : options_.depths)
      if (name == design_.ports[i].name) depth = value;
    out_ << separator << "  parameter int unsigned " << depth_parameter(names_[i]) << " = " << depth;
    separator = ",\n";
  }
  out_ << (separator == ",\n" ? "\n) (\n" : " (\n");
}

void ModuleHeader::print_ports() const {
  std::vector<std::pair<unsigned, std::string>> lines;
  const auto add = [&](unsigned i, const char* direction, unsigned width, const std::string& name) {
    lines.emplace_back(i, std::string(direction) + " " + logic_type(width) + " " + name);
  };
  for (unsigned i = 1; i < design_.ports.size(); ++i) {
    const std::string& name = names_[i];
    const unsigned width = design_.ports[i].layout.width;
    if (is_stream(i, Direction::kRead)) {
      add(i, "input ", width, "s_" + name + "_data_i");
      add(i, "input ", 1, "s_" + name + "_valid_i");
      add(i, "output", 1, "s_" + name + "_ready_o");
    } else if (is_stream(i, Direction::kWritten)) {
      add(i, "output", width, "m_" + name + "_data_o");
      add(i, "output", 1, "m_" + name + "_valid_o");
      add(i, "input ", 1, "m_" + name + "_ready_i");
    } else if (design_.ports[i].kind == PortKind::kWire || design_.ports[i].kind == PortKind::kPulse) {
      if (design_.ports[i].direction == Direction::kRead) add(i, "input ", width, name + "_i");
      if (design_.ports[i].direction == Direction::kWritten) add(i, "output", width, name + "_o");
    }
  }
  out_ << "  input  logic clk_i,\n  input  logic rst_ni" << (lines.empty() ? "\n" : ",\n");
  unsigned last = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].first != last) print_fields(design_.ports[last = lines[i].first], out_);
    out_ << "  " << lines[i].second << (i + 1 == lines.size() ? "\n" : ",\n");
  }
  out_ << ");\n";
}

}  // namespace hlsc
