// SPDX-License-Identifier: Apache-2.0
// What an idle connection costs: all that is allocated for one end of it, allocator's overhead included.
#include <gtest/gtest.h>

#include "tests/host/stack/counted_memory.hpp"
#include "tests/host/stack/many_connections.hpp"

namespace sockwire::stack {
namespace {

using namespace std::chrono_literals;
using sockwire::test::held_bytes;

constexpr std::size_t kTargetBytes = 512;

TEST(IdleMemory, AConnectionThatWasUsedAndIsIdleCostsNoMoreThanTheTarget) {
  constexpr std::size_t kConnections = 2000;
  test::ManyConnections many(3);
  many.open(50);  // what every stack has once
  const std::size_t before = held_bytes();
  many.open(kConnections);
  ASSERT_EQ(many.exchange(3000), 2 * 3000 * (kConnections + 50));
  const std::size_t used = held_bytes() - before;
  many.pass(20s);
  const double each = static_cast<double>(held_bytes() - before) / (2 * kConnections);
  RecordProperty("idle_bytes", static_cast<int>(each));
  EXPECT_LE(each, kTargetBytes);
  EXPECT_GT(each, 100) << "what is measured cannot be so small";
  EXPECT_GT(used, held_bytes() - before);
  std::printf("used a moment ago %.0f, idle %.0f bytes\n", static_cast<double>(used) / (2 * kConnections), each);
}

TEST(IdleMemory, ItGoesOnWhereItWas) {
  test::ManyConnections many(1);
  many.open(20);
  for (int turn = 0; turn < 5; ++turn) {
    ASSERT_EQ(many.exchange(50'000), 2 * 50'000u * 20) << turn;
    many.pass(20s);
    for (const ConnectionId id : many.near()) {
      const tcp::Connection& connection = *many.pair().near().tcp().connection(id);
      ASSERT_TRUE(connection.resting());
      EXPECT_EQ(connection.info().bytes_received, 50'000u * (static_cast<unsigned>(turn) + 1));
    }
  }
}

}  // namespace
}  // namespace sockwire::stack
