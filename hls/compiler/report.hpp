// SPDX-License-Identifier: Apache-2.0
// What became of a kernel, for people: its stages, registers and memories by their C++ names, and its slowest paths.
#pragma once

#include <ostream>

#include "hls/compiler/design.hpp"

namespace hlsc {

void print_report(Design& design, std::ostream& out);

}  // namespace hlsc
