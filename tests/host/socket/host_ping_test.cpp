// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tests/host/socket/fake_wire.hpp"

namespace sockwire {
namespace {

using namespace std::chrono_literals;
using test::Pair;

TEST(HostPing, AnswerHasItsTime) {
  Pair pair;
  const auto reply = pair.near.ping(Ipv4Address(10, 0, 0, 2), 1, 56, 1s);
  ASSERT_TRUE(reply) << reply.error().message;
  EXPECT_EQ(reply->from, Ipv4Address(10, 0, 0, 2));
  EXPECT_EQ(reply->sequence, 1);
  EXPECT_EQ(reply->ttl, 64);
  EXPECT_EQ(reply->bytes, 64u);
  // 5 us of cable each way, and the 98-byte answer with preamble, FCS and gap at 1 Gb/s. The far side asks for our
  // address first only if it did not learn it from our own request, as RFC 826 has it.
  EXPECT_EQ(reply->rtt, Duration(10us + 8ns * (98 + 24)));
}

TEST(HostPing, NobodyThere) {
  Pair pair;
  const auto reply = pair.near.ping(Ipv4Address(10, 0, 0, 9), 1, 56, 10s);
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, SocketErrc::kHostUnreachable);
}

TEST(HostPing, TimesOut) {
  Pair pair;
  ASSERT_TRUE(pair.near.ping(Ipv4Address(10, 0, 0, 2), 1, 56, 1s));
  pair.far_port.lose = [](const auto&) { return true; };
  const auto reply = pair.near.ping(Ipv4Address(10, 0, 0, 2), 2, 56, 1s);
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, SocketErrc::kExpired);
}

TEST(HostPing, NoRoute) {
  Pair pair;
  EXPECT_EQ(pair.near.ping(Ipv4Address(192, 0, 2, 1), 1, 56, 1s).error().code, SocketErrc::kNetworkUnreachable);
}

TEST(HostPing, LargestFrameComesBackWhole) {
  Pair pair;
  const auto reply = pair.near.ping(Ipv4Address(10, 0, 0, 2), 3, 1472, 1s);
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->bytes, 1480u);
}

}  // namespace
}  // namespace sockwire
