// SPDX-License-Identifier: Apache-2.0
#include "host/socket/socket_table.hpp"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace sockwire {
namespace {

// POSIX, "file descriptor allocation": the lowest that is free.
TEST(SocketTable, GivesTheLowestFreeRow) {
  SocketTable table(4);
  EXPECT_EQ(table.add(), 0);
  EXPECT_EQ(table.add(), 1);
  EXPECT_EQ(table.add(), 2);
  table.remove(1);
  EXPECT_EQ(table.find(1), nullptr);
  EXPECT_EQ(table.add(), 1);
}

TEST(SocketTable, GivesTheLowestFreeRowWhateverWasFreed) {
  const std::uint64_t seed = 3;
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  SocketTable table(50);
  std::set<int> free;
  for (int row = 0; row < 50; ++row) free.insert(row);
  for (int turn = 0; turn < 5000; ++turn) {
    const int row = static_cast<int>(random() % 50);
    if (random() % 2 == 0) {
      table.remove(row);
      free.insert(row);
    } else {
      ASSERT_EQ(table.add(), free.empty() ? std::nullopt : std::optional(*free.begin())) << "turn " << turn;
      if (!free.empty()) free.erase(free.begin());
    }
  }
}

TEST(SocketTable, IsBounded) {
  SocketTable table(2);
  EXPECT_TRUE(table.add());
  EXPECT_TRUE(table.add());
  EXPECT_FALSE(table.add());
  table.remove(0);
  EXPECT_EQ(table.add(), 0);
}

TEST(SocketTable, FindsTheRowOfAConnection) {
  SocketTable table(4);
  const int row = *table.add();
  EXPECT_EQ(table.find_connection(7), nullptr);
  table.bind_connection(row, 7);
  EXPECT_EQ(table.find_connection(7), table.find(row));
  EXPECT_EQ(table.descriptor_of(7), row);
  table.remove(row);
  EXPECT_EQ(table.descriptor_of(7), -1);
}

TEST(SocketTable, KnowsNoRowOutsideItself) {
  SocketTable table(4);
  EXPECT_EQ(table.find(-1), nullptr);
  EXPECT_EQ(table.find(0), nullptr);
}

}  // namespace
}  // namespace sockwire
