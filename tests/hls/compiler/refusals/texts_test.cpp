// SPDX-License-Identifier: Apache-2.0
// Every sentence that hlsc can refuse with is provoked by a test: each piece of text in the compiler's sources that
// becomes part of a message is looked for in the messages that the other tests of this program expect.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>

#include "tests/hls/compiler/refusals/expectations.hpp"

namespace hlsc::test {
namespace {

namespace fs = std::filesystem;

/// What makes a message: the text of its arguments is the message's.
const std::regex kMaker(R"(\b(Refusal|UsageError|malformed|too_large)\s*[({])");

std::string read(const fs::path& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// The end of a string literal, whose opening quote is at `at`.
std::size_t end_of_literal(const std::string& text, std::size_t at) {
  for (++at; text[at] != '"'; ++at)
    if (text[at] == '\\') ++at;
  return at + 1;
}

/// The literals between an opening bracket and the one that closes it; those side by side are one.
std::vector<std::string> literals(const std::string& text, std::size_t open) {
  std::vector<std::string> found;
  bool joins = false;
  int depth = 0;
  for (std::size_t at = open; at < text.size();) {
    const char c = text[at];
    if (c == '"') {
      const std::size_t end = end_of_literal(text, at);
      const std::string literal = text.substr(at + 1, end - at - 2);
      if (joins)
        found.back() += literal;
      else
        found.push_back(literal);
      joins = true;
      at = end;
      continue;
    }
    if (std::isspace(static_cast<unsigned char>(c)) == 0) joins = false;
    if (c == '(' || c == '{') ++depth;
    if ((c == ')' || c == '}') && --depth == 0) break;
    ++at;
  }
  return found;
}

struct Piece {
  std::string text;
  std::string file;
};

std::vector<Piece> pieces() {
  std::vector<Piece> result;
  for (const auto& entry : fs::directory_iterator(SOURCE_DIR "/hls/compiler")) {
    if (entry.path().extension() != ".cpp" && entry.path().extension() != ".hpp") continue;
    const std::string text = read(entry.path());
    for (std::sregex_iterator at(text.begin(), text.end(), kMaker), end; at != end; ++at) {
      const auto open = static_cast<std::size_t>(at->position() + at->length() - 1);
      for (const std::string& literal : literals(text, open))
        if (literal.size() > 1) result.push_back({literal, entry.path().filename()});
    }
  }
  return result;
}

std::string all_messages() {
  std::string result;
  for (const RefusedKernel& each : refused_kernels()) result += each.message + "\n";
  for (const RefusedCommand& each : refused_commands()) result += each.message + "\n";
  for (const RefusedUnit& each : refused_units()) result += each.message + "\n";
  return result;
}

TEST(RefusalTexts, EachIsProvokedByATest) {
  const std::string messages = all_messages();
  const std::vector<Piece> all = pieces();
  EXPECT_GT(all.size(), 60u) << "the sources were not read";
  for (const Piece& piece : all)
    EXPECT_NE(messages.find(piece.text), std::string::npos)
        << piece.file << " can say \"" << piece.text << "\", which no test provokes";
}

// The test can fail: the scanner sees text that is cut, joined and chosen between.
TEST(RefusalTexts, TheScannerSeesWhatAMessageIsMadeOf) {
  const std::string source =
      R"x(throw Refusal(location_of(x), a ? "one " "two\"" : b + "three" + f("(four)")); "five";)x";
  EXPECT_EQ(literals(source, source.find('(')), (std::vector<std::string>{"one two\\\"", "three", "(four)"}));
}

}  // namespace
}  // namespace hlsc::test
