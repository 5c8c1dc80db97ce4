// SPDX-License-Identifier: Apache-2.0
// What the tests of refusals expect, so that one of them can see that every message of hlsc is expected somewhere.
#pragma once

#include <ostream>
#include <string>
#include <utility>
#include <vector>

namespace hlsc::test {

/// A kernel, and the whole message about it.
struct RefusedKernel {
  std::string name;
  std::string header;
  std::string message;  // "file:line:column: error: text"
};

/// From the comments in the headers of this folder; language.hpp explains them.
std::vector<RefusedKernel> refused_kernels();

/// A command line, run in a shell, and what it says. $HLSC is the compiler, $DIR a folder to write to.
struct RefusedCommand {
  std::string name;
  std::string command;
  int exit_code = 1;
  std::string message;  // the first line
};

std::vector<RefusedCommand> refused_commands();

/// A unit as the front end does not make it: a small one in which each text, found once, is replaced by another.
struct RefusedUnit {
  std::string name;
  std::vector<std::pair<std::string, std::string>> changes;
  std::string message;
};

std::vector<RefusedUnit> refused_units();

// For GoogleTest.
inline void PrintTo(const RefusedKernel& kernel, std::ostream* out) { *out << kernel.name; }
inline void PrintTo(const RefusedCommand& command, std::ostream* out) { *out << command.command; }
inline void PrintTo(const RefusedUnit& unit, std::ostream* out) { *out << unit.name; }

}  // namespace hlsc::test
