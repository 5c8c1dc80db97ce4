// SPDX-License-Identifier: Apache-2.0
// How long our engine takes to get over the loss of one segment: native cards back to back, virtual time.
#pragma once

#include <string>

#include "host/base/result.hpp"
#include "tests/bench/tcp/lost_segment.hpp"

namespace sockwire::bench {

/// Seconds that the loss of one segment adds to the stage that it delays (Moments::stage). Deterministic.
Result<double, std::string> recovery_s(Lost lost);

}  // namespace sockwire::bench
