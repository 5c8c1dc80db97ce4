// SPDX-License-Identifier: Apache-2.0
// The stages in their order.
#pragma once

#include "hls/compiler/design.hpp"
#include "hls/compiler/front_end.hpp"

namespace hlsc {

/// Compiles one kernel and writes options.output. Throws Refusal.
void compile(const Options& options);

/// The same for one of a unit's kernels, whatever options.function says.
void compile(const Options& options, const TranslationUnit& unit, std::size_t number);

/// As far as the step in its stages, which compile() emits. Throws Refusal.
Design design_of(const Options& options);
Design design_of(const Options& options, const TranslationUnit& unit, std::size_t number);

}  // namespace hlsc
