// SPDX-License-Identifier: Apache-2.0
// The stages in their order.
#pragma once

#include "hls/compiler/connections.hpp"
#include "hls/compiler/design.hpp"
#include "hls/compiler/front_end.hpp"

namespace hlsc {

/// Compiles one kernel and writes options.output; of a dataflow function, each of its kernels too, beside it. Throws
/// Refusal.
void compile(const Options& options);

/// The same for one of a unit's functions, whatever options.function says.
void compile(const Options& options, const TranslationUnit& unit, std::size_t number);

/// Everything after the front end. Changes the unit on its way. Call configure_llvm() before. Throws Refusal.
KernelModule compile_unit(FrontEnd& unit, const Options& options);

/// Prints a module's report, and what is to be warned of.
void say(const KernelModule& module);

/// As far as the step in its stages, which compile_unit() emits.
Design design_of(FrontEnd& unit, const Options& options);
/// The same from a header on.
Design design_of(const Options& options);

}  // namespace hlsc
