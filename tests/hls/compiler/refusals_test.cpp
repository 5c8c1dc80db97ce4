// SPDX-License-Identifier: Apache-2.0
// What cannot become hardware is refused with a place and a sentence, not compiled into something else.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace {

struct Outcome {
  int exit_code = -1;
  std::string messages;
};

Outcome run_hlsc(const std::string& arguments) {
  const std::string command = std::string(HLSC) + " " + arguments + " 2>&1";
  Outcome outcome;
  FILE* pipe = popen(command.c_str(), "r");
  std::array<char, 4096> buffer;
  while (fgets(buffer.data(), buffer.size(), pipe) != nullptr) outcome.messages += buffer.data();
  const int status = pclose(pipe);
  outcome.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return outcome;
}

Outcome compile(const std::string& header, const std::string& function) {
  return run_hlsc("--function '" + function + "' --module refused -I " SOURCE_DIR " -o " + testing::TempDir() +
                  "refused_" + function + ".sv " + header);
}

struct Expectation {
  std::string kernel;
  std::string text;
  int line = 0;
};

std::vector<Expectation> expectations() {
  std::vector<Expectation> result;
  std::ifstream in(SOURCE_DIR "/tests/hls/compiler/refusals.hpp");
  const std::string marker = "// refused ";
  std::string text;
  for (int line = 1; std::getline(in, text); ++line) {
    const std::size_t at = text.find(marker);
    if (at == std::string::npos) continue;
    const std::string rest = text.substr(at + marker.size());
    const std::size_t colon = rest.find(": ");
    result.push_back({rest.substr(0, colon), rest.substr(colon + 2), line});
  }
  return result;
}

class Refusal : public testing::TestWithParam<Expectation> {};

TEST_P(Refusal, NamesPlaceAndReason) {
  const Expectation& expected = GetParam();
  const Outcome outcome = compile("tests/hls/compiler/refusals.hpp", expected.kernel);
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_NE(outcome.messages.find("refusals.hpp:" + std::to_string(expected.line) + ":"), std::string::npos)
      << "line " << expected.line << " expected in: " << outcome.messages;
  EXPECT_NE(outcome.messages.find(": error: "), std::string::npos) << outcome.messages;
  EXPECT_NE(outcome.messages.find(expected.text), std::string::npos)
      << "'" << expected.text << "' expected in: " << outcome.messages;
}

INSTANTIATE_TEST_SUITE_P(Hlsc, Refusal, testing::ValuesIn(expectations()),
                         [](const testing::TestParamInfo<Expectation>& each) { return each.param.kernel; });

TEST(HlscCommand, ErrorsInTheSourceAreTheFrontEndsOwn) {
  const Outcome outcome = compile("tests/hls/compiler/refusals.hpp", "no_such_kernel");
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_NE(outcome.messages.find("no_such_kernel"), std::string::npos) << outcome.messages;
}

TEST(HlscCommand, EveryStageCanBeShown) {
  const auto after = [](const std::string& stage) {
    return run_hlsc("--function machine --module shown -I " SOURCE_DIR " -o " + testing::TempDir() +
                    "shown.sv --dump-after=" + stage + " tests/hls/compiler/kernels_control.hpp");
  };
  // A word that only the stage's form of the kernel has.
  const std::vector<std::pair<std::string, std::string>> stages = {{"front-end", "call "},
                                                                   {"inlining", "define "},
                                                                   {"port-lowering", "call void @hlsc."},
                                                                   {"word-graph", ".next = n"},
                                                                   {"optimisation", ".next = n"}};
  for (const auto& [stage, word] : stages) {
    const Outcome outcome = after(stage);
    EXPECT_EQ(outcome.exit_code, 0) << stage;
    EXPECT_NE(outcome.messages.find(word), std::string::npos) << stage << ": " << outcome.messages;
  }
  const Outcome outcome = after("polishing");
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_NE(outcome.messages.find("no stage 'polishing'"), std::string::npos) << outcome.messages;
  EXPECT_NE(outcome.messages.find("port-lowering"), std::string::npos) << outcome.messages;
}

TEST(HlscCommand, WrongArgumentsGiveUsage) {
  const Outcome outcome = run_hlsc("--function f");
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_NE(outcome.messages.find("--module"), std::string::npos) << outcome.messages;
}

}  // namespace
