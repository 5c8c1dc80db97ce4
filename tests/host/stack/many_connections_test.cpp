// SPDX-License-Identifier: Apache-2.0
// Many connections from several addresses: opened, put to rest, closed and gone.
#include <gtest/gtest.h>

#include <set>

#include "tests/host/stack/many_connections.hpp"

namespace sockwire::stack {
namespace {

using namespace std::chrono_literals;
using test::ManyConnections;

TEST(ManyConnections, TheSamePortsServeFromEachAddress) {
  ManyConnections many(3);
  many.open(600);
  std::set<tcp::Endpoint> locals;
  for (const ConnectionId id : many.near()) {
    const tcp::Connection& connection = *many.pair().near().tcp().connection(id);
    EXPECT_EQ(connection.state(), tcp::State::kEstablished);
    locals.insert(connection.local());
  }
  EXPECT_EQ(locals.size(), 600u);
}

// RFC 6335 6: the dynamic ports of one address and one peer are 16,384. Those of a second address are as many again.
TEST(ManyConnections, WhenAnAddressHasNoPortsLeftAnotherHas) {
  ManyConnections many(1);
  many.open(16384);
  Stack& near = many.pair().near();
  const tcp::Endpoint far{test::StackPair::far_address(), ManyConnections::kPort};
  const auto refused = near.tcp().connect(many.pair().now(), {}, {}, far);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error(), OpenError::kNoPorts);
  const Ipv4Address second(10, 0, 9, 9);
  ASSERT_TRUE(near.network().add_address(many.pair().now(), IpPrefix(second, 16)));
  EXPECT_TRUE(near.tcp().connect(many.pair().now(), {}, {second, 0}, far));
}

TEST(ManyConnections, AllThatWasClosedIsGone) {
  ManyConnections many(2);
  many.open(300);
  many.exchange(1000);
  many.pass(10s);
  for (std::size_t i = 0; i < 300; ++i) {
    many.pair().near().tcp().close(many.pair().now(), many.near()[i]);
    many.pair().far().tcp().close(many.pair().now(), many.far()[i]);
  }
  many.pass(2s);
  many.pass(60s);
  for (const ConnectionId id : many.near()) EXPECT_EQ(many.pair().near().tcp().connection(id), nullptr);
  for (const ConnectionId id : many.far()) EXPECT_EQ(many.pair().far().tcp().connection(id), nullptr);
  EXPECT_EQ(many.pair().near().next_deadline(), kNever) << "no timer is left behind";
}

// Some events of one connection do not disturb the others' rest.
TEST(ManyConnections, OneWakesAlone) {
  ManyConnections many(1);
  many.open(50);
  many.pass(10s);
  many.pair().near().tcp().send(many.pair().now(), many.near()[7], test::Bytes{1, 2, 3});
  many.pair().settle();
  for (std::size_t i = 0; i < 50; ++i) {
    EXPECT_EQ(many.pair().near().tcp().connection(many.near()[i])->resting(), i != 7);
    EXPECT_EQ(many.pair().far().tcp().connection(many.far()[i])->resting(), i != 7);
  }
  EXPECT_EQ(many.pair().far().tcp().connection(many.far()[7])->readable_bytes(), 3u);
}

}  // namespace
}  // namespace sockwire::stack
