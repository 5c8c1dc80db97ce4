// SPDX-License-Identifier: Apache-2.0
// A test's own lab.
#pragma once

#include <functional>
#include <string>

#include "lab_process.hpp"

namespace sockwire::interop {

/// Runs `body` in a child inside a new lab. It returns an empty string if all is well, else what is wrong. Skips the
/// test where no namespace with a TAP may be made; fails it if anything is left in the namespace afterwards.
void in_lab(const std::function<std::string()>& body);

/// Whether the lab that this process is in speaks IPv6.
bool lab_has_ipv6();

/// Runs a shell command and returns its standard output.
std::string output_of(const std::string& command);

/// A file name below the temporary folder that no other process uses.
std::string temporary(const std::string& name);

}  // namespace sockwire::interop
