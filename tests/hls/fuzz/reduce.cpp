// SPDX-License-Identifier: Apache-2.0
#include "tests/hls/fuzz/reduce.hpp"

#include <filesystem>
#include <sstream>

namespace sockwire::fuzz {
namespace {

using Lines = std::vector<std::string>;

Lines lines_of(const std::string& text) {
  Lines result;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) result.push_back(line);
  return result;
}

std::string text_of(const Lines& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

int depth_change(const std::string& line) {
  int change = 0;
  for (const char c : line) change += c == '{' ? 1 : c == '}' ? -1 : 0;
  return change;
}

/// The line after the statement that begins here: one line, or up to where its braces are closed.
std::size_t end_of(const Lines& lines, std::size_t at) {
  int depth = 0;
  for (std::size_t i = at; i < lines.size(); ++i) {
    depth += depth_change(lines[i]);
    if (depth < 0) return at;
    const bool goes_on = lines[i].find("else") != std::string::npos && lines[i].back() == '{';
    if (depth == 0 && !goes_on) return i + 1;
  }
  return at;
}

class Reducer {
 public:
  Reducer(const Kernel& kernel, const Outcome& outcome, BatchOptions options)
      : kernel_(kernel), verdict_(outcome.verdict), what_(kind_of(outcome)), options_(std::move(options)) {}

  Kernel run() {
    for (bool smaller = true; smaller;) {
      smaller = false;
      Lines lines = lines_of(kernel_.text);
      // From the end, where less depends on what is left out; the namespace's own lines stay.
      for (std::size_t at = lines.size(); at-- > 0;) {
        if (at >= lines.size()) continue;
        smaller |= without_statement(lines, at) || without_frame(lines, at);
      }
    }
    return kernel_;
  }

 private:
  /// A refusal must stay the same one.
  static std::string kind_of(const Outcome& outcome) {
    if (outcome.verdict == Verdict::kMismatch) return "";
    const std::size_t at = outcome.what.find("rror:");
    return at == std::string::npos ? "" : outcome.what.substr(at, 30);
  }

  bool accept(Lines& lines, Lines shorter) {
    Kernel candidate = kernel_;
    candidate.text = text_of(shorter);
    std::filesystem::remove_all(options_.folder);
    try {
      const Outcome outcome = run_batch({candidate}, options_)[0];
      if (outcome.verdict != verdict_ || outcome.what.find(what_) == std::string::npos) return false;
    } catch (const std::exception&) {
      return false;  // no longer a program
    }
    kernel_ = candidate;
    lines = std::move(shorter);
    return true;
  }

  bool without_statement(Lines& lines, std::size_t at) {
    const std::size_t end = end_of(lines, at);
    if (end == at || lines[at].find("namespace") != std::string::npos || lines[at].empty()) return false;
    if (lines[at].find("void kernel(") != std::string::npos || lines[at].find("struct State") == 0) return false;
    Lines shorter = lines;
    shorter.erase(shorter.begin() + static_cast<std::ptrdiff_t>(at),
                  shorter.begin() + static_cast<std::ptrdiff_t>(end));
    return accept(lines, std::move(shorter));
  }

  /// What is inside an if or a loop, without it.
  bool without_frame(Lines& lines, std::size_t at) {
    const std::size_t end = end_of(lines, at);
    if (end < at + 3 || lines[at].compare(0, 2, "  ") != 0) return false;
    Lines shorter = lines;
    shorter.erase(shorter.begin() + static_cast<std::ptrdiff_t>(end) - 1);
    shorter.erase(shorter.begin() + static_cast<std::ptrdiff_t>(at));
    for (std::size_t i = at; i + 2 < end; ++i)
      if (shorter[i].find("} else") != std::string::npos) return false;
    return accept(lines, std::move(shorter));
  }

  Kernel kernel_;
  Verdict verdict_;
  std::string what_;
  BatchOptions options_;
};

}  // namespace

Kernel reduced(const Kernel& kernel, const Outcome& outcome, BatchOptions options) {
  return Reducer(kernel, outcome, std::move(options)).run();
}

}  // namespace sockwire::fuzz
