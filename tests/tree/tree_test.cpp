// SPDX-License-Identifier: Apache-2.0
// The rules of the tree itself: arrows point one way, sans-IO parts stay pure, files stay small and say their licence.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

const fs::path kRoot = SOCKWIRE_SOURCE_DIR;

struct SourceFile {
  std::string path;  // from the top of the tree
  std::vector<std::string> lines;
};

bool starts_with_any(const std::string& text, const std::vector<std::string>& prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [&](const std::string& prefix) { return text.rfind(prefix, 0) == 0; });
}

std::vector<SourceFile> sources(const std::vector<std::string>& folders, const std::vector<std::string>& endings) {
  std::vector<SourceFile> files;
  for (const std::string& folder : folders) {
    if (!fs::exists(kRoot / folder)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(kRoot / folder)) {
      const std::string ending = entry.path().extension().string();
      if (!entry.is_regular_file() || std::find(endings.begin(), endings.end(), ending) == endings.end()) continue;
      SourceFile file{fs::relative(entry.path(), kRoot).string(), {}};
      std::ifstream in(entry.path());
      for (std::string line; std::getline(in, line);) file.lines.push_back(line);
      files.push_back(std::move(file));
    }
  }
  return files;
}

// A folder and what its files may include, besides themselves and the standard library. The picture is in README.md.
const std::vector<std::pair<std::string, std::vector<std::string>>> kArrows = {
    {"hls/base/", {}},
    {"hls/wire/", {"hls/base/"}},
    {"hls/compiler/", {"hls/base/"}},
    {"hls/top/", {"hls/"}},
    {"hls/", {"hls/"}},
    {"host/base/", {"hls/wire/"}},
    {"host/tcp/", {"host/base/", "hls/base/", "hls/wire/"}},
    {"host/stack/", {"host/base/", "host/tcp/", "hls/base/", "hls/wire/"}},
    {"host/card/", {"host/base/", "hls/card/", "hls/wire/", "hls/base/"}},
    {"host/transport/", {"host/base/", "host/card/", "hls/card/", "hls/link/", "hls/mac/crc32.hpp"}},
    {"host/socket/",
     {"host/base/", "host/tcp/", "host/stack/", "host/card/", "host/transport/", "hls/wire/", "hls/card/"}},
    {"host/api/",
     {"host/base/", "host/tcp/", "host/stack/", "host/card/", "host/transport/", "host/socket/", "hls/wire/", "sim/"}},
    {"host/apps/", {"host/", "sim/", "hls/"}},  // the program is where everything is put together
    {"sim/",
     {"host/base/", "host/tcp/", "host/stack/", "host/card/", "host/transport/", "host/socket/", "hls/", "sim/"}},
};

TEST(Tree, ArrowsPointOneWay) {
  const std::regex include(R"re(^\s*#include "((?:hls|host|sim|tests|rtl)/[^"]+)")re");
  for (const SourceFile& file : sources({"hls", "host", "sim"}, {".hpp", ".cpp"})) {
    const auto rule = std::find_if(kArrows.begin(), kArrows.end(),
                                   [&](const auto& arrow) { return file.path.rfind(arrow.first, 0) == 0; });
    ASSERT_NE(rule, kArrows.end()) << file.path << " lies in a folder without a rule";
    for (const std::string& line : file.lines) {
      std::smatch match;
      if (!std::regex_search(line, match, include)) continue;
      const std::string target = match[1];
      EXPECT_TRUE(target.rfind(rule->first, 0) == 0 || starts_with_any(target, rule->second))
          << file.path << " includes " << target;
    }
  }
}

// Time and randomness are arguments of host/tcp and host/stack; output is asked for.
TEST(Tree, TcpAndStackArePure) {
  const std::regex impure(
      R"(_clock::now|random_device|sleep_for|usleep|<sys/socket|<thread>|<iostream>|\bgetenv\b|\bprintf\()");
  for (const SourceFile& file : sources({"host/tcp", "host/stack"}, {".hpp", ".cpp"})) {
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      EXPECT_FALSE(std::regex_search(file.lines[i], impure)) << file.path << ":" << i + 1 << ": " << file.lines[i];
    }
  }
}

TEST(Tree, FilesAreShort) {
  for (const SourceFile& file : sources({"hls", "host", "sim", "rtl", "tests"}, {".hpp", ".cpp", ".sv"})) {
    EXPECT_LE(file.lines.size(), 600U) << file.path << ": split it by mechanism";
  }
}

// A function's length: from a line in column 0 (or 2, in a class) that ends in '{' to its closing brace in that column.
// A constructor's initialisers begin with ':' in a column of their own.
TEST(Tree, FunctionsFitOnAScreen) {
  const std::regex opening(R"(^( {0,4})[^\s#/}:].*\).*\{$)");
  const std::regex control(R"(^\s*(for|if|while|switch|else|do|namespace|struct|class|enum|union)\b)");
  for (const SourceFile& file : sources({"hls", "host", "sim", "tests"}, {".hpp", ".cpp"})) {
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      std::smatch match;
      if (!std::regex_search(file.lines[i], match, opening) || std::regex_search(file.lines[i], control)) continue;
      const std::string closing = match[1].str() + "}";
      std::size_t end = i + 1;
      while (end < file.lines.size() && file.lines[end].rfind(closing, 0) != 0) ++end;
      EXPECT_LE(end - i, 100U) << file.path << ":" << i + 1 << ": a function of " << end - i << " lines";
    }
  }
}

TEST(Tree, FilesSayTheirLicence) {
  for (const SourceFile& file : sources({"hls", "host", "sim", "rtl", "tests"}, {".hpp", ".cpp", ".sv"})) {
    ASSERT_FALSE(file.lines.empty()) << file.path;
    const std::size_t first = std::min<std::size_t>(3, file.lines.size());
    EXPECT_TRUE(
        std::any_of(file.lines.begin(), file.lines.begin() + static_cast<std::ptrdiff_t>(first),
                    [](const std::string& line) { return line.find("SPDX-License-Identifier") != std::string::npos; }))
        << file.path;
  }
}

}  // namespace
