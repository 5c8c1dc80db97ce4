// SPDX-License-Identifier: Apache-2.0
// What once ended the compiler is compiled, and to something that Verilator reads.
#include <gtest/gtest.h>

#include "tests/command_outcome.hpp"

namespace {

using sockwire::test::run_command;

class Regressions : public testing::TestWithParam<std::string> {};

TEST_P(Regressions, AreCompiled) {
  const std::string path = testing::TempDir() + GetParam() + ".sv";
  const auto compiled =
      run_command(HLSC " --function " + GetParam() + " --module " + GetParam() + " -I " SOURCE_DIR " -o " + path +
                  " " SOURCE_DIR "/tests/hls/compiler/regressions.hpp");
  ASSERT_EQ(compiled.exit_code, 0) << compiled.output;
  // Some of these kernels have signals that nothing can ever use.
  const auto read = run_command("verilator --lint-only -Wall -Wno-UNUSEDSIGNAL --top-module " + GetParam() + " " +
                                path + " " SOURCE_DIR "/rtl/stream/stream_fifo.sv");
  EXPECT_EQ(read.exit_code, 0) << read.output;
}

INSTANTIATE_TEST_SUITE_P(Hlsc, Regressions,
                         testing::Values("impossible_write", "unused_arguments", "deepest", "most_branches"),
                         [](const auto& instance) { return instance.param; });

}  // namespace
