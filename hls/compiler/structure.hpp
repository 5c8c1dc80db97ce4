// SPDX-License-Identifier: Apache-2.0
// A dataflow function as a SystemVerilog module: an instance for each kernel that it runs, a FIFO for each stream.
#pragma once

#include <ostream>

#include "hls/compiler/connections.hpp"

namespace hlsc {

/// `modules` has one for each instance. Throws Refusal as connect() does.
void emit_structure(const Dataflow& dataflow, const std::vector<const KernelModule*>& modules, const Options& options,
                    std::ostream& out);

}  // namespace hlsc
