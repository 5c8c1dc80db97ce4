// SPDX-License-Identifier: Apache-2.0
// How long a step takes, and what of it is slowest: every path from a register, FIFO or memory to the next, estimated.
#pragma once

#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "hls/compiler/delay_model.hpp"
#include "hls/compiler/design.hpp"
#include "hls/compiler/gates.hpp"
#include "hls/compiler/lut_mapping.hpp"

namespace hlsc {

/// Which register or port a path ends in.
struct EndKey {
  enum Kind { kState, kPort, kFire };
  Kind kind = kFire;
  unsigned index = 0;
  bool operator<(const EndKey& other) const { return std::tie(kind, index) < std::tie(other.kind, other.index); }
};

/// Where paths end: the input of a register, an output stream's FIFO, a memory.
struct PathEnd {
  EndKey key;
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
  Ref node = nullptr;  // the operation that it is a bit of, if any
  Op op = Op::kInput;
  unsigned width = 0;
  bool of_memory = false;  // a word of block RAM
};

struct TimedPath {
  PathEnd end;
  std::vector<PathPoint> points;
};

class StepTiming {
 public:
  StepTiming(Design& design, const DelayModel& model);

  /// The shortest period that every path fits in, in ns.
  double period() const;
  /// The slowest first; one for each name.
  const std::vector<PathEnd>& ends() const { return ends_; }
  /// From where the path starts to its end.
  std::vector<PathPoint> path(const PathEnd& end) { return path(end, mapping_); }
  /// The slowest arrival at one of these.
  double slowest(const std::set<EndKey>& ends) const;
  /// As if all inputs but `sources` were there in time: the slowest path to each of these ends that takes longer than
  /// `period`, the slowest first.
  std::vector<TimedPath> paths_from(const std::set<Ref>& sources, const std::set<EndKey>& ends, double period);
  /// LUTs without the FIFOs of streams and without memories.
  unsigned luts();

 private:
  void find_bits(GateNetwork& network);
  void end(EndKey key, const std::string& name, Ref value, double after, bool at_register);
  void end_if_fire(GateNetwork& network, EndKey key, const std::string& name, Ref condition, unsigned stage,
                   double after);
  void end_registers();
  void end_ports(GateNetwork& network);
  void end_memory(GateNetwork& network, unsigned port);
  void find_arrivals();
  static double arrival_at(const PathEnd& end, LutMapping& mapping);
  std::vector<PathPoint> path(const PathEnd& end, LutMapping& mapping);
  PathPoint point(std::uint32_t gate, LutMapping& mapping);

  Design& design_;
  DelayModel model_;
  std::unordered_map<Ref, Bits> bits_;
  std::vector<PathEnd> all_ends_;  // each bit
  std::vector<PathEnd> ends_;      // the slowest of each name
  std::vector<Literal> roots_;
  GateNetwork network_;
  LutMapping mapping_;
};

/// The name of an input of a step: the register's, the port's.
std::string input_name(const Design& design, const Input& input);
/// When an input's value is there, after the clock's edge.
double input_arrival(const Design& design, const Input& input, const DelayModel& model);

}  // namespace hlsc
