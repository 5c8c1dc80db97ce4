// SPDX-License-Identifier: Apache-2.0
// Every module is generated, or listed in rtl/modules.txt as one of the four kinds that are written by hand.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>

namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::map<std::string, std::string> listed() {
  std::map<std::string, std::string> kinds;
  std::istringstream lines(read(fs::path(SOCKWIRE_SOURCE_DIR) / "rtl/modules.txt"));
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string module;
    std::string kind;
    if (line.rfind('#', 0) != 0 && words >> module >> kind) kinds[module] = kind;
  }
  return kinds;
}

/// Names of the modules in a tree, to whether their file says that it is generated.
std::map<std::string, bool> modules_below(const fs::path& folder) {
  static const std::regex declaration(R"((^|\n)\s*module\s+(\w+))");
  std::map<std::string, bool> modules;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".sv" && entry.path().extension() != ".v") continue;
    const std::string text = read(entry.path());
    const std::string first_line = text.substr(0, text.find('\n'));
    const bool generated = std::regex_search(first_line, std::regex("GENERATED|Made by hlsc"));
    for (std::sregex_iterator at(text.begin(), text.end(), declaration), end; at != end; ++at) {
      modules[(*at)[2]] = generated;
    }
  }
  return modules;
}

TEST(Modules, HandWrittenOnesAreListedAsFifoCrossingPinsOrWiring) {
  const std::set<std::string> kinds = {"fifo", "crossing", "pins", "wiring"};
  const auto list = listed();
  const auto found = modules_below(fs::path(SOCKWIRE_SOURCE_DIR) / "rtl");
  EXPECT_GE(found.size(), 4u);
  for (const auto& [module, generated] : found) {
    if (generated) continue;
    ASSERT_EQ(list.count(module), 1u) << module << " is neither generated nor in rtl/modules.txt";
    EXPECT_EQ(kinds.count(list.at(module)), 1u) << module << " is listed as '" << list.at(module) << "'";
  }
  for (const auto& [module, kind] : list) {
    EXPECT_EQ(found.count(module), 1u) << "rtl/modules.txt lists " << module << " (" << kind << "), which is not there";
  }
}

TEST(Modules, WhatTheBuildMakesSaysSo) {
  if (!fs::exists(SOCKWIRE_GENERATED_RTL)) GTEST_SKIP() << "nothing was generated in this build";
  for (const auto& [module, generated] : modules_below(SOCKWIRE_GENERATED_RTL)) {
    EXPECT_TRUE(generated) << module << " lies among the generated files without saying that it is one";
  }
}

}  // namespace
