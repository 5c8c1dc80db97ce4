// SPDX-License-Identifier: Apache-2.0
// RFC 9293 3.8.6.2.2 (MUST-39): the right edge moves by a segment or by half of the buffer, not by less.
#include <gtest/gtest.h>

#include "states.hpp"

namespace sockwire::tcp::test {
namespace {

TEST(Rfc9293, RightEdgeStaysUntilASegmentIsFree) {
  Lone lone;
  lone.establish();
  lone.receive(kTheirs, kOurs, 0, text(65535));
  const SeqNum edge = kTheirs + 65535;
  std::array<std::uint8_t, 100> some;
  std::uint32_t read = 0;
  while (read < 4 * kMss) {
    lone->recv(lone.now, some);
    read += 100;
    lone.receive(kTheirs + 65535, kOurs, 0, "?");  // makes it say its window
    for (const Transmit& transmit : lone.take()) {
      const SeqNum now_edge = transmit.ack + transmit.window;
      EXPECT_TRUE(now_edge == edge || now_edge >= edge + kMss) << "after " << read << " bytes";
    }
  }
  EXPECT_GT(lone->info().rcv_wnd_bytes, 0u);
}

TEST(Rfc9293, HalfOfASmallBufferIsEnough) {
  Lone lone;
  lone.config.receive_buffer_bytes = 1024;
  lone.establish();
  lone.receive(kTheirs, kOurs, 0, text(1024));
  lone.take();
  std::array<std::uint8_t, 511> some;
  lone->recv(lone.now, some);
  EXPECT_EQ(lone->info().rcv_wnd_bytes, 0u);
  lone->recv(lone.now, {some.data(), 1});
  EXPECT_EQ(lone->info().rcv_wnd_bytes, 512u);
}

}  // namespace
}  // namespace sockwire::tcp::test
