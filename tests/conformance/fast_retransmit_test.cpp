// SPDX-License-Identifier: Apache-2.0
// RFC 5681 3.2: two duplicates release new data, the third sends the lost segment again and halves, further ones
// inflate, and the ACK of new data deflates.
#include <gtest/gtest.h>

#include "states.hpp"

namespace sockwire::tcp::test {
namespace {

class FastRetransmit : public ::testing::Test {
 protected:
  void SetUp() override {
    lone.establish();
    lone.send(text(20 * kMss));
    lone.take();
  }
  void duplicates(int count) {
    for (int i = 0; i < count; ++i) lone.receive(kTheirs, kOurs);
  }
  Lone lone;
};

TEST_F(FastRetransmit, FirstTwoDuplicatesReleaseOneNewSegmentEach) {
  for (std::uint32_t i = 0; i < 2; ++i) {
    duplicates(1);
    const auto out = lone.take();
    ASSERT_EQ(out.size(), 1u);
    EXPECT_EQ(out[0].seq, kOurs + (10 + i) * kMss);
    EXPECT_EQ(out[0].payload_bytes, kMss);
    EXPECT_EQ(lone->info().cwnd_bytes, 10 * kMss) << "the window itself stays";
  }
}

TEST_F(FastRetransmit, ThirdDuplicateSendsTheLostSegmentAgain) {
  duplicates(2);
  lone.take();
  duplicates(1);
  const auto out = lone.take();
  ASSERT_FALSE(out.empty());
  EXPECT_EQ(out[0].seq, kOurs);
  EXPECT_EQ(out[0].payload_bytes, kMss);
  EXPECT_EQ(lone->info().ssthresh_bytes, 5 * kMss) << "half of the flight, limited transmit left out";
}

// Step 4, as RFC 6675 and RFC 6937 have it: not the window grows, what is in the network becomes less.
TEST_F(FastRetransmit, FurtherDuplicatesMakeRoom) {
  lone.room = 0;  // nothing new goes
  duplicates(3);
  const std::uint32_t before = lone->info().in_flight_bytes;
  duplicates(2);
  EXPECT_EQ(lone->info().in_flight_bytes, before - 2 * kMss);
}

TEST_F(FastRetransmit, InflatedWindowReleasesNewData) {
  duplicates(3);
  lone.take();
  duplicates(5);
  const auto out = lone.take();
  ASSERT_FALSE(out.empty());
  for (const Transmit& transmit : out) EXPECT_FALSE(transmit.retransmission);
}

TEST_F(FastRetransmit, AckOfEverythingDeflates) {
  duplicates(8);
  lone.receive(kTheirs, lone->snd_nxt());
  EXPECT_FALSE(lone->info().in_recovery);
  EXPECT_LE(lone->info().cwnd_bytes, lone->info().ssthresh_bytes);
}

}  // namespace
}  // namespace sockwire::tcp::test
