// SPDX-License-Identifier: Apache-2.0
// Which tests no mutation is for.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "mutant.hpp"

namespace sockwire::conformance {

/// Whether a filter of GoogleTest (parts between colons, '*' for any rest) takes in a test.
bool filter_takes(const std::string& filter, const std::string& test);

/// Of `tests`, those that no mutant of `program` is for.
std::vector<std::string> without_mutant(const std::set<std::string>& tests, const std::string& program,
                                        const std::vector<Mutant>& mutants);

/// The tests that must have one: all of conformance_test but those of the map itself, and of the unit tests of host/tcp
/// and host/stack those that a clause names. Programs are in build/bin.
std::set<std::string> tests_to_cover(const std::string& program, const std::filesystem::path& source,
                                     const std::filesystem::path& build);

}  // namespace sockwire::conformance
