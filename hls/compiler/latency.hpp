// SPDX-License-Identifier: Apache-2.0
// When what a kernel writes leaves it, as a C++ header for the native model (PortLatency of hls/base/stream.hpp).
#pragma once

#include <ostream>

#include "hls/compiler/design.hpp"

namespace hlsc {

/// `constexpr PortLatency kMODULELatency[]`, by argument of the kernel after its state.
void print_latency(const Design& design, std::ostream& out);

}  // namespace hlsc
