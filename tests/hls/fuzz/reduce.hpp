// SPDX-License-Identifier: Apache-2.0
// A failing kernel made smaller.
#pragma once

#include "tests/hls/fuzz/batch.hpp"

namespace sockwire::fuzz {

/// Leaves out statements, blocks and functions as long as the kernel still fails in the same way.
Kernel reduced(const Kernel& kernel, const Outcome& outcome, BatchOptions options);

}  // namespace sockwire::fuzz
