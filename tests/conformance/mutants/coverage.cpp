// SPDX-License-Identifier: Apache-2.0
#include "coverage.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "tests/conformance/clause_map.hpp"

namespace sockwire::conformance {

namespace {

std::set<std::string> tests_of(const std::filesystem::path& program) {
  std::string text;
  FILE* pipe = popen(("'" + program.string() + "' --gtest_list_tests").c_str(), "r");
  if (pipe == nullptr) return {};
  char chunk[4096];
  for (std::size_t got; (got = std::fread(chunk, 1, sizeof chunk, pipe)) > 0;) text.append(chunk, got);
  pclose(pipe);
  std::istringstream in(text);
  return parse_test_list(in);
}

}  // namespace

bool filter_takes(const std::string& filter, const std::string& test) {
  std::istringstream parts(filter);
  for (std::string part; std::getline(parts, part, ':');) {
    if (fnmatch(part.c_str(), test.c_str(), 0) == 0) return true;
  }
  return false;
}

std::vector<std::string> without_mutant(const std::set<std::string>& tests, const std::string& program,
                                        const std::vector<Mutant>& mutants) {
  std::vector<std::string> missing;
  for (const std::string& test : tests) {
    const bool covered = std::any_of(mutants.begin(), mutants.end(), [&](const Mutant& mutant) {
      return mutant.program == program && std::any_of(mutant.tests.begin(), mutant.tests.end(),
                                                      [&](const auto& filter) { return filter_takes(filter, test); });
    });
    if (!covered) missing.push_back(test);
  }
  return missing;
}

std::set<std::string> tests_to_cover(const std::string& program, const std::filesystem::path& source,
                                     const std::filesystem::path& build) {
  ClauseMap map;
  for (const auto& entry : std::filesystem::directory_iterator(source / "tests/conformance/clauses")) {
    std::ifstream in(entry.path());
    read_clauses(in, entry.path().stem().string(), map);
  }
  std::set<std::string> wanted;
  for (const std::string& test : tests_of(build / "bin" / program)) {
    const bool named = std::any_of(map.clauses.begin(), map.clauses.end(), [&](const Clause& clause) {
      return std::any_of(clause.tests.begin(), clause.tests.end(),
                         [&](const std::string& name) { return filter_takes(name, test); });
    });
    const bool conformance = program == "conformance_test" && test.rfind("ClauseMap.", 0) != 0;
    if (named || conformance) wanted.insert(test);
  }
  return wanted;
}

}  // namespace sockwire::conformance
