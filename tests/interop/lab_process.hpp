// SPDX-License-Identifier: Apache-2.0
// A child process in a lab of its own, because entering one cannot be undone.
#pragma once

#include <functional>
#include <string>

namespace sockwire::interop {

/// What became of it.
struct LabReport {
  bool permitted = true;  ///< Else this machine makes no namespace with a TAP, or cannot do what it is about.
  std::string problem;    ///< Empty: all is well.
};

/// Runs `body` in a child inside a new lab. It returns an empty string if all is well, else what is wrong. That
/// something is left in the namespace afterwards is wrong, too.
LabReport run_in_lab(const std::function<std::string()>& body);

/// What the body returns if this machine cannot do what it is about.
std::string cannot(const std::string& why);

}  // namespace sockwire::interop
