// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/report.hpp"

#include <iomanip>

#include "hls/compiler/step_timing.hpp"

namespace hlsc {
namespace {

constexpr std::size_t kPaths = 3;

std::string place(const SourceLocation& where) {
  if (where.line == 0) return "";
  return where.file.substr(where.file.find_last_of('/') + 1) + ":" + std::to_string(where.line);
}

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
    out << "    " << std::setw(6) << point.arrival << "  " << std::left << std::setw(24) << place(point.where)
        << std::right << " " << point.name << "\n";
}

}  // namespace

void print_report(Design& design, std::ostream& out) {
  StepTiming timing(design, kArtix7Grade1);
  out << std::fixed << std::setprecision(2);
  out << design.module << ": " << design.source << "\n  stages " << design.stages << ", period " << timing.period()
      << " ns, " << (timing.period() > 0 ? 1000 / timing.period() : 0) << " MHz; LUTs " << timing.luts() << "\n";
  print_storage(design, out);
  for (std::size_t i = 0; i < std::min(kPaths, timing.ends().size()); ++i) print_path(timing, timing.ends()[i], out);
}

}  // namespace hlsc
