// SPDX-License-Identifier: Apache-2.0
// A dataflow function as it is written: what it joins, and which kernels it runs (hls/base/dataflow.hpp).
#pragma once

#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

#include "hls/compiler/front_end.hpp"
#include "hls/compiler/type_layout.hpp"

namespace hlsc {

/// Something that kernels are run with: a member of what the function owns, or one of its arguments.
struct Part {
  enum Kind { kProcess, kMemory, kNet };
  Kind kind = kNet;
  std::string name;       // "frame_info", "lanes[1].busy"
  std::string type;       // "stream<sockwire::FrameInfo>"
  Port net;               // what a net carries
  bool is_busy = false;   // a busy_wire
  unsigned argument = 0;  // of the function; 0: of what it owns
  std::uint64_t offset = 0;
  std::uint64_t reset_offset = 0;  // in the unit's reset values
  unsigned depth = 2;              // of a stream
  SourceLocation where;            // the declaration

  bool is_argument() const { return argument != 0; }
};

/// Where a part is named in a call.
struct Operand {
  unsigned part = 0;
  SourceLocation where;
};

/// One call of Process::run.
struct Instance {
  std::string symbol;  // of the kernel
  std::string kernel;  // "mac_tx<1>"
  std::string source;  // the file of its definition
  Operand process;
  std::vector<Operand> operands;  // in the order of the kernel's arguments, without its state
  SourceLocation where;
};

/// One call of join().
struct Join {
  Operand whole;
  std::vector<Operand> parts;  // the first in the lowest bits
  std::size_t instances_before = 0;
};

struct Dataflow {
  std::string function;  // "engine<1>"
  std::vector<Part> parts;
  std::vector<Instance> instances;
  std::vector<Join> joins;
};

/// Whether a function is one of these: what its first argument refers to owns a Process.
bool is_dataflow(const llvm::Function& function);

/// Throws Refusal at everything in it that is not structure.
Dataflow read_dataflow(const FrontEnd& unit, const Options& options);

/// Its parts, and one line for each call.
void dump(const Dataflow& dataflow, std::ostream& out);

}  // namespace hlsc
