// SPDX-License-Identifier: Apache-2.0
#include "mutant.hpp"

#include <algorithm>

namespace sockwire::conformance {

namespace {

void add_line(std::string& text, bool& begun, const std::string& line) {
  if (begun) text += '\n';
  text += line;
  begun = true;
}

}  // namespace

std::vector<Mutant> read_mutants(std::istream& in, std::vector<std::string>& errors) {
  std::vector<Mutant> mutants;
  bool has_old = false;
  bool has_new = false;
  int number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (line.empty() || line[0] == '#') continue;
    const std::size_t blank = std::min(line.find(' '), line.size());
    const std::string key = line.substr(0, blank);
    const std::string value = blank < line.size() ? line.substr(blank + 1) : "";
    if (key == "mutant") {
      mutants.push_back({});
      mutants.back().name = value;
      has_old = has_new = false;
    } else if (mutants.empty()) {
      errors.push_back("line " + std::to_string(number) + ": no mutant to belong to");
    } else if (key == "file") {
      mutants.back().file = value;
    } else if (key == "old") {
      add_line(mutants.back().old_text, has_old, value);
    } else if (key == "new") {
      add_line(mutants.back().new_text, has_new, value);
    } else if (key == "program") {
      mutants.back().program = value;
    } else if (key == "test") {
      mutants.back().tests.push_back(value);
    } else {
      errors.push_back("line " + std::to_string(number) + ": unknown word " + key);
    }
  }
  for (const Mutant& mutant : mutants) {
    const bool whole = !mutant.file.empty() && !mutant.old_text.empty() && !mutant.tests.empty();
    if (!whole) errors.push_back(mutant.name + ": file, old or test is missing");
    if (mutant.old_text == mutant.new_text) errors.push_back(mutant.name + ": changes nothing");
    const auto same = [&](const Mutant& other) { return other.name == mutant.name; };
    if (std::count_if(mutants.begin(), mutants.end(), same) > 1) errors.push_back(mutant.name + " is there twice");
  }
  return mutants;
}

std::optional<std::string> mutate(const std::string& source, const Mutant& mutant) {
  const std::size_t at = source.find(mutant.old_text);
  if (at == std::string::npos || source.find(mutant.old_text, at + 1) != std::string::npos) return std::nullopt;
  std::string mutated = source;
  return mutated.replace(at, mutant.old_text.size(), mutant.new_text);
}

}  // namespace sockwire::conformance
