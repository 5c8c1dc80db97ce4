// SPDX-License-Identifier: Apache-2.0
// A mutation of one source file and the tests that must notice it.
#pragma once

#include <istream>
#include <optional>
#include <string>
#include <vector>

namespace sockwire::conformance {

struct Mutant {
  std::string name;
  std::string file;  ///< From the top of the tree.
  std::string old_text;
  std::string new_text;
  std::string program = "conformance_test";
  std::vector<std::string> tests;  ///< Filters of GoogleTest: with each of them the program must fail.
};

/// Reads a list: lines that begin with mutant, file, old, new, program or test and a blank. `old` and `new` may be
/// repeated, for texts of several lines; `test` as well, for several tests. '#' begins a comment. What is wrong is
/// added to `errors`.
std::vector<Mutant> read_mutants(std::istream& in, std::vector<std::string>& errors);

/// The source with the mutation; nothing unless the old text stands there exactly once.
std::optional<std::string> mutate(const std::string& source, const Mutant& mutant);

}  // namespace sockwire::conformance
