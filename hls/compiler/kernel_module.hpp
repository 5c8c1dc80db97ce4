// SPDX-License-Identifier: Apache-2.0
// A compiled kernel, as those see it who instantiate it.
#pragma once

#include <string>
#include <vector>

#include "hls/compiler/type_layout.hpp"

namespace hlsc {

/// A port of a compiled kernel's module; see Port.
struct ModulePort {
  unsigned argument = 0;
  PortKind kind = PortKind::kStream;
  Direction direction = Direction::kUnused;
  std::string name;  // in the module: "x" of "x_i", "s_x_data_i", "XDepth"
};

/// When what is written to an argument leaves the module.
struct ArgumentLatency {
  int stage = -1;  // -1: nothing leaves
  bool reserves = false;
};

/// A compiled kernel.
struct KernelModule {
  std::string name;
  std::string text;
  unsigned stages = 1;
  std::vector<ModulePort> ports;         // streams, wires and pulses
  std::vector<ArgumentLatency> latency;  // of each argument after the state
  double period_ns = 0;                  // estimated, if it was asked for
  std::string report;                    // likewise
  std::string lateness;                  // a sentence, if it does not fit its period
};

}  // namespace hlsc
