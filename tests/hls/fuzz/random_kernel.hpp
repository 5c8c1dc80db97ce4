// SPDX-License-Identifier: Apache-2.0
// A random well-formed kernel: C++ that hlsc must compile and whose behaviour C++ and hls/base define in every step. A
// port is used at most once in a step, also where that takes exclusive branches; indices are in bounds.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/hls/fuzz/types.hpp"

namespace sockwire::fuzz {

/// An argument of a kernel after its state.
struct Port {
  std::string kind;  ///< in, out, wire_in, wire_out, pulse, memory
  std::string name;
  std::string type;  ///< of a stream or wire, what it carries; of a pulse, its width; of a memory, the memory's type
  int width = 0;     ///< bits; zero for a memory
  int depth = 2;     ///< of an output stream
};

struct Kernel {
  std::string name;   ///< a namespace within sockwire; the function in it is `kernel`, its first argument a `State`
  std::string types;  ///< C++ that must stand before the text, once for all kernels that have the same
  std::string text;   ///< C++
  std::vector<Port> ports;
  bool schedule_free = true;  ///< what its streams carry does not depend on when anything arrives
  double period = 0;          ///< ns that its stages are cut for; 0: one stage
};

/// The kernel that a seed stands for, always the same.
Kernel random_kernel(std::uint64_t seed);

/// Kernels whose seeds have the same group share their types.
std::uint64_t group_of(std::uint64_t seed);

/// A kernel as one header, with its ports in comments, and back: how a finding is stored. Throws std::runtime_error if
/// the text has no ports.
std::string to_header(const Kernel& kernel, const std::string& remark);
Kernel from_header(const std::string& text);

}  // namespace sockwire::fuzz
