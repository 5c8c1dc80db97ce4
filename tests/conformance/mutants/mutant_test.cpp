// SPDX-License-Identifier: Apache-2.0
#include "mutant.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "coverage.hpp"

namespace sockwire::conformance {
namespace {

std::vector<std::string> errors_of(const std::string& text) {
  std::vector<std::string> errors;
  std::istringstream in(text);
  (void)read_mutants(in, errors);
  return errors;
}

TEST(Mutants, AreReadWithTextsOfSeveralLines) {
  std::vector<std::string> errors;
  std::istringstream in("# comment\nmutant m\nfile f.cpp\nold a\nold   b\nnew\nnew c\ntest A.B\ntest C.D\n");
  const auto mutants = read_mutants(in, errors);
  EXPECT_TRUE(errors.empty());
  ASSERT_EQ(mutants.size(), 1u);
  EXPECT_EQ(mutants[0].old_text, "a\n  b");
  EXPECT_EQ(mutants[0].new_text, "\nc");
  EXPECT_EQ(mutants[0].program, "conformance_test");
  EXPECT_EQ(mutants[0].tests, (std::vector<std::string>{"A.B", "C.D"}));
}

TEST(Mutants, MistakesAreSeen) {
  EXPECT_EQ(errors_of("file f.cpp\n").size(), 1u);
  EXPECT_EQ(errors_of("mutant m\nfile f.cpp\nold a\nnew b\n").size(), 1u) << "no test";
  EXPECT_EQ(errors_of("mutant m\nfile f.cpp\nold a\nnew a\ntest A.B\n").size(), 1u) << "no change";
  EXPECT_EQ(errors_of("mutant m\nfile f.cpp\nold a\nnew b\ntest A.B\nwhat\n").size(), 1u);
  const std::string one = "mutant m\nfile f.cpp\nold a\nnew b\ntest A.B\n";
  EXPECT_EQ(errors_of(one + one).size(), 2u) << "the same name";
}

TEST(Mutants, TestsWithoutOneAreSeen) {
  EXPECT_TRUE(filter_takes("A.B", "A.B"));
  EXPECT_FALSE(filter_takes("A.B", "A.BC"));
  EXPECT_TRUE(filter_takes("X.Y:All/A.B/*", "All/A.B/3"));
  Mutant mutant;
  mutant.tests = {"A.B", "C.*"};
  EXPECT_EQ(without_mutant({"A.B", "C.D", "E.F"}, "conformance_test", {mutant}), std::vector<std::string>{"E.F"});
  EXPECT_EQ(without_mutant({"A.B"}, "tcp_test", {mutant}), std::vector<std::string>{"A.B"}) << "of another program";
}

TEST(Mutants, OldTextMustStandThereOnce) {
  Mutant mutant;
  mutant.old_text = "b";
  mutant.new_text = "xx";
  EXPECT_EQ(mutate("abc", mutant), "axxc");
  EXPECT_FALSE(mutate("ac", mutant));
  EXPECT_FALSE(mutate("abcb", mutant));
}

}  // namespace
}  // namespace sockwire::conformance
