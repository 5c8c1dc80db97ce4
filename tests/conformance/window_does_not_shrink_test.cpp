// SPDX-License-Identifier: Apache-2.0
// RFC 9293 3.8.6 (SHLD-14): the right edge that was announced is never taken back.
#include <gtest/gtest.h>

#include "states.hpp"

namespace sockwire::tcp::test {
namespace {

TEST(Rfc9293, RightEdgeIsNeverTakenBack) {
  Lone lone;
  lone.config.receive_buffer_bytes = 16384;
  lone.establish();
  SeqNum edge = kTheirs;
  SeqNum next = kTheirs;
  std::array<std::uint8_t, 700> some;
  for (int i = 0; i < 400; ++i) {
    const std::size_t bytes =
        std::min<std::size_t>(1 + (static_cast<std::size_t>(i) * 37) % kMss, lone->info().rcv_wnd_bytes);
    if (bytes > 0) lone.receive(next, kOurs, 0, text(bytes));
    next += static_cast<std::uint32_t>(bytes);
    if (i % 3 != 0) lone->recv(lone.now, some);
    lone.pump();
    for (const Transmit& transmit : lone.take()) {
      const SeqNum now_edge = transmit.ack + transmit.window;
      ASSERT_GE(now_edge.value(), edge.value()) << "step " << i;
      edge = now_edge;
    }
  }
  EXPECT_GT(edge, kTheirs + 65536) << "it moved on";
}

}  // namespace
}  // namespace sockwire::tcp::test
