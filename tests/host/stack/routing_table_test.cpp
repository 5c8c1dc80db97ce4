// SPDX-License-Identifier: Apache-2.0
#include "host/stack/routing_table.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace sockwire::stack {
namespace {

using namespace std::chrono_literals;

IpAddress address(const char* text) { return *IpAddress::parse(text); }
IpPrefix prefix(const char* text) { return *IpPrefix::parse(text); }

Route route(const char* to, const char* via = nullptr, unsigned metric = 0) {
  Route made;
  made.destination = prefix(to);
  if (via != nullptr) made.gateway = address(via);
  made.metric = metric;
  return made;
}

// RFC 1812 5.2.4.3 (2): longest match.
TEST(RoutingTable, TheLongestPrefixWins) {
  RoutingTable table;
  ASSERT_TRUE(table.add(route("0.0.0.0/0", "10.0.0.254")));
  ASSERT_TRUE(table.add(route("10.0.0.0/24")));
  ASSERT_TRUE(table.add(route("10.0.0.128/25", "10.0.0.3")));
  ASSERT_TRUE(table.add(route("10.0.0.200/32", "10.0.0.4")));
  EXPECT_EQ(table.find(address("192.0.2.1"))->gateway, address("10.0.0.254"));
  EXPECT_FALSE(table.find(address("10.0.0.127"))->gateway);
  EXPECT_EQ(table.find(address("10.0.0.128"))->gateway, address("10.0.0.3"));
  EXPECT_EQ(table.find(address("10.0.0.200"))->gateway, address("10.0.0.4"));
}

TEST(RoutingTable, VersionsAreApart) {
  RoutingTable table;
  ASSERT_TRUE(table.add(route("::/0", "fe80::1")));
  EXPECT_EQ(table.find(address("10.0.0.1")), nullptr);
  EXPECT_NE(table.find(address("2001:db8::1")), nullptr);
  ASSERT_TRUE(table.add(route("0.0.0.0/0", "10.0.0.254")));
  EXPECT_EQ(table.find(address("10.0.0.1"))->gateway, address("10.0.0.254"));
  EXPECT_EQ(table.find(address("2001:db8::1"))->gateway, address("fe80::1"));
}

TEST(RoutingTable, OfEqualPrefixesTheLowerMetricWins) {
  RoutingTable table;
  ASSERT_TRUE(table.add(route("::/0", "fe80::1", 20)));
  ASSERT_TRUE(table.add(route("::/0", "fe80::2", 10)));
  ASSERT_TRUE(table.add(route("::/0", "fe80::3", 30)));
  EXPECT_EQ(table.find(address("2001:db8::1"))->gateway, address("fe80::2"));
  EXPECT_TRUE(table.remove(prefix("::/0"), address("fe80::2")));
  EXPECT_EQ(table.find(address("2001:db8::1"))->gateway, address("fe80::1"));
  EXPECT_FALSE(table.remove(prefix("::/0"), address("fe80::2"))) << "it is gone already";
}

TEST(RoutingTable, IsBoundedAndReplaces) {
  RoutingTable table(2);
  EXPECT_TRUE(table.add(route("10.0.0.0/8")));
  EXPECT_TRUE(table.add(route("10.0.0.0/16")));
  EXPECT_FALSE(table.add(route("10.0.0.0/24")));
  EXPECT_TRUE(table.add(route("10.0.0.0/16", nullptr, 7)));
  EXPECT_EQ(table.size(), 2u);
  EXPECT_EQ(table.find(address("10.0.1.1"))->metric, 7u);
}

TEST(RoutingTable, ForgetsWhatHasExpired) {
  RoutingTable table;
  Route default_route = route("::/0", "fe80::1");
  default_route.expires = TimePoint(30min);
  ASSERT_TRUE(table.add(default_route));
  ASSERT_TRUE(table.add(route("fe80::/64")));
  EXPECT_EQ(table.next_deadline(), TimePoint(30min));
  EXPECT_EQ(table.expire(TimePoint(30min) - 1ns), 0u);
  EXPECT_EQ(table.expire(TimePoint(30min)), 1u);
  EXPECT_EQ(table.find(address("2001:db8::1")), nullptr);
  EXPECT_EQ(table.next_deadline(), kNever);
}

/// What the table should say, by looking at every route.
const Route* scan(const std::vector<Route>& routes, const IpAddress& destination) {
  const Route* best = nullptr;
  for (const Route& candidate : routes) {
    if (!candidate.destination.contains(destination)) continue;
    if (best == nullptr || candidate.destination.bits > best->destination.bits) best = &candidate;
  }
  return best;
}

TEST(RoutingTable, AgreesWithALinearScan) {
  for (unsigned seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    // Addresses with few different bits, so that prefixes lie within one another.
    const auto any_address = [&] {
      std::array<std::uint8_t, 16> bytes{0x20, 0x01};
      for (std::size_t i = 2; i < 16; ++i)
        bytes[i] = static_cast<std::uint8_t>(random() % 4 == 0 ? random() & 0x81 : 0);
      if (random() % 2 == 0) return IpAddress(bytes);
      return IpAddress::from_ipv4(0x0a000000u | (random() & 0x00818181u));
    };
    RoutingTable table;
    std::vector<Route> all;
    for (int step = 0; step < 200; ++step) {
      Route made;
      const IpAddress network = any_address();
      made.destination = IpPrefix(network, static_cast<int>(random() % (network.is_ipv4() ? 33 : 129))).network();
      if (random() % 4 == 0 && !all.empty()) made.destination = all[random() % all.size()].destination;
      std::erase_if(all, [&](const Route& other) { return other.destination == made.destination; });
      if (random() % 3 == 0) {
        table.remove(made.destination, {});
      } else {
        ASSERT_TRUE(table.add(made));
        all.push_back(made);
      }
      ASSERT_EQ(table.size(), all.size());
      for (int i = 0; i < 20; ++i) {
        const IpAddress destination = any_address();
        const Route* found = table.find(destination);
        const Route* expected = scan(all, destination);
        ASSERT_EQ(found == nullptr, expected == nullptr) << to_string(destination);
        if (found != nullptr) {
          ASSERT_EQ(*found, *expected) << to_string(destination);
        }
      }
    }
  }
}

}  // namespace
}  // namespace sockwire::stack
