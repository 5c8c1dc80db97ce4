// SPDX-License-Identifier: Apache-2.0
#include "host/stack/counters.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace sockwire::stack {
namespace {

TEST(StackCounters, EachHasARowWithItsOwnNameAndMeaning) {
  EXPECT_EQ(std::size(kCounterRows) * sizeof(std::uint64_t), sizeof(Counters));
  std::set<std::string> names;
  Counters counters;
  for (const CounterRow& row : kCounterRows) {
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    EXPECT_GT(std::string(row.meaning).size(), 3u) << row.name;
    EXPECT_EQ(counters.*row.value, 0u) << row.name;
    ++(counters.*row.value);
  }
}

}  // namespace
}  // namespace sockwire::stack
