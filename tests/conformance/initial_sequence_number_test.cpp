// SPDX-License-Identifier: Apache-2.0
// RFC 9293 3.4.1 (MUST-8, SHLD-1, MUST-9), RFC 6528 3: a clock of 4 microseconds plus a keyed function of the whole
// tuple.
#include <gtest/gtest.h>

#include "host/tcp/isn.hpp"
#include "states.hpp"

namespace sockwire::tcp::test {
namespace {

constexpr Endpoint kLocal{IpAddress::from_ipv4(0x0a000001), 1000};
constexpr Endpoint kRemote{IpAddress::from_ipv4(0x0a000002), 80};
const IsnGenerator kGenerator(SipHashKey{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16});

TEST(Rfc9293, InitialSequenceNumberFollowsAClock) {
  const TimePoint start{1s};
  const SeqNum first = kGenerator.iss(kLocal, kRemote, start);
  EXPECT_EQ(kGenerator.iss(kLocal, kRemote, start + 4us) - first, 1u);
  EXPECT_EQ(kGenerator.iss(kLocal, kRemote, start + 1s) - first, 250000u);
}

TEST(Rfc9293, InitialSequenceNumberNeedsTheKey) {
  const IsnGenerator other(SipHashKey{2});
  const TimePoint now{1s};
  EXPECT_NE(kGenerator.iss(kLocal, kRemote, now), other.iss(kLocal, kRemote, now));
  Endpoint changed = kRemote;
  ++changed.port;
  EXPECT_NE(kGenerator.iss(kLocal, kRemote, now), kGenerator.iss(kLocal, changed, now));
}

}  // namespace
}  // namespace sockwire::tcp::test
