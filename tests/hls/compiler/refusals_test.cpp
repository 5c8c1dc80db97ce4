// SPDX-License-Identifier: Apache-2.0
// What cannot become hardware is refused with a place and a sentence, not compiled into something else.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "tests/command_outcome.hpp"

namespace {

using Outcome = sockwire::test::CommandOutcome;

Outcome run_hlsc(const std::string& arguments) {
  return sockwire::test::run_command(std::string(HLSC) + " " + arguments);
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
  EXPECT_NE(outcome.output.find("refusals.hpp:" + std::to_string(expected.line) + ":"), std::string::npos)
      << "line " << expected.line << " expected in: " << outcome.output;
  EXPECT_NE(outcome.output.find(": error: "), std::string::npos) << outcome.output;
  EXPECT_NE(outcome.output.find(expected.text), std::string::npos)
      << "'" << expected.text << "' expected in: " << outcome.output;
}

INSTANTIATE_TEST_SUITE_P(Hlsc, Refusal, testing::ValuesIn(expectations()),
                         [](const testing::TestParamInfo<Expectation>& each) { return each.param.kernel; });

TEST(HlscCommand, ErrorsInTheSourceAreTheFrontEndsOwn) {
  const Outcome outcome = compile("tests/hls/compiler/refusals.hpp", "no_such_kernel");
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_NE(outcome.output.find("no_such_kernel"), std::string::npos) << outcome.output;
}

TEST(HlscCommand, AVariableThatWasNeverSetIsAnError) {
  const std::string header = testing::TempDir() + "unset.hpp";
  std::ofstream(header)
      << "#include \"hls/base/stream.hpp\"\n"
         "namespace sockwire {\n"
         "struct State { bool on = false; };\n"
         "inline void unset(State& state, stream<bool>& x) { bool other; state.on = x.read() == other; }\n"
         "}\n";
  const Outcome outcome = compile(header, "unset");
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_NE(outcome.output.find("unset.hpp:4:"), std::string::npos) << outcome.output;
  EXPECT_NE(outcome.output.find("uninitialized"), std::string::npos) << outcome.output;
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
    EXPECT_NE(outcome.output.find(word), std::string::npos) << stage << ": " << outcome.output;
  }
  const Outcome outcome = after("polishing");
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_NE(outcome.output.find("no stage 'polishing'"), std::string::npos) << outcome.output;
  EXPECT_NE(outcome.output.find("port-lowering"), std::string::npos) << outcome.output;
}

TEST(HlscCommand, WrongArgumentsGiveUsage) {
  const Outcome outcome = run_hlsc("--function f");
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_NE(outcome.output.find("--module"), std::string::npos) << outcome.output;
}

}  // namespace
