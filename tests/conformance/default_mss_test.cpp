// SPDX-License-Identifier: Apache-2.0
// RFC 9293 3.7.1 (MUST-15): without the option a peer takes 536 bytes over IPv4, 1220 over IPv6.
#include <gtest/gtest.h>

#include "states.hpp"

namespace sockwire::tcp::test {
namespace {

constexpr Options kNoOptions{};

TEST(Rfc9293, DefaultMssOfAnActiveOpen) {
  Lone lone;
  lone.establish(kNoOptions);
  lone.send(text(3000));
  for (const Transmit& transmit : lone.take()) EXPECT_EQ(transmit.mss, 536);
}

TEST(Rfc9293, DefaultMssOfAPassiveOpen) {
  Lone lone;
  lone.accept(kNoOptions);
  lone.receive(kTheirs, kOurs);
  EXPECT_EQ(lone->info().mss, 536u);
}

TEST(Rfc9293, DefaultMssOverIpv6) {
  const IpAddress peer({0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
  Lone lone;
  Segment syn = lone.segment(Lone::kPeer, SeqNum(0), wire::kTcpSyn);
  lone.connection = Connection::accept(lone.config, {peer, 80}, {peer, 1111}, Lone::kIss, syn, lone.now);
  EXPECT_EQ(lone->info().mss, 1220u);
}

}  // namespace
}  // namespace sockwire::tcp::test
