// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/report.hpp"

#include <algorithm>
#include <iomanip>
#include <sstream>

#include "hls/compiler/recurrences.hpp"
#include "hls/compiler/step_timing.hpp"

namespace hlsc {
namespace {

constexpr std::size_t kPaths = 3;

void print_storage(const Design& design, std::ostream& out) {
  const std::vector<Leaf>& leaves = design.ports[0].layout.leaves;
  unsigned bits[2] = {};  // of state, and of what goes from a stage to the next
  for (std::size_t i = 0; i < design.state.size(); ++i)
    if (design.state[i].next != nullptr) bits[design.state[i].goes_along ? 1 : 0] += leaves[i].width;
  out << "  registers " << bits[0] << " bits";
  if (bits[1] > 0) out << ", and " << bits[1] << " between stages";
  out << "\n";
  for (std::size_t i = 0; i < design.state.size(); ++i)
    if (design.state[i].next != nullptr && !design.state[i].goes_along)
      out << "    " << leaves[i].path << " [" << leaves[i].width << "]\n";
  for (const Port& port : design.ports)
    if (port.kind == PortKind::kMem || port.kind == PortKind::kBram)
      out << "  memory " << port.name << ": " << port.entries << " entries of " << port.layout.width << " bits, "
          << (port.kind == PortKind::kMem ? "LUTRAM" : "block RAM") << "\n";
}

/// When each value is there, and how long it took since the one before.
void print_points(const std::vector<PathPoint>& points, std::ostream& out) {
  double before = 0;
  for (const PathPoint& point : points) {
    out << "    " << std::setw(6) << point.arrival << " +" << point.arrival - before << "  " << std::left
        << std::setw(24) << short_place(point.where) << std::right << " " << point.name << "\n";
    before = point.arrival;
  }
}

void print_path(StepTiming& timing, const PathEnd& end, std::ostream& out) {
  out << "  path to " << end.name << ", " << end.arrival << " ns\n";
  print_points(timing.path(end), out);
}

void print_recurrence(const SlowRecurrence& slow, double period, std::ostream& out) {
  out << "  recurrence of " << slow.name << ", " << slow.time << " ns: " << slow.time - period
      << " ns over the period\n";
  print_points(slow.path, out);
  for (std::size_t i = 0; i < slow.others.size(); ++i)
    out << (i == 0 ? "    too slow in it as well: " : ", ") << slow.others[i];
  out << (slow.others.empty() ? "" : "\n") << "    try: " << slow.advice << "\n";
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

void print_report(Design& design, double period, std::ostream& out) {
  StepTiming timing(design, kArtix7Grade1);
  out << std::fixed << std::setprecision(2);
  out << design.module << ": " << design.source << "\n  " << head_of(design, timing).text() << "\n";
  print_storage(design, out);
  for (std::size_t i = 0; i < std::min(kPaths, timing.ends().size()); ++i) print_path(timing, timing.ends()[i], out);
  if (period <= 0 || timing.period() <= period) return;
  for (const SlowRecurrence& slow : slow_recurrences(design, period, kArtix7Grade1))
    print_recurrence(slow, period, out);
}

std::string lateness(Design& design, double period) {
  StepTiming timing(design, kArtix7Grade1);
  if (period <= 0 || timing.period() <= period) return "";
  std::ostringstream text;
  text << std::fixed << std::setprecision(2) << "takes " << timing.period() << " ns, " << timing.period() - period
       << " more than its period; ";
  const std::vector<SlowRecurrence> slow = slow_recurrences(design, period, kArtix7Grade1);
  if (slow.empty())
    text << "the slowest path ends in " << timing.ends().front().name;
  else
    text << "the recurrence of " << slow.front().name << " alone takes " << slow.front().time << " ns";
  if (slow.size() > 1) text << ", and " << slow.size() - 1 << " more are too slow";
  text << " (--report says more)";
  return text.str();
}

}  // namespace hlsc
