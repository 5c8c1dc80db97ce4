// SPDX-License-Identifier: Apache-2.0
// The stages in their order.
#pragma once

#include <string>

#include "hls/compiler/front_end.hpp"

namespace hlsc {

/// Compiles one kernel and writes options.output. Throws Refusal.
void compile(const Options& options);

/// Everything after the front end: the module's text. Changes the unit on its way. Call configure_llvm() before. Throws
/// Refusal.
std::string compile_unit(FrontEnd& unit, const Options& options);

}  // namespace hlsc
