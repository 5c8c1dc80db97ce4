// SPDX-License-Identifier: Apache-2.0
// RFC 5681 3.1, RFC 6928 2: the first window is ten segments, the handshake does not let it grow, and ssthresh begins
// high.
#include <gtest/gtest.h>

#include "states.hpp"

namespace sockwire::tcp::test {
namespace {

TEST(Rfc5681, HandshakeLeavesTheInitialWindow) {
  Lone lone;
  lone.establish();
  EXPECT_EQ(lone->info().cwnd_bytes, 10 * kMss);
  EXPECT_EQ(lone->info().ssthresh_bytes, UINT32_MAX);
  Lone passive;
  passive.accept();
  passive.receive(kTheirs, kOurs);
  EXPECT_EQ(passive->info().cwnd_bytes, 10 * kMss);
}

TEST(Rfc5681, CongestionWindowBoundsWhatIsInFlight) {
  Lone lone;
  lone.establish();
  lone.send(text(60000));
  EXPECT_EQ(payload_bytes(lone.take()), 10 * kMss);
}

}  // namespace
}  // namespace sockwire::tcp::test
