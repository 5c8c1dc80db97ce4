// SPDX-License-Identifier: Apache-2.0
// What cannot become hardware is refused with a place and a sentence, not compiled into something else.
#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <sstream>

#include "tests/command_outcome.hpp"
#include "tests/hls/compiler/refusals/expectations.hpp"

namespace hlsc::test {
namespace {

const std::string kFolder = SOURCE_DIR "/tests/hls/compiler/refusals/";

std::vector<std::string> lines_of(const std::string& path) {
  std::vector<std::string> lines;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

/// {-1} is the number of the line before.
std::string with_line_numbers(const std::string& text, std::size_t line) {
  static const std::regex relative(R"(\{(-?\d+)\})");
  std::smatch match;
  if (!std::regex_search(text, match, relative)) return text;
  return match.prefix().str() + std::to_string(static_cast<long>(line) + std::stol(match[1])) + match.suffix().str();
}

void add_from(const std::string& header, std::vector<RefusedKernel>& result) {
  static const std::regex start(R"(\s*// refused (\w+)(?: at `(.*)`)?:)");
  static const std::regex more(R"(\s*//   (.*))");
  const std::vector<std::string> lines = lines_of(kFolder + header);
  for (std::size_t at = 0; at < lines.size(); ++at) {
    std::smatch match;
    if (!std::regex_match(lines[at], match, start)) continue;
    const std::string name = match[1];
    const std::string token = match[2];
    std::string text;
    for (++at; std::regex_match(lines[at], match, more); ++at) text += (text.empty() ? "" : " ") + match[1].str();
    const std::size_t column = token.empty() ? 0 : lines[at].find(token);
    const std::size_t line = at + 1;
    const std::string place = header + ":" + std::to_string(line) + ":" + std::to_string(column + 1);
    result.push_back({name, kFolder + header, place + ": error: " + with_line_numbers(text, line)});
  }
}

/// The path may begin at the current folder.
std::string without_folders(const std::string& message) {
  const std::size_t end = message.find(':');
  const std::size_t slash = message.rfind('/', end);
  return slash == std::string::npos ? message : message.substr(slash + 1);
}

class RefusedKernels : public testing::TestWithParam<RefusedKernel> {};

TEST_P(RefusedKernels, NameLineColumnAndReason) {
  const auto outcome =
      sockwire::test::run_command(HLSC " --function '" + GetParam().name + "' --module refused -I " SOURCE_DIR " -o " +
                                  testing::TempDir() + "refused_" + GetParam().name + ".sv " + GetParam().header);
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(without_folders(outcome.output), GetParam().message + "\n");
}

INSTANTIATE_TEST_SUITE_P(Hlsc, RefusedKernels, testing::ValuesIn(refused_kernels()), [](const auto& instance) {
  const std::string header = instance.param.header.substr(kFolder.size());
  return header.substr(0, header.find('.')) + "_" + instance.param.name;
});

}  // namespace

std::vector<RefusedKernel> refused_kernels() {
  std::vector<RefusedKernel> result;
  for (const char* header : {"dataflow.hpp", "language.hpp", "memory.hpp", "ports.hpp", "pragmas.hpp", "sizes.hpp"})
    add_from(header, result);
  return result;
}

}  // namespace hlsc::test
