// SPDX-License-Identifier: Apache-2.0
// What the report says of recurrences that are too slow: which, where, by how much, and what to try.
#include "hls/compiler/report.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <sstream>

#include "hls/compiler/driver.hpp"
#include "hls/compiler/recurrences.hpp"
#include "tests/command_outcome.hpp"

namespace hlsc {
namespace {

Design compiled(const std::string& function, double period) {
  Options options;
  options.header = SOURCE_DIR "/tests/hls/compiler/kernels_slow.hpp";
  options.function = function;
  options.module = function;
  options.clang_arguments = {"-I" SOURCE_DIR};
  options.period_ns = period;
  return design_of(options);
}

struct Slow {
  const char* function;
  double period;
  const char* name;
  const char* advice;  // begins with it
};

class SlowRecurrences : public testing::TestWithParam<Slow> {};

TEST_P(SlowRecurrences, AreNamedWithTheirCostAndWhatToTry) {
  Design design = compiled(GetParam().function, GetParam().period);
  const std::vector<SlowRecurrence> slow = slow_recurrences(design, GetParam().period, kArtix7Grade1);
  ASSERT_EQ(slow.size(), 1u);
  EXPECT_EQ(slow[0].name, GetParam().name);
  EXPECT_GT(slow[0].time, GetParam().period);
  EXPECT_LT(slow[0].time, GetParam().period + 12);
  EXPECT_EQ(slow[0].advice.rfind(GetParam().advice, 0), 0u) << slow[0].advice;
  // The path starts in the recurrence, and time goes by on it.
  ASSERT_GE(slow[0].path.size(), 3u);
  EXPECT_EQ(slow[0].path.back().arrival, slow[0].time);
  for (std::size_t i = 1; i < slow[0].path.size(); ++i)
    EXPECT_LE(slow[0].path[i - 1].arrival, slow[0].path[i].arrival + 1e-9);
  std::ostringstream report;
  print_report(design, GetParam().period, report);
  EXPECT_NE(report.str().find(std::string("recurrence of ") + GetParam().name + ", "), std::string::npos);
  EXPECT_NE(report.str().find("\n    try: " + slow[0].advice + "\n"), std::string::npos) << report.str();
  EXPECT_NE(report.str().find("kernels_slow.hpp:"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(
    Hlsc, SlowRecurrences,
    testing::Values(Slow{"slow_sum", 5, "total", "3 sums follow one another, the first in kernels_slow.hpp:18: "},
                    Slow{"slow_compare", 3, "last", "do the comparison in kernels_slow.hpp:30 a step earlier"},
                    Slow{"slow_choice", 3, "at", "the choice in kernels_slow.hpp:42: "},
                    Slow{"slow_entry", 3, "at", "read the entry in kernels_slow.hpp:55 a step before"},
                    Slow{"slow_word", 3, "counts", "the word of block RAM 'counts'"}),
    [](const auto& instance) { return std::string(instance.param.function); });

TEST(Report, WhatCanBeCutIsNoSlowRecurrence) {
  Design design = compiled("quick", 4);
  EXPECT_TRUE(slow_recurrences(design, 4, kArtix7Grade1).empty());
  EXPECT_GT(design.stages, 1u);
  Design fast = compiled("slow_sum", 20);
  EXPECT_TRUE(slow_recurrences(fast, 20, kArtix7Grade1).empty());
  EXPECT_EQ(lateness(fast, 20), "");
  std::ostringstream report;
  print_report(fast, 20, report);
  EXPECT_EQ(report.str().find("recurrence"), std::string::npos);
}

TEST(Report, TheHeadSaysWhatAPipelineIs) {
  Design design = compiled("quick", 4);
  const ReportHead head = head_of(design);
  EXPECT_EQ(head.stages, design.stages);
  EXPECT_EQ(head.latency_cycles, design.stages) << "the count leaves from the last stage";
  const std::string text = head.text();
  EXPECT_EQ(text.rfind("II 1, stages " + std::to_string(design.stages) + ", latency ", 0), 0u) << text;
}

std::string hlsc(const std::string& arguments) {
  return sockwire::test::run_command(HLSC " --function slow_sum --module slow -I " SOURCE_DIR " -o " +
                                     testing::TempDir() + "slow.sv " + arguments +
                                     " " SOURCE_DIR "/tests/hls/compiler/kernels_slow.hpp")
      .output;
}

TEST(Report, ACompileThatMissesItsPeriodWarns) {
  const std::string warning = hlsc("--period 5");
  EXPECT_EQ(warning.rfind("hlsc: warning: slow takes ", 0), 0u) << warning;
  EXPECT_NE(warning.find("; the recurrence of total alone takes "), std::string::npos) << warning;
  EXPECT_EQ(hlsc("--period 5 --may-be-late"), "");
  EXPECT_EQ(hlsc("--period 20"), "");
  EXPECT_EQ(hlsc(""), "") << "no period is asked for";
}

}  // namespace
}  // namespace hlsc
