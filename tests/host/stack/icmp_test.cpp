// SPDX-License-Identifier: Apache-2.0
#include "host/stack/icmp.hpp"

#include <gtest/gtest.h>

#include "tests/host/stack/packets.hpp"

namespace sockwire::stack {
namespace {

using test::Bench;
using namespace std::chrono_literals;
using test::operator+;
using test::Bytes;
using test::kOurMac;
using test::kOurs;
using test::kPeer;
using test::kPeerMac;

Bytes echo_request(const Bytes& data) { return test::icmp(8, 0, test::be16(0x1234) + test::be16(7) + data); }

// RFC 792, echo reply: addresses swapped, type 0, the rest as it came.
TEST(Icmp, EchoIsAnswered) {
  Bench bench;
  bench.know_peer();
  bench.receive(test::ethernet(test::ipv4(1, echo_request({1, 2, 3}))));
  const auto frames = bench.frames();
  ASSERT_EQ(frames.size(), 1u);
  const Bytes& frame = frames[0].bytes;
  EXPECT_EQ(MacAddress::from_bytes(frame.data()), kPeerMac);
  EXPECT_EQ(load_be32(&frame[14 + 16]), kPeer.value());
  EXPECT_EQ(load_be32(&frame[14 + 12]), kOurs.value());
  EXPECT_EQ(load_be16(&frame[16]), 20 + 11);
  const Bytes expected = Bytes{0, 0, 0, 0, 0x12, 0x34, 0, 7, 1, 2, 3};
  EXPECT_EQ(Bytes(frame.begin() + 34, frame.end()), expected);
  // The card fills the checksum in: where, and over what.
  EXPECT_TRUE(frames[0].insert_l3);
  EXPECT_TRUE(frames[0].insert_l4);
  EXPECT_EQ(frames[0].l3_offset, 14);
  EXPECT_EQ(frames[0].l4_offset, 34);
  EXPECT_EQ(frames[0].checksum_offset, 36);
  EXPECT_EQ(frames[0].pseudo_sum, 0) << "ICMP has no pseudo header";
}

TEST(Icmp, BadChecksumIsDropped) {
  Bench bench;
  Bytes message = echo_request({1, 2, 3});
  message[9] ^= 1;
  bench.receive(test::ethernet(test::ipv4(1, message)));
  EXPECT_EQ(bench.stack.counters().icmp_checksum, 1u);
  EXPECT_TRUE(bench.frames().empty());
}

// RFC 1122 3.2.2.6: an echo request to a broadcast address may be discarded.
TEST(Icmp, BroadcastEchoIsNotAnswered) {
  Bench bench;
  test::IpOptions options;
  options.destination = Ipv4Address(10, 0, 0, 255);
  bench.receive(test::ethernet(test::ipv4(1, echo_request({}), options), 0x0800, MacAddress::broadcast()));
  EXPECT_EQ(bench.stack.counters().icmp_echo_broadcast, 1u);
  EXPECT_TRUE(bench.frames().empty());
}

TEST(Icmp, PingMeasuresFromDepartureToArrival) {
  Bench bench;
  bench.know_peer();
  ASSERT_TRUE(bench.stack.icmp().send_echo(bench.now, kPeer, 5, 4));
  const auto frames = bench.frames();
  ASSERT_EQ(frames.size(), 1u);
  ASSERT_TRUE(frames[0].report);
  bench.stack.on_sent(bench.now, *frames[0].report, bench.now + 30us);
  bench.now += 100us;
  Bytes reply(frames[0].bytes.begin() + 34, frames[0].bytes.end());
  reply[0] = 0;
  bench.receive(test::ethernet(test::ipv4(1, test::icmp(0, 0, Bytes(reply.begin() + 4, reply.end())))));
  const auto event = bench.stack.icmp().poll_event();
  ASSERT_TRUE(event);
  EXPECT_EQ(event->kind, EchoEvent::Kind::kReply);
  EXPECT_EQ(event->rtt, Duration(70us));
  EXPECT_EQ(event->sequence, 5);
  EXPECT_EQ(event->bytes, 12u);
  EXPECT_EQ(event->ttl, 64);
}

TEST(Icmp, ReplyThatNobodyWaitsForIsCounted) {
  Bench bench;
  bench.receive(test::ethernet(test::ipv4(1, test::icmp(0, 0, test::be16(1) + test::be16(1)))));
  EXPECT_EQ(bench.stack.counters().icmp_echo_unmatched, 1u);
  EXPECT_FALSE(bench.stack.icmp().poll_event());
}

// RFC 1122 4.1.3.1: a datagram to a port where nobody listens is answered with "port unreachable", which quotes the IP
// header and at least 8 bytes (RFC 792).
TEST(Icmp, ClosedUdpPortIsUnreachable) {
  Bench bench;
  bench.know_peer();
  const Bytes packet = test::ipv4(17, test::udp(1000, 2000, {1, 2, 3, 4}));
  bench.receive(test::ethernet(packet));
  const auto frames = bench.frames();
  ASSERT_EQ(frames.size(), 1u);
  const Bytes expected = Bytes{3, 3, 0, 0, 0, 0, 0, 0} + packet;
  EXPECT_EQ(Bytes(frames[0].bytes.begin() + 34, frames[0].bytes.end()), expected);
  EXPECT_EQ(bench.stack.counters().udp_no_port, 1u);
  EXPECT_EQ(bench.stack.counters().icmp_errors_out, 1u);
}

// RFC 1122 3.2.2.1.
TEST(Icmp, UnknownProtocolIsUnreachable) {
  Bench bench;
  bench.know_peer();
  bench.receive(test::ethernet(test::ipv4(99, Bytes(16))));
  const auto frames = bench.frames();
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_EQ(frames[0].bytes[34], 3);
  EXPECT_EQ(frames[0].bytes[35], 2);
  EXPECT_EQ(bench.stack.counters().ipv4_protocol, 1u);
}

// RFC 1122 3.2.2: no error about a broadcast.
TEST(Icmp, BroadcastsCauseNoErrors) {
  Bench bench;
  test::IpOptions options;
  options.destination = Ipv4Address(255, 255, 255, 255);
  bench.receive(
      test::ethernet(test::ipv4(17, test::udp(67, 68, Bytes(8), false), options), 0x0800, MacAddress::broadcast()));
  EXPECT_EQ(bench.stack.counters().udp_no_port, 1u);
  EXPECT_TRUE(bench.frames().empty());
}

// RFC 1812 4.3.2.8.
TEST(Icmp, ErrorsAreLimited) {
  Bench bench;
  bench.know_peer();
  const Bytes frame = test::ethernet(test::ipv4(17, test::udp(1000, 2000, {1})));
  for (int i = 0; i < 25; ++i) bench.receive(frame);
  EXPECT_EQ(bench.frames().size(), 10u);
  EXPECT_EQ(bench.stack.counters().icmp_errors_limited, 15u);
  bench.now += 100ms;
  bench.receive(frame);
  EXPECT_EQ(bench.frames().size(), 1u) << "ten a second";
}

TEST(Icmp, UnreachableEndsThePing) {
  Bench bench;
  bench.know_peer();
  const Ipv4Address away(192, 0, 2, 9);
  bench.receive(test::ethernet(test::arp(1, kPeerMac, Ipv4Address(10, 0, 0, 254), MacAddress(), kOurs), 0x0806));
  (void)bench.frames();
  ASSERT_TRUE(bench.stack.icmp().send_echo(bench.now, away, 6, 8));
  const auto frames = bench.frames();
  ASSERT_EQ(frames.size(), 1u);
  const Bytes original(frames[0].bytes.begin() + 14, frames[0].bytes.begin() + 14 + 28);
  test::IpOptions router;
  router.source = Ipv4Address(10, 0, 0, 254);
  bench.receive(test::ethernet(test::ipv4(1, test::icmp(3, 1, Bytes(4) + original), router)));
  const auto event = bench.stack.icmp().poll_event();
  ASSERT_TRUE(event);
  EXPECT_EQ(event->kind, EchoEvent::Kind::kUnreachable);
  EXPECT_EQ(event->from, router.source);
}

TEST(Icmp, UnansweredArpEndsThePing) {
  Bench bench;
  ASSERT_TRUE(bench.stack.icmp().send_echo(bench.now, kPeer, 1, 8));
  for (int i = 0; i < 3; ++i) bench.pass(1s);
  const auto event = bench.stack.icmp().poll_event();
  ASSERT_TRUE(event);
  EXPECT_EQ(event->kind, EchoEvent::Kind::kNoNeighbour);
}

}  // namespace
}  // namespace sockwire::stack
