// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/latency.hpp"

#include <string>

#include "hls/compiler/identifiers.hpp"

namespace hlsc {
namespace {

bool leaves(const Port& port) {
  const bool can = port.kind == PortKind::kStream || port.kind == PortKind::kWire || port.kind == PortKind::kPulse;
  return can && port.direction == Direction::kWritten;
}

}  // namespace

void print_latency(const Design& design, std::ostream& out) {
  out << "inline constexpr PortLatency k" << upper_camel(design.module) << "Latency[] = {";
  const char* separator = "";
  for (unsigned i = 1; i < design.ports.size(); ++i) {
    const Port& port = design.ports[i];
    if (port.argument == design.ports[i - 1].argument) continue;  // another bank of it
    const PortAction& action = design.actions[i];
    const int stage = leaves(port) ? static_cast<int>(action.stage) : -1;
    out << separator << "\n    {" << stage << ", " << (action.reserves ? "true" : "false") << "}";
    separator = ",";
  }
  out << "};\n";
}

}  // namespace hlsc
