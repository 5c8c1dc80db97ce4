// SPDX-License-Identifier: Apache-2.0
#include "clause_map.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace sockwire::conformance {
namespace {

ClauseMap read(const std::string& text) {
  ClauseMap map;
  std::istringstream in(text);
  read_clauses(in, "rfc1", map);
  return map;
}

TEST(ClauseMap, ReadsEveryStanding) {
  const ClauseMap map = read(
      "# a comment\n\n"
      "A-1 3.1 MUST | One.\n  shown Suite.First Suite.Second\n"
      "A-2 3.2 MUST NOT | Two.\n  deviation not so here\n"
      "A-3 3.3 SHOULD | Three.\n  inapplicable no such thing\n"
      "A-4 3.4 SHOULD NOT | Four.\n");
  EXPECT_TRUE(map.errors.empty());
  ASSERT_EQ(map.clauses.size(), 4u);
  EXPECT_EQ(map.clauses[0].tests, (std::vector<std::string>{"Suite.First", "Suite.Second"}));
  EXPECT_EQ(map.clauses[1].standing, Standing::kDeviation);
  EXPECT_EQ(map.clauses[1].level, "MUST NOT");
  EXPECT_EQ(map.clauses[2].reason, "no such thing");
  EXPECT_EQ(map.clauses[3].standing, Standing::kOpen);
  EXPECT_EQ(totals(map.clauses, "", true).total, 2);
  EXPECT_EQ(totals(map.clauses, "rfc1", false).open, 1);
  EXPECT_EQ(totals(map.clauses, "rfc2", false).total, 0);
}

TEST(ClauseMap, SeesWhatIsThereTwice) {
  EXPECT_EQ(read("A-1 3 MUST | One.\nA-1 3 MUST | Again.\n").errors.size(), 1u);
  EXPECT_EQ(read("A-1 3 MUST | One.\n  shown A.B\n  deviation too\n").errors.size(), 1u);
}

TEST(ClauseMap, SeesWhatIsMalformed) {
  EXPECT_EQ(read("A-1 3 MAY | One.\n").errors.size(), 1u);
  EXPECT_EQ(read("A-1 3 MUST One.\n").errors.size(), 1u);
  EXPECT_EQ(read("  shown A.B\n").errors.size(), 1u);
  EXPECT_EQ(read("A-1 3 MUST | One.\n  shown\n").errors.size(), 1u);
  EXPECT_EQ(read("A-1 3 MUST | One.\n  deviation\n").errors.size(), 1u);
  EXPECT_EQ(read("A-1 3 MUST | One.\n  perhaps\n").errors.size(), 1u);
}

TEST(ClauseMap, SeesTestsThatDoNotExist) {
  std::istringstream list("Suite.\n  First\nAll/Suite.  # TypeParam = int\n  Case/0  # GetParam() = 1\n  Case/1\n");
  const std::set<std::string> known = parse_test_list(list);
  EXPECT_EQ(known, (std::set<std::string>{"Suite.First", "All/Suite.Case/0", "All/Suite.Case/1"}));
  ClauseMap good = read("A-1 3 MUST | One.\n  shown Suite.First All/Suite.Case/*\n");
  check_tests(known, good);
  EXPECT_TRUE(good.errors.empty());
  ClauseMap bad = read("A-1 3 MUST | One.\n  shown Suite.Second All/Suite.Other/*\n");
  check_tests(known, bad);
  EXPECT_EQ(bad.errors.size(), 2u);
}

TEST(ClauseMap, PageHidesNothingThatIsOpen) {
  const std::string text = page(read("A-1 3 MUST | One.\nA-2 3 SHOULD | Two.\n  shown A.B\n").clauses);
  EXPECT_NE(text.find("| A-1 | 3 | MUST | One. | **open** |"), std::string::npos);
  EXPECT_NE(text.find("| A-2 | 3 | SHOULD | Two. | `A.B` |"), std::string::npos);
  EXPECT_NE(text.find("| all | 1 | 0 | 0 | 0 | 1 | 1 | 1 | 0 | 0 | 0 |"), std::string::npos);
}

}  // namespace
}  // namespace sockwire::conformance
