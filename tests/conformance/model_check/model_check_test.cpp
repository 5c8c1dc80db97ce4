// SPDX-License-Identifier: Apache-2.0
// Every run of the bounded scenarios: no deadlock, no wrong byte, no data after the end, both ends CLOSED.
#include <gtest/gtest.h>

#include <string>

#include "explorer.hpp"

namespace sockwire::tcp::model {

/// What a failing test calls it by.
void PrintTo(const Scenario& scenario, std::ostream* out) { *out << scenario.name; }

namespace {

constexpr std::uint64_t kMaxStates = 1'000'000;

class ModelCheck : public ::testing::TestWithParam<Scenario> {};

TEST_P(ModelCheck, EveryRunEndsWell) {
  const Exploration exploration = explore(GetParam(), kMaxStates);
  std::string trace;
  for (const std::string& line : exploration.trace) trace += line + "\n";
  EXPECT_EQ(exploration.violation, "") << trace;
  EXPECT_TRUE(exploration.complete) << exploration.states << " states and no end";
  EXPECT_GT(exploration.ends, 0u);
}

std::string name_of(const ::testing::TestParamInfo<Scenario>& info) {
  std::string name;
  for (const char c : info.param.name) {
    if (c != ' ' && c != ',') name += c;
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(Bounded, ModelCheck,
                         ::testing::ValuesIn(bounded_scenarios().begin(), bounded_scenarios().end()), name_of);

// The explorer itself: an application that never ends its side is a deadlock that it must find.
TEST(Explorer, FindsADeadlock) {
  const Scenario scenario{.name = "nobody closes",
                          .application = {Application{1, Ending::kAfterPeer}, Application{0, Ending::kAfterPeer}}};
  const Exploration exploration = explore(scenario, kMaxStates);
  EXPECT_NE(exploration.violation.find("deadlock in ESTABLISHED"), std::string::npos) << exploration.violation;
  EXPECT_FALSE(exploration.trace.empty());
}

// One end gives up in FIN-WAIT-2 before the other has sent its last byte: that is a reset, and it must be seen.
TEST(Explorer, FindsAReset) {
  const Scenario scenario{.name = "slow application",
                          .application = {Application{0, Ending::kClose}, Application{0, Ending::kClose}},
                          .early_timers = 1};
  EXPECT_NE(explore(scenario, kMaxStates).violation.find("reset"), std::string::npos);
}

}  // namespace
}  // namespace sockwire::tcp::model
