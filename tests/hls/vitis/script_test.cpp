// SPDX-License-Identifier: Apache-2.0
// The script for Vitis HLS, run by another Tcl interpreter (that of Yosys) with commands that only say what they were
// asked for: it synthesises the kernels that hlsc compiles, all of them and nothing else.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "tests/command_outcome.hpp"

namespace {

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, separator);) parts.push_back(part);
  return parts;
}

/// What the script says for one top, between open_project and close_project.
struct Synthesis {
  std::string top, project, file, flags, part, period;
  bool runs = false;
};

std::string argument_of(const std::vector<std::string>& command, const std::string& option) {
  const auto at = std::find(command.begin(), command.end(), option);
  return at == command.end() || at + 1 == command.end() ? "" : *(at + 1);
}

std::vector<Synthesis> script(const std::string& environment) {
  const sockwire::test::CommandOutcome outcome = sockwire::test::run_command(
      environment + " yosys -Q -q -p 'tcl " SOURCE_DIR "/tests/hls/vitis/record.tcl " SOURCE_DIR "/hls/top/vitis.tcl'");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
  std::vector<Synthesis> out;
  Synthesis current;
  for (const std::string& line : split(outcome.output, '\n')) {
    const std::vector<std::string> command = split(line, '|');
    if (command.empty()) continue;
    if (command[0] == "open_project") {
      current = Synthesis();
      current.project = command.back();
    }
    if (command[0] == "add_files") current.file = command[1];
    if (command[0] == "add_files") current.flags = argument_of(command, "-cflags");
    if (command[0] == "set_top") current.top = command[1];
    if (command[0] == "set_part") current.part = command[1];
    if (command[0] == "create_clock") current.period = argument_of(command, "-period");
    if (command[0] == "csynth_design") current.runs = true;
    if (command[0] == "close_project") out.push_back(current);
  }
  return out;
}

TEST(VitisScript, NamesTheKernelsThatHlscCompiles) {
  std::vector<std::string> tops;
  for (const Synthesis& synthesis : script("env -u SOCKWIRE_TOPS")) tops.push_back(synthesis.top);
  std::vector<std::string> kernels = split(KERNELS, ',');
  std::sort(tops.begin(), tops.end());
  std::sort(kernels.begin(), kernels.end());
  EXPECT_GT(kernels.size(), 10u);
  EXPECT_EQ(tops, kernels);
}

TEST(VitisScript, AsksForEachTopsWidthAndClock) {
  for (const Synthesis& synthesis : script("env -u SOCKWIRE_TOPS")) {
    SCOPED_TRACE(synthesis.top);
    const std::string suffix = synthesis.top.size() > 3 ? synthesis.top.substr(synthesis.top.size() - 3) : "";
    EXPECT_EQ(synthesis.project, synthesis.top);
    EXPECT_TRUE(std::filesystem::exists(synthesis.file)) << synthesis.file;
    EXPECT_EQ(synthesis.part, "xc7a35ticsg324-1L");
    EXPECT_EQ(synthesis.period, suffix == "_w1" ? "8.0" : "6.4");
    EXPECT_NE(synthesis.flags.find("-std=c++14"), std::string::npos) << synthesis.flags;
    EXPECT_NE(synthesis.flags.find("-I" SOURCE_DIR " "), std::string::npos) << synthesis.flags;
    EXPECT_NE(synthesis.flags.find(suffix == "_w8" ? "-DSOCKWIRE_WIDTH=8" : "-DSOCKWIRE_WIDTH=1"), std::string::npos)
        << synthesis.flags;
    EXPECT_TRUE(synthesis.runs);
  }
}

TEST(VitisScript, DoesWhatTheEnvironmentNamesOnly) {
  const std::vector<Synthesis> some = script("SOCKWIRE_TOPS='registers mac_tx_w8'");
  ASSERT_EQ(some.size(), 2u);
  EXPECT_EQ(some[0].top, "mac_tx_w8");
  EXPECT_EQ(some[1].top, "registers");
}

}  // namespace
