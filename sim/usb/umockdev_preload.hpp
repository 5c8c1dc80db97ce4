// SPDX-License-Identifier: Apache-2.0
// umockdev works in a process that was started with its preload library, and in all that it starts.
#pragma once

#include <string>

namespace sockwire::sim {

/// Starts this program again with the preload library, unless it has it already: call it first in main(). Comes back
/// with "" if it has, and else with the reason why it cannot.
std::string start_again_with_umockdev(char** arguments);
bool has_umockdev_preload();

}  // namespace sockwire::sim
