// SPDX-License-Identifier: Apache-2.0
// TCP over IPv6, several addresses, and what ICMP of both versions tells of paths.
#include <gtest/gtest.h>

#include "tests/host/stack/packets.hpp"

namespace sockwire::stack {
namespace {

using test::Bench;
using namespace std::chrono_literals;
using test::operator+;
using test::be16;
using test::be32;
using test::Bytes;
using test::ip;
using test::kOurs6;
using test::kPeer6;

constexpr std::uint8_t kSyn = 0x02;
constexpr std::uint8_t kAck = 0x10;

struct Header {
  explicit Header(const std::uint8_t* at)
      : from(load_be16(at)), to(load_be16(at + 2)), seq(load_be32(at + 4)), ack(load_be32(at + 8)), flags(at[13]) {}
  std::uint16_t from;
  std::uint16_t to;
  std::uint32_t seq;
  std::uint32_t ack;
  std::uint8_t flags;
};

Bytes segment(std::uint16_t from, std::uint16_t to, std::uint32_t seq, std::uint32_t ack, std::uint8_t flags,
              const Bytes& options = {}, const test::Ip6Options& ip6 = {}) {
  const auto offset = static_cast<std::uint8_t>((20 + options.size()) << 2);
  return test::ethernet6(
      test::ipv6(6,
                 test::with_l4_checksum6(be16(from) + be16(to) + be32(seq) + be32(ack) + Bytes{offset, flags} +
                                             be16(65535) + be16(0) + be16(0) + options,
                                         16, 6, ip6),
                 ip6));
}

const Bytes kMss1440 = {2, 4, 5, 160};

/// The value of the MSS option of a SYN.
std::uint16_t mss_in(const Bytes& frame, std::size_t l4_offset) {
  for (std::size_t i = l4_offset + 20; i + 4 <= frame.size(); i += frame[i] == 1 ? 1 : frame[i + 1]) {
    if (frame[i] == 2) return load_be16(&frame[i + 2]);
  }
  return 0;
}

/// An established connection to port 80 of the IPv6 peer, whose first byte has sequence number 501.
struct Established : Bench {
  explicit Established(const Config& config = test::config6()) : Bench(config) {
    know_peer6();
    const auto opened = stack.tcp().connect(now, {}, {}, {kPeer6, 80});
    id = *opened;
    const auto syn = frames();
    mss = mss_in(syn.at(0).bytes, syn.at(0).l4_offset);
    const Header header(syn.at(0).bytes.data() + syn.at(0).l4_offset);
    port = header.from;
    next = header.seq + 1;
    stack.on_sent(now, *syn.at(0).report, now);
    receive(segment(80, port, 500, next, kSyn | kAck, kMss1440));
    (void)frames();
  }
  /// "Packet too big" about a segment of ours (RFC 4443 3.2).
  void too_big(std::uint32_t mtu, std::uint32_t seq) {
    const Bytes original =
        test::ipv6(6, be16(port) + be16(80) + be32(seq) + Bytes(12), {.source = kOurs6, .destination = kPeer6});
    receive(test::ethernet6(test::icmpv6(2, 0, be32(mtu) + original, {.source = ip("2001:db8:ff::1")})));
  }
  /// Sends so much; the MSS that the card is told.
  std::uint16_t mss_of_next_send() {
    (void)stack.tcp().send(now, id, Bytes(4000));
    const auto sends = take<TxSend>();
    for (const TxSend& send : sends) stack.on_sent(now, send.key, now);
    return sends.empty() ? 0 : sends.back().mss;
  }
  ConnectionId id = 0;
  std::uint16_t port = 0;
  std::uint32_t next = 0;
  std::uint16_t mss = 0;
};

// RFC 6691, RFC 9293 3.7.1: the MTU less 60.
TEST(StackTcpIpv6, AnnouncesTheMtuLessSixty) {
  EXPECT_EQ(Established().mss, 1440);
  Bench bench(test::config6());
  bench.know_peer6();
  ASSERT_TRUE(bench.stack.tcp().listen({}, {IpAddress(), 80}, 4));
  bench.receive(segment(1000, 80, 7, 0, kSyn));
  const auto answer = bench.frames();
  ASSERT_EQ(answer.size(), 1u);
  EXPECT_EQ(Header(&answer[0].bytes[54]).flags, kSyn | kAck);
  EXPECT_EQ(mss_in(answer[0].bytes, 54), 1440);
}

// What the card needs to know of an IPv6 super-segment: hls/card/layout.hpp, kIpv6.
TEST(StackTcpIpv6, DataIsASuperSegmentWithAnIpv6Template) {
  Established bench;
  (void)bench.stack.tcp().send(bench.now, bench.id, Bytes(10000, 0x5a));
  const auto sends = bench.take<TxSend>();
  ASSERT_EQ(sends.size(), 1u);
  const TxSend& send = sends[0];
  EXPECT_TRUE(send.ipv6);
  EXPECT_EQ(send.mss, 1440);
  EXPECT_EQ(send.l3_offset, 14);
  EXPECT_EQ(send.l4_offset, 54);
  EXPECT_EQ(send.header_bytes, 74);
  EXPECT_EQ(load_be16(&send.header[12]), 0x86dd);
  EXPECT_EQ(send.header[14] >> 4, 6);
  EXPECT_EQ(send.header[20], 6);
  EXPECT_EQ(send.header[21], 64);
  EXPECT_EQ(send.pseudo_sum, ones_complement_sum(test::raw(kOurs6) + test::raw(kPeer6) + Bytes{0, 6}));
}

// RFC 9293 3.10.7.1 over IPv6.
TEST(StackTcpIpv6, UnknownSegmentIsReset) {
  Bench bench(test::config6());
  bench.know_peer6();
  bench.receive(segment(1000, 80, 7777, 8888, kAck));
  const auto frames = bench.frames();
  ASSERT_EQ(frames.size(), 1u);
  const Header reset(&frames[0].bytes[54]);
  EXPECT_EQ(reset.flags, 0x04);
  EXPECT_EQ(reset.seq, 8888u);
  EXPECT_EQ(bench.stack.counters().tcp_checksum, 0u);
}

// RFC 8201 4, and RFC 5927 4.1 for who is believed; RFC 1191 6.2: other connections to the same host learn it, too.
TEST(StackTcpIpv6, PacketTooBigLowersTheSegmentsOfThatDestination) {
  Established bench;
  EXPECT_EQ(bench.mss_of_next_send(), 1440);
  bench.too_big(1300, bench.next + 100000);
  EXPECT_EQ(bench.stack.counters().tcp_icmp_unproved, 1u);
  bench.too_big(1200, bench.next);
  EXPECT_EQ(bench.stack.counters().path_mtu_refused, 1u);
  EXPECT_EQ(bench.stack.network().path_mtu(bench.now, kPeer6), 1500);
  bench.too_big(1300, bench.next);
  EXPECT_EQ(bench.stack.network().path_mtu(bench.now, kPeer6), 1300);
  EXPECT_EQ(bench.stack.counters().path_mtu_lowered, 1u);
  EXPECT_EQ(bench.mss_of_next_send(), 1240);
  // A connection that begins later announces what the link takes, and sends what the path does.
  const auto later = bench.stack.tcp().connect(bench.now, {}, {}, {kPeer6, 81});
  TxFrame syn;
  for (TxFrame& frame : bench.frames()) {
    if (frame.report && frame.report->connection == *later) syn = frame;
  }
  ASSERT_FALSE(syn.bytes.empty());
  EXPECT_EQ(mss_in(syn.bytes, 54), 1440);
  const Header header(&syn.bytes[54]);
  bench.stack.on_sent(bench.now, *syn.report, bench.now);
  bench.receive(segment(81, header.from, 900, header.seq + 1, kSyn | kAck, kMss1440));
  (void)bench.frames();
  (void)bench.stack.tcp().send(bench.now, *later, Bytes(4000));
  const auto sends = bench.take<TxSend>();
  ASSERT_FALSE(sends.empty());
  EXPECT_EQ(sends.back().mss, 1240);
  // RFC 8201 5.4: after ten minutes a larger one may pass again.
  EXPECT_EQ(bench.stack.network().path_mtu(bench.now + 10min, kPeer6), 1500);
}

// RFC 9293 3.9.2.2: a hard error ends the attempt, a soft one does not; ICMPv6 says why in its own codes.
TEST(StackTcpIpv6, UnreachableEndsAnAttempt) {
  struct Case {
    std::uint8_t code;
    Unreachable why;
    bool hard;
  };
  for (const Case& each : {Case{0, Unreachable::kNetwork, false}, Case{3, Unreachable::kHost, false},
                           Case{4, Unreachable::kPort, true}, Case{1, Unreachable::kOther, true}}) {
    Bench bench(test::config6());
    bench.know_peer6();
    const auto id = bench.stack.tcp().connect(bench.now, {}, {}, {kPeer6, 80});
    const auto frames = bench.frames();
    bench.stack.on_sent(bench.now, *frames.at(0).report, bench.now);
    const Bytes original(frames[0].bytes.begin() + 14, frames[0].bytes.end());
    bench.receive(test::ethernet6(test::icmpv6(1, each.code, be32(0) + original)));
    EXPECT_EQ(bench.stack.tcp().unreachable(*id), each.why);
    EXPECT_EQ(bench.stack.tcp().connection(*id)->is_closed(), each.hard);
  }
}

// RFC 4861 7.3.1: data that arrives says that the neighbour is there, and nobody asks it.
TEST(StackTcpIpv6, ProgressConfirmsTheNeighbour) {
  Established bench;
  for (int i = 0; i < 10; ++i) {
    bench.pass(8s);
    (void)bench.stack.tcp().send(bench.now, bench.id, Bytes(10));
    for (const TxSend& send : bench.take<TxSend>()) bench.stack.on_sent(bench.now, send.key, bench.now);
    bench.next += 10;
    bench.receive(segment(80, bench.port, 501, bench.next, kAck));
  }
  EXPECT_EQ(bench.stack.network().neighbours(false).view(kPeer6)->state, NeighbourState::kReachable);
  EXPECT_EQ(bench.stack.counters().ndp_solicitations_out, 0u);
}

// One listener for all addresses, one for a single one; "::" takes both versions, 0.0.0.0 IPv4's.
TEST(StackTcpIpv6, ListenersAndTheirAddresses) {
  Bench bench(test::config6());
  bench.know_peer6();
  bench.know_peer();
  const IpAddress second = ip("2001:db8::11");
  ASSERT_TRUE(bench.stack.network().add_address(bench.now, IpPrefix(second, 64)));
  ASSERT_TRUE(bench.stack.tcp().listen({}, {second, 80}, 4));
  ASSERT_TRUE(bench.stack.tcp().listen({}, {kOurs6, 80}, 4));
  EXPECT_FALSE(bench.stack.tcp().listen({}, {IpAddress(), 80}, 4));
  ASSERT_TRUE(bench.stack.tcp().listen({}, {Ipv4Address(), 81}, 4));
  ASSERT_TRUE(bench.stack.tcp().listen({}, {IpAddress(), 82}, 4));
  EXPECT_EQ(bench.stack.tcp().listen({}, {ip("2001:db8::99"), 83}, 4).error(), OpenError::kAddressNotLocal);
  bench.pass(10s);
  (void)bench.frames();
  const auto answer_to = [&](std::uint16_t port, const IpAddress& to) {
    bench.receive(segment(1000, port, 7, 0, kSyn, {}, {.destination = to}));
    const auto frames = bench.frames();
    return frames.empty() ? 0 : int{frames[0].bytes[54 + 13]};
  };
  EXPECT_EQ(answer_to(80, second), kSyn | kAck);
  EXPECT_EQ(answer_to(80, kOurs6), kSyn | kAck);
  EXPECT_EQ(answer_to(81, kOurs6), 0x14) << "a reset: IPv4 only";
  EXPECT_EQ(answer_to(82, second), kSyn | kAck);
  bench.receive(test::ethernet(test::ipv4(6, test::tcp(1000, 82, 7, 0, kSyn))));
  EXPECT_EQ(bench.frames().size(), 1u);
}

TEST(StackTcpIpv6, NoAddressOfThatVersionIsNoRoute) {
  Bench bench;
  EXPECT_EQ(bench.stack.tcp().connect(bench.now, {}, {}, {kPeer6, 80}).error(), OpenError::kNoRoute);
  Bench both(test::config6());
  EXPECT_EQ(both.stack.tcp().connect(both.now, {}, {test::kOurs, 0}, {kPeer6, 80}).error(), OpenError::kNoRoute);
  EXPECT_EQ(both.stack.tcp().connect(both.now, {}, {}, {ip("ff02::1"), 80}).error(), OpenError::kGroupAddress);
}

}  // namespace
}  // namespace sockwire::stack
