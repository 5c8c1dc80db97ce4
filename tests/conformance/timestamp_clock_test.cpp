// SPDX-License-Identifier: Apache-2.0
// RFC 7323 5.4 and 7.1: our clock ticks between once a second and once a millisecond, forward only, from an offset of
// its own.
#include <gtest/gtest.h>

#include "host/tcp/isn.hpp"
#include "states.hpp"

namespace sockwire::tcp::test {
namespace {

TEST(Rfc7323, TimestampClockTicksInMilliseconds) {
  Lone lone;
  lone.config.timestamps = true;
  lone.config.timestamp_offset = 0xffffffffu - 1500;  // wraps on the way
  lone.establish({1460, std::nullopt, Timestamps{1, 0}, false});
  lone->set_nodelay(lone.now, true);
  std::uint32_t last = 0;
  for (int i = 0; i < 20; ++i) {
    lone.send("a");
    const std::uint32_t tsval = lone.take().at(0).options.timestamps->tsval;
    if (i > 0) {
      EXPECT_EQ(tsval - last, 50u);
    }
    last = tsval;
    Segment ack = lone.segment(kTheirs, lone->snd_nxt(), wire::kTcpAckFlag);
    ack.options.timestamps = Timestamps{2, tsval};
    lone.deliver(ack);
    lone.advance(50ms);
  }
}

TEST(Rfc7323, TimestampOffsetIsOfThePair) {
  const IsnGenerator generator(SipHashKey{1, 2, 3});
  const Endpoint ours{IpAddress::from_ipv4(1), 1};
  EXPECT_NE(generator.timestamp_offset(ours, {IpAddress::from_ipv4(2), 1}),
            generator.timestamp_offset(ours, {IpAddress::from_ipv4(3), 1}));
}

}  // namespace
}  // namespace sockwire::tcp::test
