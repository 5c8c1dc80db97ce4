// SPDX-License-Identifier: Apache-2.0
// A test's own lab: a child process in a namespace of its own, because entering one cannot be undone.
#pragma once

#include <functional>
#include <string>

namespace sockwire::interop {

/// Runs `body` in a child inside a new lab. It returns an empty string if all is well, else what is wrong. Skips the
/// test where no namespace with a TAP may be made; fails it if anything is left in the namespace afterwards.
void in_lab(const std::function<std::string()>& body);

/// What in_lab()'s body returns if this machine cannot do what it is about: skips the test.
std::string cannot(const std::string& why);

/// Whether the lab that this process is in speaks IPv6.
bool lab_has_ipv6();

/// Runs a shell command and returns its standard output.
std::string output_of(const std::string& command);

/// A file name below the temporary folder that no other process uses.
std::string temporary(const std::string& name);

}  // namespace sockwire::interop
