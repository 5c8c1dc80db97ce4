// SPDX-License-Identifier: Apache-2.0
// Compiles a dataflow function and all of its kernels from one run of the front end.
#pragma once

#include "hls/compiler/dataflow.hpp"

namespace hlsc {

/// Writes options.output, and MODULE.sv beside it for each kernel: of the same options, but for what is its own. Throws
/// Refusal.
void compile_dataflow(const Dataflow& dataflow, const TranslationUnit& unit, const Options& options);

/// What a kernel's module is called: "segmenter", and "mac_tx_w1" for mac_tx<1>.
std::string module_name(const std::string& kernel);

}  // namespace hlsc
