// SPDX-License-Identifier: Apache-2.0
// The stages in their order.
#pragma once

#include "hls/compiler/design.hpp"
#include "hls/compiler/front_end.hpp"

namespace hlsc {

/// Compiles one kernel and writes options.output. Throws Refusal.
void compile(const Options& options);

/// As far as the optimised step, which compile() emits. Throws Refusal.
Design design_of(const Options& options);

}  // namespace hlsc
