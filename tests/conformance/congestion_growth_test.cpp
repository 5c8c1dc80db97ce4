// SPDX-License-Identifier: Apache-2.0
// RFC 5681 3.1: slow start below ssthresh grows by what was acknowledged, congestion avoidance above it by one segment
// a round trip, and neither by an ACK of nothing new.
#include <gtest/gtest.h>

#include "states.hpp"

namespace sockwire::tcp::test {
namespace {

TEST(Rfc5681, SlowStartGrowsByWhatIsAcknowledged) {
  Lone lone;
  lone.establish();
  lone.send(text(60000));
  lone.receive(kTheirs, kOurs + kMss);
  EXPECT_EQ(lone->info().cwnd_bytes, 11 * kMss);
  lone.receive(kTheirs, kOurs + 3 * kMss);
  EXPECT_EQ(lone->info().cwnd_bytes, 13 * kMss);
}

TEST(Rfc5681, AcknowledgedNothingGrowsNothing) {
  Lone lone;
  lone.establish();
  lone.send(text(60000));
  lone.receive(kTheirs, kOurs);
  EXPECT_EQ(lone->info().cwnd_bytes, 10 * kMss);
}

/// One round trip: all that is in flight is acknowledged, segment by segment.
void round_trip(Lone& lone, SeqNum& una) {
  const SeqNum end = lone->snd_nxt();
  while (una < end) {
    una = seq_min(una + kMss, end);
    lone.receive(kTheirs, una);
    lone.send(text(4 * kMss));
  }
}

TEST(Rfc5681, AvoidanceGrowsByOneSegmentARoundTrip) {
  Lone lone;
  lone.establish();
  lone.send(text(60000));
  SeqNum una = kOurs;
  for (int i = 0; i < 3; ++i) lone.receive(kTheirs, kOurs);  // a loss: ssthresh is half of ten segments
  ASSERT_EQ(lone->info().ssthresh_bytes, 5 * kMss);
  una = lone->snd_nxt();
  lone.receive(kTheirs, una);
  lone.send(text(10 * kMss));
  while (lone->info().cwnd_bytes < lone->info().ssthresh_bytes && una < lone->snd_nxt()) {
    una += kMss;
    lone.receive(kTheirs, una);
    lone.send(text(4 * kMss));
  }
  for (int i = 0; i < 5; ++i) {
    const std::uint32_t before = lone->info().cwnd_bytes;
    round_trip(lone, una);
    const std::uint32_t grown = lone->info().cwnd_bytes - before;
    EXPECT_GE(grown, kMss / 2) << "round " << i;
    EXPECT_LE(grown, kMss) << "round " << i;
  }
}

}  // namespace
}  // namespace sockwire::tcp::test
