// SPDX-License-Identifier: Apache-2.0
// RFC 9293 3.8.6.3 and 3.10.7.4 (MUST-58, MUST-59): one ACK for all that is queued, after all of it was processed; it
// rides on data.
#include <gtest/gtest.h>

#include "states.hpp"

namespace sockwire::tcp::test {
namespace {

TEST(Rfc9293, QueuedSegmentsShareOneAck) {
  Lone lone;
  lone.establish();
  const std::string data = text(kMss);
  for (std::uint32_t i = 0; i < 8; ++i) {
    Segment segment = lone.segment(kTheirs + i * kMss, kOurs, wire::kTcpAckFlag);
    segment.payload = {reinterpret_cast<const std::uint8_t*>(data.data()), data.size()};
    lone->on_segment(lone.now, segment);
  }
  lone.pump();
  const auto out = lone.take();
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(out[0].ack, kTheirs + 8 * kMss);
}

TEST(Rfc9293, AckRidesOnData) {
  Lone lone;
  lone.establish();
  lone.receive(kTheirs, kOurs, 0, "ping");
  lone.send("pong");
  const auto out = lone.take();
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(out[0].ack, kTheirs + 4);
}

}  // namespace
}  // namespace sockwire::tcp::test
