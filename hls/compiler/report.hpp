// SPDX-License-Identifier: Apache-2.0
// What became of a kernel, for people: its stages, registers and memories by their C++ names, and its slowest paths.
#pragma once

#include <ostream>
#include <string>

#include "hls/compiler/design.hpp"

namespace hlsc {

/// What is said of a kernel first.
struct ReportHead {
  unsigned initiation_interval = 1;  // a step can start every clock
  unsigned stages = 1;
  unsigned latency_cycles = 1;  // from what a step reads to the last of what it writes
  double period_ns = 0;         // that every path fits in, by the delay model
  unsigned luts = 0;            // without memories and FIFOs

  /// In one line.
  std::string text() const;
};

ReportHead head_of(Design& design);

/// With a period in ns (0: none was asked for), also what keeps the kernel from it.
void print_report(Design& design, double period, std::ostream& out);

/// One sentence if the kernel is slower than that, else none.
std::string lateness(Design& design, double period);

}  // namespace hlsc
