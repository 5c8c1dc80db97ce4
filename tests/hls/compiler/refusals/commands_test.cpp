// SPDX-License-Identifier: Apache-2.0
// What the command says of its own arguments and of the machine that it runs on.
#include <gtest/gtest.h>

#include <fstream>

#include "tests/command_outcome.hpp"
#include "tests/hls/compiler/refusals/expectations.hpp"

namespace hlsc::test {
namespace {

const std::string kMachine = "$HLSC --function machine --module m -I " SOURCE_DIR " ";
const std::string kHeader = " " SOURCE_DIR "/tests/hls/compiler/kernels_control.hpp";
const std::string kDiamond = "$HLSC --function 'test_diamond<3>' --module m -o $DIR/m.sv -I " SOURCE_DIR " ";
const std::string kDesigns = " " SOURCE_DIR "/tests/hls/compiler/designs.hpp";
const std::string kRefused = " " SOURCE_DIR "/tests/hls/compiler/refusals/";

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

sockwire::test::CommandOutcome run(const std::string& command) {
  return sockwire::test::run_command("HLSC=" HLSC "; DIR='" + testing::TempDir() + "'; " + command);
}

class RefusedCommands : public testing::TestWithParam<RefusedCommand> {};

TEST_P(RefusedCommands, ExitCodeAndReason) {
  const auto outcome = run(GetParam().command);
  EXPECT_EQ(outcome.exit_code, GetParam().exit_code);
  EXPECT_EQ(first_line(outcome.output), GetParam().message) << outcome.output;
  const bool is_usage = GetParam().exit_code == 2;
  EXPECT_EQ(outcome.output.find("usage: hlsc") != std::string::npos, is_usage) << outcome.output;
}

INSTANTIATE_TEST_SUITE_P(Hlsc, RefusedCommands, testing::ValuesIn(refused_commands()),
                         [](const auto& instance) { return instance.param.name; });

TEST(HlscCommand, ErrorsInTheSourceAreTheFrontEndsOwn) {
  const auto outcome = run("$HLSC --function no_such_kernel --module m -I " SOURCE_DIR + kHeader);
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_NE(outcome.output.find("error: use of undeclared identifier 'no_such_kernel'"), std::string::npos)
      << outcome.output;
}

TEST(HlscCommand, AVariableThatWasNeverSetIsAnError) {
  const std::string header = testing::TempDir() + "unset.hpp";
  std::ofstream(header)
      << "#include \"hls/base/stream.hpp\"\n"
         "namespace sockwire {\n"
         "struct State { bool on = false; };\n"
         "inline void unset(State& state, stream<bool>& x) { bool other; state.on = x.read() == other; }\n"
         "}\n";
  const auto outcome = run("$HLSC --function unset --module m -I " SOURCE_DIR " -o $DIR/m.sv " + header);
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_NE(outcome.output.find("unset.hpp:4:"), std::string::npos) << outcome.output;
  EXPECT_NE(outcome.output.find("uninitialized"), std::string::npos) << outcome.output;
}

TEST(HlscCommand, EveryStageCanBeShown) {
  const auto after = [](const std::string& stage) {
    return run(kMachine + "-o $DIR/shown.sv --dump-after=" + stage + kHeader);
  };
  // A word that only the stage's form of the kernel has.
  const std::vector<std::pair<std::string, std::string>> stages = {{"front-end", "call "},
                                                                   {"inlining", "define "},
                                                                   {"port-lowering", "call void @hlsc."},
                                                                   {"word-graph", ".next = n"},
                                                                   {"optimisation", ".next = n"}};
  for (const auto& [stage, word] : stages) {
    const auto outcome = after(stage);
    EXPECT_EQ(outcome.exit_code, 0) << stage;
    EXPECT_NE(outcome.output.find(word), std::string::npos) << stage << ": " << outcome.output;
  }
  EXPECT_NE(after("polishing").output.find("port-lowering"), std::string::npos);
}

TEST(HlscCommand, HelpIsNoError) {
  const auto outcome = run("$HLSC --help");
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.output.rfind("usage: hlsc", 0), 0u) << outcome.output;
}

}  // namespace

std::vector<RefusedCommand> refused_commands() {
  return {
      {"NothingToDo", "$HLSC", 2, "hlsc: a header, --function and --module are needed"},
      {"NoValue", "$HLSC --function", 2, "hlsc: --function needs a value"},
      {"UnknownOption", "$HLSC --fast" + kHeader, 2, "hlsc: unknown option --fast"},
      {"TwoHeaders", "$HLSC a.hpp b.hpp", 2, "hlsc: one header, not also b.hpp"},
      {"UnknownStage", kMachine + "--dump-after=polishing" + kHeader, 2, "hlsc: there is no stage 'polishing'"},
      {"DepthOfNone", kMachine + "--depth y=0" + kHeader, 2,
       "hlsc: --depth takes PORT=N with N of at least 1, not y=0"},
      {"PeriodOfNone", kMachine + "--period none" + kHeader, 2,
       "hlsc: --period takes a number of nanoseconds, not none"},
      {"OtherModules", kDiamond + "--modules test_route,test_merge,test_split --elsewhere test_scale_w3" + kDesigns, 1,
       "error: test_diamond<3> has other kernels than the build lists: not run test_split; not listed test_watch"},
      {"DepthOfNoArgument",
       kDiamond + "--depth left=4" + kDesigns + " 2>&1 | sed 's/^.*: error/error/' | (cat; exit 1)", 1,
       "error: --depth left: the function has no stream argument of that name"},
      {"NoPlaceToWrite", kMachine + "-o /nowhere/m.sv" + kHeader, 1, "error: cannot write /nowhere/m.sv"},
      {"NoTemporaryFolder", "TMPDIR=/nowhere " + kMachine + "-o $DIR/m.sv" + kHeader, 1,
       "error: cannot make a temporary file: No such file or directory"},
      // An argument may have 128 KiB, and -D is put in front of it.
      {"ArgumentTooLong", kMachine + "-o $DIR/m.sv -D $(head -c 131070 /dev/zero | tr '\\0' a)" + kHeader, 1,
       "error: cannot run " HLSC_CLANG ": posix_spawn failed: Argument list too long"},
      {"KernelWithoutBody",
       "$HLSC --function declared_only --module m -I " SOURCE_DIR " -o $DIR/m.sv" + kRefused + "ports.hpp", 1,
       "error: declared_only has no body"},
      {"UnusedPort", "$HLSC --function unused_port --module m -I " SOURCE_DIR " -o $DIR/m.sv" + kRefused + "ports.hpp",
       0, "hlsc: warning: m: port x is neither read nor written and is left out of the module"},
      {"NoSuchHeader", kMachine + "nowhere.hpp 2>&1 | tail -n 1 | (cat; exit 1)", 1,
       "error: the front end does not accept the kernel (its messages are above)"},
  };
}

}  // namespace hlsc::test
