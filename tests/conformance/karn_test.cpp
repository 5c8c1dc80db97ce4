// SPDX-License-Identifier: Apache-2.0
// RFC 6298 3, RFC 9293 3.8.1 (MUST-18): what was sent twice measures nothing; otherwise every round trip is measured.
#include <gtest/gtest.h>

#include "states.hpp"

namespace sockwire::tcp::test {
namespace {

TEST(Rfc6298, RetransmittedSegmentMeasuresNothing) {
  Lone lone;
  lone.establish();
  const Duration srtt = lone->info().srtt;
  const Duration rttvar = lone->info().rttvar;
  lone.send("abc");
  lone.advance(300ms);
  lone.receive(kTheirs, kOurs + 3);
  EXPECT_EQ(lone->info().srtt, srtt);
  EXPECT_EQ(lone->info().rttvar, rttvar);
}

TEST(Rfc6298, EveryRoundTripIsMeasured) {
  Lone lone;
  lone.establish();
  for (std::uint32_t i = 1; i <= 5; ++i) {
    const Duration before = lone->info().srtt;
    lone.send(text(kMss));
    lone.advance(100ms);
    lone.receive(kTheirs, kOurs + i * kMss);
    EXPECT_GT(lone->info().srtt, before);
  }
}

TEST(Rfc6298, BackedOffTimeStaysUntilThereIsAMeasurement) {
  Lone lone;
  lone.establish();
  lone.send("abc");
  lone.advance(250ms);
  EXPECT_EQ(lone->info().rto, Duration(400ms));
  lone.receive(kTheirs, kOurs + 3);
  EXPECT_EQ(lone->info().rto, Duration(400ms)) << "without timestamps that ACK says nothing";
  lone.send("def");
  lone.advance(1ms);
  lone.receive(kTheirs, kOurs + 6);
  EXPECT_EQ(lone->info().rto, Duration(200ms));
}

}  // namespace
}  // namespace sockwire::tcp::test
