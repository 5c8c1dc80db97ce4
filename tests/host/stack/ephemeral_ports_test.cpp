// SPDX-License-Identifier: Apache-2.0
#include "host/stack/ephemeral_ports.hpp"

#include <gtest/gtest.h>

#include <set>

#include "host/base/ipv4_address.hpp"

namespace sockwire::stack {
namespace {

const IpAddress kLocal = Ipv4Address(10, 0, 0, 1);
const tcp::Endpoint kRemote{Ipv4Address(10, 0, 0, 2), 80};

TEST(EphemeralPorts, FindsTheLastFreePort) {
  EphemeralPorts ports({1});
  EXPECT_EQ(ports.choose(kLocal, kRemote, [](std::uint16_t port) { return port != 50000; }), 50000);
  EXPECT_FALSE(ports.choose(kLocal, kRemote, [](std::uint16_t) { return true; }));
}

// RFC 6056 3.3.3: ports to one peer go up one by one, so that each comes again as late as possible.
TEST(EphemeralPorts, DoesNotRepeatBeforeAllWereUsed) {
  EphemeralPorts ports({2});
  std::set<std::uint16_t> seen;
  for (std::uint32_t i = 0; i < kEphemeralPorts; ++i) {
    const auto port = ports.choose(kLocal, kRemote, [](std::uint16_t) { return false; });
    ASSERT_TRUE(port);
    EXPECT_GE(*port, kFirstEphemeralPort);
    seen.insert(*port);
  }
  EXPECT_EQ(seen.size(), kEphemeralPorts);
}

// RFC 6056 3.3.3: without the key, what one peer sees tells nothing about another's ports.
TEST(EphemeralPorts, DependOnKeyAndPeer) {
  const auto any = [](std::uint16_t) { return false; };
  const auto first = [&](const tcp::SipHashKey& key, const tcp::Endpoint& remote) {
    return EphemeralPorts(key).choose(kLocal, remote, any);
  };
  EXPECT_NE(first({1}, kRemote), first({2}, kRemote));
  EXPECT_NE(first({1}, kRemote), first({1}, {kRemote.address, 81}));
  EXPECT_EQ(first({1}, kRemote), first({1}, kRemote));
}

}  // namespace
}  // namespace sockwire::stack
