// SPDX-License-Identifier: Apache-2.0
#include "host/stack/path_mtu.hpp"

#include <gtest/gtest.h>

#include "host/base/ipv4_address.hpp"

namespace sockwire::stack {
namespace {

using namespace std::chrono_literals;

const IpAddress kFar = Ipv4Address(192, 0, 2, 1);
const IpAddress kFar6 = *IpAddress::parse("2001:db8::1");
constexpr TimePoint kStart{};

// RFC 1191 3 and 6.3: lowered by what a router says, raised to the link's when that is ten minutes old.
TEST(PathMtu, IsLoweredAndAges) {
  PathMtuCache cache;
  EXPECT_EQ(cache.get(kStart, kFar, 1500), 1500);
  EXPECT_EQ(cache.lower(kStart, kFar, 1400, 1500), 1400);
  EXPECT_EQ(cache.get(kStart + 10min - 1ns, kFar, 1500), 1400);
  EXPECT_EQ(cache.get(kStart + 10min, kFar, 1500), 1500);
  EXPECT_EQ(cache.get(kStart, kFar6, 1500), 1500) << "another destination";
}

// RFC 8201 4: a packet too big message never raises the estimate.
TEST(PathMtu, IsNeverRaised) {
  PathMtuCache cache;
  EXPECT_EQ(cache.lower(kStart, kFar, 1500, 1500), 0);
  EXPECT_EQ(cache.lower(kStart, kFar, 1400, 1500), 1400);
  EXPECT_EQ(cache.lower(kStart, kFar, 1450, 1500), 0);
  EXPECT_EQ(cache.get(kStart, kFar, 1500), 1400);
  EXPECT_EQ(cache.get(kStart, kFar, 1300), 1300) << "never more than the link";
}

// RFC 8201 4: less than 1280 is not IPv6.
TEST(PathMtu, HasALeastThatIsBelieved) {
  PathMtuCache cache;
  EXPECT_EQ(cache.lower(kStart, kFar, 68, 1500), kMinIpv4PathMtu);
  EXPECT_EQ(cache.lower(kStart, kFar6, 68, 1500), 1280);
}

TEST(PathMtu, IsBounded) {
  PathMtuCache cache(0, 2);
  EXPECT_EQ(cache.lower(kStart, kFar, 1400, 1500), 1400);
  EXPECT_EQ(cache.lower(kStart + 1s, kFar6, 1400, 1500), 1400);
  EXPECT_EQ(cache.lower(kStart + 2s, Ipv4Address(192, 0, 2, 2), 1400, 1500), 1400);
  EXPECT_EQ(cache.size(), 2u);
  EXPECT_EQ(cache.get(kStart + 2s, kFar, 1500), 1500) << "the oldest";
  EXPECT_EQ(cache.get(kStart + 2s, kFar6, 1500), 1400);
}

// RFC 1191 table 7-1.
TEST(PathMtu, PlateausAreThoseOfTheRfc) {
  EXPECT_EQ(next_plateau_below(1500), 1492);
  EXPECT_EQ(next_plateau_below(1492), 1006);
  EXPECT_EQ(next_plateau_below(576), 508);
  EXPECT_EQ(next_plateau_below(296), 68);
}

}  // namespace
}  // namespace sockwire::stack
