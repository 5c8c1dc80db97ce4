// SPDX-License-Identifier: Apache-2.0
// Runs a program as a person would, and keeps what it said and how it ended.
#pragma once

#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <string>

namespace sockwire::test {

struct CommandOutcome {
  int exit_code = -1;  ///< -1 if it did not exit by itself
  std::string output;  ///< what it wrote, to standard output and error alike
};

inline CommandOutcome run_command(const std::string& command) {
  CommandOutcome outcome;
  std::FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return outcome;
  std::array<char, 4096> buffer{};
  for (std::size_t bytes = 0; (bytes = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
    outcome.output.append(buffer.data(), bytes);
  }
  const int status = pclose(pipe);
  if (WIFEXITED(status)) outcome.exit_code = WEXITSTATUS(status);
  return outcome;
}

}  // namespace sockwire::test
