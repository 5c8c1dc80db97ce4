// SPDX-License-Identifier: Apache-2.0
// When what kernels write leaves them, as a C++ header for the native model (PortLatency of hls/base/stream.hpp).
#pragma once

#include <vector>

#include "hls/compiler/dataflow.hpp"
#include "hls/compiler/design.hpp"
#include "hls/compiler/kernel_module.hpp"

namespace hlsc {

std::vector<ArgumentLatency> latency_of(const Design& design);

/// Writes options.latency, with `constexpr PortLatency kMODULELatency[]`, by argument of the kernel after its state.
void write_latency(const KernelModule& module, const Options& options);

/// The same of a dataflow function: `struct MODULELatency`, which has the stages of the longest pipeline, the tables,
/// and a function that gives them to the processes. `modules` has one for each instance.
void write_latency(const Dataflow& dataflow, const std::vector<const KernelModule*>& modules, const Options& options);

}  // namespace hlsc
