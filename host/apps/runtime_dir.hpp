// SPDX-License-Identifier: Apache-2.0
// Where running instances find one another: a folder that only this user can enter.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "host/base/result.hpp"

namespace sockwire::apps {

/// $XDG_RUNTIME_DIR/sockwire, or /tmp/sockwire-UID; made if it is not there, mode 0700. Refused if somebody else owns
/// it. The error is one line for people.
Result<std::string, std::string> runtime_dir();

/// A file that names a running lab, removed with this object. It holds the process and its network namespace, so that a
/// process number that was used again is not mistaken for a lab.
class LabEntry {
 public:
  /// Precondition: called in the lab's namespace.
  static Result<LabEntry, std::string> publish();
  ~LabEntry();
  LabEntry(LabEntry&& other) noexcept : path_(std::move(other.path_)) { other.path_.clear(); }
  LabEntry& operator=(LabEntry&&) = delete;

 private:
  explicit LabEntry(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

/// The labs that run, newest first. Entries of those that are gone are removed.
std::vector<pid_t> running_labs();

}  // namespace sockwire::apps
