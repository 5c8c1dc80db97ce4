// SPDX-License-Identifier: Apache-2.0
// `sockwire demo`: files both ways between our TCP and Linux's, through the card, clean and with loss, told in a form
// that people enjoy.
#pragma once

#include <cstdint>
#include <string>

#include "host/apps/options.hpp"

namespace sockwire::apps {

struct DemoOptions {
  std::uint64_t bytes = 4'000'000;  ///< of each file
  std::string folder = ".";         ///< where the captures are left
};

/// Exit code 0 if every file arrived with the right digest. Where no namespace may be made it says so and uses --wire
/// loop.
int run_demo(Options options, const DemoOptions& demo);

}  // namespace sockwire::apps
