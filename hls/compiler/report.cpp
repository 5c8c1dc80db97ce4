// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/report.hpp"

#include <algorithm>
#include <iomanip>
#include <sstream>

#include "hls/compiler/step_timing.hpp"

namespace hlsc {
namespace {

constexpr std::size_t kPaths = 3;

void print_storage(const Design& design, std::ostream& out) {
  unsigned bits = 0;
  for (std::size_t i = 0; i < design.state.size(); ++i)
    if (design.state[i].next != nullptr) bits += design.ports[0].layout.leaves[i].width;
  out << "  registers " << bits << " bits\n";
  for (std::size_t i = 0; i < design.state.size(); ++i)
    if (design.state[i].next != nullptr)
      out << "    " << design.ports[0].layout.leaves[i].path << " [" << design.ports[0].layout.leaves[i].width << "]\n";
  for (const Port& port : design.ports)
    if (port.kind == PortKind::kMem || port.kind == PortKind::kBram)
      out << "  memory " << port.name << ": " << port.entries << " entries of " << port.layout.width << " bits, "
          << (port.kind == PortKind::kMem ? "LUTRAM" : "block RAM") << "\n";
}

void print_path(StepTiming& timing, const PathEnd& end, std::ostream& out) {
  out << "  path to " << end.name << ", " << end.arrival << " ns\n";
  for (const PathPoint& point : timing.path(end))
    out << "    " << std::setw(6) << point.arrival << "  " << std::left << std::setw(24) << short_place(point.where)
        << std::right << " " << point.name << "\n";
}

/// A written port is a register, or a FIFO's.
unsigned latency_of(const Design& design) {
  unsigned cycles = 1;
  for (std::size_t i = 1; i < design.ports.size(); ++i)
    if (!is_memory(design.ports[i].kind) && design.ports[i].direction == Direction::kWritten)
      cycles = std::max(cycles, design.actions[i].stage + 1);
  return cycles;
}

ReportHead head_of(const Design& design, StepTiming& timing) {
  return {1, design.stages, latency_of(design), timing.period(), timing.luts()};
}

}  // namespace

std::string ReportHead::text() const {
  std::ostringstream text;
  text << std::fixed << std::setprecision(2) << "II " << initiation_interval << ", stages " << stages << ", latency "
       << latency_cycles << (latency_cycles == 1 ? " cycle" : " cycles") << ", period " << period_ns << " ns ("
       << std::setprecision(0) << (period_ns > 0 ? 1000 / period_ns : 0) << " MHz), LUTs " << luts;
  return text.str();
}

ReportHead head_of(Design& design) {
  StepTiming timing(design, kArtix7Grade1);
  return head_of(design, timing);
}

void print_report(Design& design, std::ostream& out) {
  StepTiming timing(design, kArtix7Grade1);
  out << std::fixed << std::setprecision(2);
  out << design.module << ": " << design.source << "\n  " << head_of(design, timing).text() << "\n";
  print_storage(design, out);
  for (std::size_t i = 0; i < std::min(kPaths, timing.ends().size()); ++i) print_path(timing, timing.ends()[i], out);
}

}  // namespace hlsc
