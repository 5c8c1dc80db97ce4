// SPDX-License-Identifier: Apache-2.0
// hls_view as a person calls it, in a pipe and in a terminal.
#include <gtest/gtest.h>
#include <pty.h>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <sstream>

#include "tests/command_outcome.hpp"

namespace {

using nlohmann::json;
using sockwire::test::run_command;

const std::string kView = HLS_VIEW " --source " SOURCE_DIR " --kernels " KERNELS " ";

/// Each line of SystemVerilog stands in the view once, and the C++ is in order, whatever the kernel.
class HlsViewOf : public testing::TestWithParam<const char*> {};

TEST_P(HlsViewOf, AKernelHasEveryLineOnce) {
  const auto outcome = run_command(kView + GetParam() + " --json");
  ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
  const json view = json::parse(outcome.output);
  std::set<unsigned> seen;
  std::size_t placed = 0;
  const auto see = [&](const json& lines) {
    for (const json& line : lines) EXPECT_TRUE(seen.insert(line.at("line").get<unsigned>()).second) << line;
  };
  for (const json& function : view.at("functions")) {
    unsigned before = 0;
    for (const json& line : function.at("lines")) {
      EXPECT_GT(line.at("line").get<unsigned>(), before);
      before = line.at("line");
      see(line.at("sv"));
      placed += line.at("sv").size();
    }
  }
  see(view.at("rest"));
  EXPECT_EQ(*seen.begin(), 1u);
  EXPECT_EQ(*seen.rbegin(), seen.size()) << "a line is missing";
  EXPECT_GT(placed, 0u);
  EXPECT_EQ(view.at("ii"), 1);
  EXPECT_GT(view.at("period_ns").get<double>(), 0.5);
  EXPECT_GT(view.at("luts").get<unsigned>(), 0u);
  for (const json& line : view.at("rest"))
    EXPECT_FALSE(std::regex_search(line.at("text").get<std::string>(), std::regex(R"(\.hpp:\d+$)"))) << line;
}

INSTANTIATE_TEST_SUITE_P(Hlsc, HlsViewOf,
                         testing::Values("mac_tx_w1", "mac_rx_w8", "segmenter_w8", "test_machine_p3", "test_memories",
                                         "qor_crc32_byte"),
                         [](const auto& instance) { return std::string(instance.param); });

TEST(HlsView, InAPipeEachLineIsFollowedByWhatItBecame) {
  const auto outcome = run_command(kView + "mac_tx_w1");
  ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
  EXPECT_EQ(outcome.output.rfind("mac_tx_w1: mac_tx<1>\n  II 1, stages 1, latency 1 cycle, period ", 0), 0u);
  EXPECT_EQ(outcome.output.find('\033'), std::string::npos);
  const std::size_t cpp = outcome.output.find("  if (!enable.read()) return;\n        sv ");
  EXPECT_NE(cpp, std::string::npos) << outcome.output;
  EXPECT_NE(outcome.output.find("\ngmii_tx_pause, hls/mac/mac_tx_gmii.hpp:"), std::string::npos) << "what it inlines";
}

TEST(HlsView, WithoutANameTheNamesAreListed) {
  const auto outcome = run_command(kView);
  EXPECT_EQ(outcome.exit_code, 0);
  for (const char* name : {"  mac_tx_w1 ", "  segmenter_w8 ", "  qor_crc32_byte ", "  test_machine_p3 "})
    EXPECT_NE(outcome.output.find(name), std::string::npos) << name << "\n" << outcome.output;
}

TEST(HlsView, AWrongNameGivesNearOnes) {
  const auto outcome = run_command(kView + "mac_tx_w2");
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_EQ(outcome.output,
            "hls_view: there is no kernel 'mac_tx_w2'; did you mean mac_tx_w1, mac_tx_w8 or mac_rx_w1?\n");
  EXPECT_EQ(run_command(kView + "nothing_like_it").output,
            "hls_view: there is no kernel 'nothing_like_it'; without a name all are listed\n");
}

TEST(HlsView, ArgumentsThatItDoesNotKnow) {
  for (const char* arguments : {"--fast", "mac_tx_w1 mac_rx_w1", "--width", "--width wide", "--kernels /nowhere"}) {
    const auto outcome = run_command(kView + arguments);
    EXPECT_EQ(outcome.exit_code, 2) << arguments;
    EXPECT_EQ(std::count(outcome.output.begin(), outcome.output.end(), '\n'), 1) << outcome.output;
  }
}

/// What it writes to a terminal of so many columns.
std::string in_terminal(unsigned short columns, const std::string& command) {
  winsize size{};
  size.ws_col = columns;
  size.ws_row = 25;
  int terminal = -1;
  const pid_t child = forkpty(&terminal, nullptr, nullptr, &size);
  if (child == 0) {
    execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
    _exit(127);
  }
  std::string output;
  char buffer[4096];
  for (ssize_t bytes = 0; (bytes = read(terminal, buffer, sizeof buffer)) > 0;)
    output.append(buffer, static_cast<std::size_t>(bytes));
  close(terminal);
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  return output;
}

TEST(HlsView, InATerminalTheColumnsStandSideBySide) {
  const std::string plain = in_terminal(120, "NO_COLOR=1 " + kView + "mac_tx_w1");
  EXPECT_EQ(plain.find('\033'), std::string::npos);
  std::istringstream rows(plain);
  bool paired = false;
  for (std::string row; std::getline(rows, row);) {
    while (!row.empty() && row.back() == '\r') row.pop_back();
    EXPECT_LE(row.size(), 120u) << row;
    if (row.find("if (!enable.read()) return;") != std::string::npos) paired = row.find(" | ") == 58;
  }
  EXPECT_TRUE(paired) << plain;
  EXPECT_NE(in_terminal(120, "NO_COLOR= " + kView + "mac_tx_w1").find("\033[1m"), std::string::npos);
}

}  // namespace
