// SPDX-License-Identifier: Apache-2.0
// RFC 9293 3.9.2.2 (MUST-56): a soft ICMP error does not end a connection.
#include <gtest/gtest.h>

#include "states.hpp"

namespace sockwire::tcp::test {
namespace {

TEST(Rfc9293, SoftErrorDoesNotEndAConnection) {
  for (const State state : kSynchronized) {
    Lone lone;
    reach(lone, state);
    lone->on_unreachable(lone.now);
    lone.pump();
    EXPECT_EQ(lone->state(), state);
    EXPECT_TRUE(lone.take_events().empty());
  }
}

}  // namespace
}  // namespace sockwire::tcp::test
