// SPDX-License-Identifier: Apache-2.0
// The design as one SystemVerilog module.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "hls/compiler/design.hpp"
#include "hls/compiler/front_end.hpp"

namespace hlsc {

/// Returns what each of the design's ports is called in the module.
std::vector<std::string> emit(Design& design, const Options& options, std::ostream& out);

}  // namespace hlsc
