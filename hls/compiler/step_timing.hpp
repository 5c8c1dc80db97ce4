// SPDX-License-Identifier: Apache-2.0
// How long a step takes, and what of it is slowest: every path from a register, FIFO or memory to the next, estimated.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "hls/compiler/delay_model.hpp"
#include "hls/compiler/design.hpp"
#include "hls/compiler/gates.hpp"
#include "hls/compiler/lut_mapping.hpp"

namespace hlsc {

/// Where paths end: the input of a register, an output stream's FIFO, a memory.
struct PathEnd {
  std::string name;  // of the C++ variable or port
  Literal bit = kFalse;
  double after = 0;          // from there to what the clock's edge samples
  bool at_register = false;  // it is the input of a register, which may stand beside what makes it
  double arrival = 0;        // with what follows up to the clock's edge, in ns after the one before
};

/// A value on a path, as the reader of the C++ knows it.
struct PathPoint {
  std::string name;
  SourceLocation where;
  double arrival = 0;
};

class StepTiming {
 public:
  StepTiming(Design& design, const DelayModel& model);

  /// The shortest period that every path fits in, in ns.
  double period() const;
  /// The slowest first; one for each name.
  const std::vector<PathEnd>& ends() const { return ends_; }
  /// From where the path starts to its end.
  std::vector<PathPoint> path(const PathEnd& end);
  /// LUTs without the FIFOs of streams and without memories.
  unsigned luts();

 private:
  void find_bits(GateNetwork& network);
  void end(const std::string& name, Ref value, double after, bool at_register);
  void end_if_fire(GateNetwork& network, const std::string& name, Ref condition, unsigned stage, double after);
  void end_registers();
  void end_ports(GateNetwork& network);
  void end_memory(GateNetwork& network, const Port& port, const PortAction& action);
  void find_arrivals();
  PathPoint point(std::uint32_t gate);

  Design& design_;
  DelayModel model_;
  std::unordered_map<Ref, Bits> bits_;
  std::vector<PathEnd> ends_;
  std::vector<Literal> roots_;
  GateNetwork network_;
  LutMapping mapping_;
};

/// The name of an input of a step: the register's, the port's.
std::string input_name(const Design& design, const Input& input);
/// When an input's value is there, after the clock's edge.
double input_arrival(const Design& design, const Input& input, const DelayModel& model);

}  // namespace hlsc
