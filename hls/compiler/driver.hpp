// SPDX-License-Identifier: Apache-2.0
// The stages in their order.
#pragma once

#include "hls/compiler/connections.hpp"
#include "hls/compiler/front_end.hpp"

namespace hlsc {

/// Compiles one kernel and writes options.output; of a dataflow function, each of its kernels too, beside it. Throws
/// Refusal.
void compile(const Options& options);

/// Everything after the front end. Changes the unit on its way. Call configure_llvm() before. Throws Refusal.
KernelModule compile_unit(FrontEnd& unit, const Options& options);

}  // namespace hlsc
