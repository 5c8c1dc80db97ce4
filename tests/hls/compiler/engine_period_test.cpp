// SPDX-License-Identifier: Apache-2.0
// The engine keeps up with its line by hlsc's own estimate: a beat every cycle of 8.0 ns at width 1 (1 Gb/s), of 6.4 ns
// at width 8 (10 Gb/s). ./run bench hlsc reports how far it is from that.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <regex>
#include <string>

#include "tests/command_outcome.hpp"

namespace {

using sockwire::test::CommandOutcome;
using sockwire::test::run_command;

void expect_period(const std::string& width, const std::string& period) {
  const std::string folder = testing::TempDir() + "sockwire_period_w" + width + "_" + std::to_string(getpid()) + "/";
  std::filesystem::create_directory(folder);
  const CommandOutcome made =
      run_command(HLSC " --function 'engine<" + width + ">' --module engine_w" + width + " --period " + period +
                  " --report -I " SOURCE_DIR " -o " + folder + "engine.sv " SOURCE_DIR "/hls/top/engine.hpp");
  std::filesystem::remove_all(folder);
  ASSERT_EQ(made.exit_code, 0) << made.output;
  EXPECT_EQ(made.output.find("warning"), std::string::npos) << made.output;
  std::smatch match;
  ASSERT_TRUE(std::regex_search(made.output, match, std::regex("\n  period ([0-9.]+) ns"))) << made.output;
  EXPECT_LE(std::stod(match[1]), std::stod(period));
  EXPECT_GT(std::stod(match[1]), 1.0);
}

TEST(EnginePeriod, FitsOneGigabitAtWidth1) { expect_period("1", "8.0"); }
TEST(EnginePeriod, FitsTenGigabitAtWidth8) { expect_period("8", "6.4"); }

}  // namespace
