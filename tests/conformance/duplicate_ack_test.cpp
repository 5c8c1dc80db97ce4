// SPDX-License-Identifier: Apache-2.0
// RFC 5681 2: an ACK is a duplicate only if it brings nothing: no data, no SYN or FIN, no other window, and something
// is in flight.
#include <gtest/gtest.h>

#include "states.hpp"

namespace sockwire::tcp::test {
namespace {

TEST(Rfc5681, AckWithoutFlightIsNoDuplicate) {
  Lone lone;
  lone.establish();
  for (int i = 0; i < 5; ++i) lone.receive(kTheirs, kOurs);
  EXPECT_EQ(lone->info().dup_acks_in, 0u);
}

TEST(Rfc5681, AckWithDataIsNoDuplicate) {
  Lone lone;
  lone.establish();
  lone.send(text(8 * kMss));
  for (std::uint32_t i = 0; i < 5; ++i) lone.receive(kTheirs + i, kOurs, 0, "d");
  EXPECT_EQ(lone->info().dup_acks_in, 0u);
}

TEST(Rfc5681, WindowUpdateIsNoDuplicate) {
  Lone lone;
  lone.establish();
  lone.send(text(8 * kMss));
  for (int i = 0; i < 5; ++i) {
    --lone.peer_window;
    lone.receive(kTheirs, kOurs);
  }
  EXPECT_EQ(lone->info().dup_acks_in, 0u);
}

TEST(Rfc5681, EmptyAckWithDataInFlightIsADuplicate) {
  Lone lone;
  lone.establish();
  lone.send(text(8 * kMss));
  lone.receive(kTheirs, kOurs);
  EXPECT_EQ(lone->info().dup_acks_in, 1u);
}

}  // namespace
}  // namespace sockwire::tcp::test
