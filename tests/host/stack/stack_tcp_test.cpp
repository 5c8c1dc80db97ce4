// SPDX-License-Identifier: Apache-2.0
// TCP in the stack: demultiplexing, resets, what ICMP and ARP do to connections, and the descriptors.
#include <gtest/gtest.h>

#include "tests/host/stack/packets.hpp"

namespace sockwire::stack {
namespace {

using test::Bench;
using namespace std::chrono_literals;
using test::operator+;
using test::Bytes;
using test::kOurs;
using test::kPeer;
using test::kPeerMac;

constexpr std::uint8_t kFin = 0x01;
constexpr std::uint8_t kSyn = 0x02;
constexpr std::uint8_t kRst = 0x04;
constexpr std::uint8_t kPsh = 0x08;
constexpr std::uint8_t kAck = 0x10;

struct Header {
  explicit Header(const Bytes& frame) : Header(frame.data()) {}
  explicit Header(const std::uint8_t* frame)
      : from(load_be16(frame + 34)),
        to(load_be16(frame + 36)),
        seq(load_be32(frame + 38)),
        ack(load_be32(frame + 42)),
        flags(frame[47]) {}
  std::uint16_t from;
  std::uint16_t to;
  std::uint32_t seq;
  std::uint32_t ack;
  std::uint8_t flags;
};

void receive_tcp(Bench& bench, const Bytes& segment) { bench.receive(test::ethernet(test::ipv4(6, segment))); }

/// An established connection to port 80 of the peer, whose first byte has sequence number 501.
struct Established : Bench {
  Established() {
    know_peer();
    const auto opened = stack.tcp().connect(now, {}, {}, {kPeer, 80});
    id = *opened;
    const auto syn = frames();
    port = Header(syn.at(0).bytes).from;
    next = Header(syn.at(0).bytes).seq + 1;
    stack.on_sent(now, *syn.at(0).report, now);
    receive_tcp(*this, test::tcp(80, port, 500, next, kSyn | kAck));
    (void)frames();
  }
  ConnectionId id = 0;
  std::uint16_t port = 0;
  std::uint32_t next = 0;
};

std::vector<tcp::Event> events(Bench& bench) {
  std::vector<tcp::Event> taken;
  while (const auto event = bench.stack.tcp().poll_event()) taken.push_back(event->event);
  return taken;
}

// RFC 9293 3.10.7.1: with ACK, <SEQ=SEG.ACK><CTL=RST>; without, <SEQ=0><ACK=SEG.SEQ+SEG.LEN><CTL=RST,ACK>.
TEST(StackTcp, UnknownSegmentIsReset) {
  Bench bench;
  bench.know_peer();
  receive_tcp(bench, test::tcp(1000, 80, 7777, 8888, kAck));
  auto frames = bench.frames();
  ASSERT_EQ(frames.size(), 1u);
  Header reset(frames[0].bytes);
  EXPECT_EQ(reset.flags, kRst);
  EXPECT_EQ(reset.seq, 8888u);
  EXPECT_EQ(reset.from, 80);
  EXPECT_EQ(reset.to, 1000);

  receive_tcp(bench, test::tcp(1000, 80, 7777, 0, kSyn, {1, 2, 3}));
  frames = bench.frames();
  ASSERT_EQ(frames.size(), 1u);
  reset = Header(frames[0].bytes);
  EXPECT_EQ(reset.flags, kRst | kAck);
  EXPECT_EQ(reset.seq, 0u);
  EXPECT_EQ(reset.ack, 7777u + 1 + 3);

  receive_tcp(bench, test::tcp(1000, 80, 7777, 0, kRst));
  EXPECT_TRUE(bench.frames().empty()) << "no reset for a reset";
}

TEST(StackTcp, SynIsAFrameWithItsChecksumsForTheCard) {
  Bench bench;
  bench.know_peer();
  const auto id = bench.stack.tcp().connect(bench.now, {}, {}, {kPeer, 80});
  ASSERT_TRUE(id);
  const auto frames = bench.frames();
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_EQ(Header(frames[0].bytes).flags, kSyn);
  EXPECT_FALSE(frames[0].is_ack);
  ASSERT_TRUE(frames[0].report);
  EXPECT_EQ(frames[0].report->connection, *id);
  EXPECT_EQ(frames[0].checksum_offset, 34 + 16);
  const auto l4_bytes = static_cast<std::uint16_t>(frames[0].bytes.size() - 34);
  const Bytes pseudo = test::be32(kOurs.value()) + test::be32(kPeer.value()) + Bytes{0, 6} + test::be16(l4_bytes);
  EXPECT_EQ(frames[0].pseudo_sum, ones_complement_sum(pseudo));
}

TEST(StackTcp, SynWaitsForTheNeighbour) {
  Bench bench;
  ASSERT_TRUE(bench.stack.tcp().connect(bench.now, {}, {}, {kPeer, 80}));
  auto frames = bench.frames();
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_EQ(load_be16(&frames[0].bytes[12]), 0x0806);
  bench.now += 1ms;
  bench.receive(test::ethernet(test::arp(2, kPeerMac, kPeer, test::kOurMac, kOurs), 0x0806));
  frames = bench.frames();
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_EQ(Header(frames[0].bytes).flags, kSyn);
  EXPECT_EQ(MacAddress::from_bytes(frames[0].bytes.data()), kPeerMac);
}

TEST(StackTcp, UnansweredArpEndsTheAttempt) {
  Bench bench;
  const auto id = bench.stack.tcp().connect(bench.now, {}, {}, {kPeer, 80});
  for (int i = 0; i < 3; ++i) {
    (void)bench.frames();
    bench.pass(1s);
  }
  EXPECT_EQ(events(bench), (std::vector{tcp::Event::kUnreachable, tcp::Event::kClosed}));
  EXPECT_EQ(bench.stack.tcp().unreachable(*id), Unreachable::kNoNeighbour);
  (void)bench.frames();
  bench.stack.tcp().close(bench.now, *id);
  (void)bench.frames();
  EXPECT_EQ(bench.stack.tcp().connection(*id), nullptr);
}

TEST(StackTcp, OffLinkGoesToTheGateway) {
  Bench bench;
  ASSERT_TRUE(bench.stack.tcp().connect(bench.now, {}, {}, {Ipv4Address(192, 0, 2, 1), 80}));
  const auto frames = bench.frames();
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_EQ(load_be32(&frames[0].bytes[14 + 24]), Ipv4Address(10, 0, 0, 254).value());
}

TEST(StackTcp, FourTuplesAreApart) {
  Bench bench;
  bench.know_peer();
  const auto listening = bench.stack.tcp().listen({}, {Ipv4Address(), 80}, 8);
  ASSERT_TRUE(listening);
  for (const std::uint16_t port : {1000, 1001, 1002}) {
    receive_tcp(bench, test::tcp(port, 80, port, 0, kSyn));
    const auto answer = bench.frames();
    ASSERT_EQ(answer.size(), 1u);
    EXPECT_EQ(Header(answer[0].bytes).flags, kSyn | kAck);
    EXPECT_EQ(Header(answer[0].bytes).ack, port + 1u);
    bench.stack.on_sent(bench.now, *answer[0].report, bench.now);
    receive_tcp(bench, test::tcp(port, 80, port + 1u, Header(answer[0].bytes).seq + 1, kAck));
  }
  std::vector<std::uint16_t> ports;
  while (const auto id = bench.stack.tcp().accept(*listening)) {
    ports.push_back(bench.stack.tcp().connection(*id)->remote().port);
  }
  EXPECT_EQ(ports, (std::vector<std::uint16_t>{1000, 1001, 1002}));
  EXPECT_EQ(bench.stack.counters().tcp_connections_accepted, 3u);
}

TEST(StackTcp, PortsAreListenedOnOnce) {
  Bench bench;
  ASSERT_TRUE(bench.stack.tcp().listen({}, {Ipv4Address(), 80}, 1));
  const auto again = bench.stack.tcp().listen({}, {kOurs, 80}, 1);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error(), OpenError::kAddressInUse);
  const auto chosen = bench.stack.tcp().listen({}, {}, 1);
  ASSERT_TRUE(chosen);
  EXPECT_GE(bench.stack.tcp().listener(*chosen)->local().port, kFirstEphemeralPort);
}

TEST(StackTcp, DataIsASuperSegment) {
  Established bench;
  const Bytes data(10000, 0x5a);
  EXPECT_EQ(bench.stack.tcp().send(bench.now, bench.id, data), data.size());
  const auto sends = bench.take<TxSend>();
  ASSERT_EQ(sends.size(), 1u);
  const TxSend& send = sends[0];
  EXPECT_EQ(send.key.connection, bench.id);
  EXPECT_EQ(send.seq.value(), bench.next);
  EXPECT_EQ(send.payload_bytes, 5360u) << "ten segments of the peer's default MSS, RFC 6928 and RFC 9293 3.7.1";
  EXPECT_EQ(send.mss, 536);
  EXPECT_EQ(send.header_bytes, 14 + 20 + 20);
  EXPECT_EQ(send.soft.rcv_nxt.value(), 501u);
  EXPECT_EQ(send.pseudo_sum,
            ones_complement_sum(test::be32(kOurs.value()) + test::be32(kPeer.value()) + Bytes{0, 6, 0, 0}));
  Bytes payload(send.payload_bytes);
  EXPECT_EQ(bench.stack.copy_payload(bench.id, send.seq, payload), payload.size());
}

// PSH and FIN belong to the last segment only.
TEST(StackTcp, FlagsOfTheLastSegment) {
  Established bench;
  (void)bench.stack.tcp().send(bench.now, bench.id, Bytes(1000));
  bench.stack.tcp().shutdown_write(bench.now, bench.id);
  const auto sends = bench.take<TxSend>();
  ASSERT_EQ(sends.size(), 1u);
  EXPECT_EQ(sends[0].first_flags, 0);
  EXPECT_EQ(sends[0].last_flags, kPsh | kFin);
  EXPECT_EQ(Header(sends[0].header.data()).flags, kAck | kPsh | kFin);
}

// A FIN alone uses the priority lane, and must not overtake what is before it.
TEST(StackTcp, LoneFinWaitsForTheDataBeforeIt) {
  Established bench;
  (void)bench.stack.tcp().send(bench.now, bench.id, Bytes(1000));
  const auto sends = bench.take<TxSend>();
  ASSERT_EQ(sends.size(), 1u);
  bench.stack.tcp().shutdown_write(bench.now, bench.id);
  EXPECT_TRUE(bench.frames().empty());
  bench.stack.on_sent(bench.now, sends[0].key, bench.now);
  const auto frames = bench.frames();
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_EQ(Header(frames[0].bytes).flags & kFin, kFin);
  EXPECT_EQ(Header(frames[0].bytes).seq, bench.next + 1000);
}

TEST(StackTcp, AcknowledgedDataIsReleased) {
  Established bench;
  (void)bench.stack.tcp().send(bench.now, bench.id, Bytes(1000));
  const auto sends = bench.take<TxSend>();
  bench.stack.on_sent(bench.now, sends.at(0).key, bench.now);
  receive_tcp(bench, test::tcp(80, bench.port, 501, bench.next + 1000, kAck));
  const auto releases = bench.take<Release>();
  ASSERT_EQ(releases.size(), 1u);
  EXPECT_EQ(releases[0].snd_una.value(), bench.next + 1000);
  Bytes payload(1000);
  EXPECT_EQ(bench.stack.copy_payload(bench.id, sends.at(0).seq, payload), 0u);
}

TEST(StackTcp, WithoutPayloadRoomDataWaits) {
  Established bench;
  bench.room.payload_bytes = 0;
  (void)bench.stack.tcp().send(bench.now, bench.id, Bytes(1000));
  EXPECT_TRUE(bench.take<TxSend>().empty());
  bench.room.payload_bytes = 4096;
  EXPECT_TRUE(bench.take<TxSend>().empty()) << "it is asked again when told";
  bench.stack.on_room(bench.now);
  EXPECT_EQ(bench.take<TxSend>().size(), 1u);
}

TEST(StackTcp, AbortTellsTheCardFirst) {
  Established bench;
  (void)bench.stack.tcp().send(bench.now, bench.id, Bytes(1000));
  ASSERT_EQ(bench.take<TxSend>().size(), 1u);
  bench.stack.tcp().abort(bench.now, bench.id);
  const auto first = bench.stack.poll_transmit(bench.now, bench.room);
  ASSERT_TRUE(first);
  EXPECT_TRUE(std::holds_alternative<Close>(*first));
  const auto frames = bench.frames();
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_EQ(Header(frames[0].bytes).flags & kRst, kRst);
}

Bytes icmp_about(const Bench& bench, std::uint16_t port, std::uint32_t seq, std::uint8_t code, std::uint16_t mtu = 0) {
  static_cast<void>(bench);
  test::IpOptions ours;
  ours.source = kOurs;
  ours.destination = kPeer;
  const Bytes original = test::ipv4(6, test::be16(port) + test::be16(80) + test::be32(seq), ours);
  return test::ethernet(test::ipv4(1, test::icmp(3, code, test::be16(0) + test::be16(mtu) + original)));
}

// RFC 1122 4.2.3.9: a hard error ends an attempt,
TEST(StackTcp, UnreachableEndsAnAttempt) {
  Bench bench;
  bench.know_peer();
  const auto id = bench.stack.tcp().connect(bench.now, {}, {}, {kPeer, 80});
  const auto frames = bench.frames();
  const Header syn(frames.at(0).bytes);
  bench.stack.on_sent(bench.now, *frames.at(0).report, bench.now);
  bench.receive(icmp_about(bench, syn.from, syn.seq, 3));
  EXPECT_EQ(events(bench), (std::vector{tcp::Event::kUnreachable, tcp::Event::kClosed}));
  EXPECT_EQ(bench.stack.tcp().unreachable(*id), Unreachable::kPort);
}

// and a soft one is told, and says why when the attempt times out (RFC 9293 MUST-47, MUST-56, SHLD-25), unless the
// application does not want to know (SHLD-20).
TEST(StackTcp, SoftErrorIsTold) {
  for (const bool wanted : {true, false}) {
    Bench bench;
    bench.know_peer();
    tcp::Config config;
    config.error_reports = wanted;
    const auto id = bench.stack.tcp().connect(bench.now, config, {}, {kPeer, 80});
    const auto frames = bench.frames();
    const Header syn(frames.at(0).bytes);
    bench.stack.on_sent(bench.now, *frames.at(0).report, bench.now);
    bench.receive(icmp_about(bench, syn.from, syn.seq, 1));
    EXPECT_EQ(events(bench), wanted ? std::vector{tcp::Event::kSoftError} : std::vector<tcp::Event>{});
    EXPECT_EQ(bench.stack.tcp().connection(*id)->state(), tcp::State::kSynSent);
    EXPECT_EQ(bench.stack.tcp().unreachable(*id), Unreachable::kHost);
  }
}

// RFC 9293 3.8.3 (MUST-20): IP is told after R1, so that the neighbour is asked whether it is still there.
TEST(StackTcp, ThirdRetransmissionDoubtsTheNeighbour) {
  Established bench;
  (void)bench.stack.tcp().send(bench.now, bench.id, Bytes(100));
  (void)events(bench);
  for (int timeouts = 0; timeouts < 3;) {
    for (const TxSend& send : bench.take<TxSend>()) bench.stack.on_sent(bench.now, send.key, bench.now);
    EXPECT_EQ(bench.stack.network().neighbours(true).view(kPeer)->state, NeighbourState::kReachable) << timeouts;
    bench.now = bench.stack.next_deadline();
    bench.stack.on_timeout(bench.now);
    timeouts = static_cast<int>(bench.stack.tcp().connection(bench.id)->info().timeouts);
  }
  (void)bench.take<TxSend>();
  EXPECT_EQ(events(bench), std::vector{tcp::Event::kTroubled});
  EXPECT_EQ(bench.stack.counters().arp_requests_out, 1u) << "by unicast, while the address is used further";
}

// RFC 9293 3.9.1.1 (MUST-43).
TEST(StackTcp, LocalAddressMayBeGiven) {
  Bench bench;
  bench.know_peer();
  const Ipv4Address second(10, 0, 0, 9);
  ASSERT_TRUE(bench.stack.network().add_address(bench.now, IpPrefix(second, 24)));
  ASSERT_TRUE(bench.stack.tcp().connect(bench.now, {}, {second, 0}, {kPeer, 80}));
  const auto frames = bench.frames();
  EXPECT_EQ(load_be32(&frames.at(0).bytes[26]), second.value());
  EXPECT_EQ(bench.stack.tcp().connect(bench.now, {}, {Ipv4Address(10, 0, 0, 77), 0}, {kPeer, 80}).error(),
            OpenError::kAddressNotLocal);
}

// RFC 9293 3.9.2 (MUST-49).
TEST(StackTcp, TtlIsASetting) {
  Config config = test::config();
  config.ttl = 17;
  Bench bench(config);
  bench.know_peer();
  ASSERT_TRUE(bench.stack.tcp().connect(bench.now, {}, {}, {kPeer, 80}));
  EXPECT_EQ(bench.frames().at(0).bytes[22], 17);
}

// RFC 9293 3.9.1.9 (MUST-48, SHLD-21, SHLD-22), RFC 2474 3: six bits of the second byte; the other two are ECN's.
TEST(StackTcp, DiffservFieldIsTheApplications) {
  Established bench;
  bench.stack.tcp().set_dscp(bench.id, 46);
  (void)bench.stack.tcp().send(bench.now, bench.id, Bytes(100));
  const auto sends = bench.take<TxSend>();
  EXPECT_EQ(sends.at(0).header[15], 46 << 2);
  tcp::Config config;
  config.dscp = 10;
  config.ecn = tcp::EcnMode::kOffer;
  ASSERT_TRUE(bench.stack.tcp().connect(bench.now, config, {}, {kPeer, 81}));
  EXPECT_EQ(bench.frames().at(0).bytes[15], 10 << 2) << "and the SYN is not ECT";
}

// RFC 9293 3.9.2.2 (MUST-55), RFC 6633.
TEST(StackTcp, SourceQuenchMeansNothing) {
  Established bench;
  (void)bench.stack.tcp().send(bench.now, bench.id, Bytes(100));
  (void)bench.take<TxSend>();
  (void)events(bench);
  const std::uint32_t window = bench.stack.tcp().connection(bench.id)->info().cwnd_bytes;
  Bytes quench = icmp_about(bench, bench.port, bench.next, 0);
  quench[34] = 4;
  store_be16(&quench[36], 0);
  store_be16(&quench[36], internet_checksum(std::span(quench).subspan(34, load_be16(&quench[16]) - 20)));
  bench.receive(quench);
  EXPECT_EQ(bench.stack.counters().icmp_checksum, 0u);
  EXPECT_EQ(bench.stack.counters().icmp_type_unknown, 1u);
  EXPECT_EQ(bench.stack.tcp().connection(bench.id)->info().cwnd_bytes, window);
  EXPECT_TRUE(events(bench).empty());
}

// RFC 1122 4.2.3.9: soft errors do not end a connection; RFC 5927 4.1: nor do guesses count.
TEST(StackTcp, EstablishedConnectionSurvivesUnreachable) {
  Established bench;
  (void)bench.stack.tcp().send(bench.now, bench.id, Bytes(100));
  ASSERT_EQ(bench.take<TxSend>().size(), 1u);
  (void)events(bench);
  bench.receive(icmp_about(bench, bench.port, bench.next, 1));
  EXPECT_EQ(bench.stack.counters().icmp_errors_in, 1u);
  bench.receive(icmp_about(bench, bench.port, bench.next + 100000, 1));
  EXPECT_EQ(bench.stack.counters().tcp_icmp_unproved, 1u);
  bench.receive(icmp_about(bench, static_cast<std::uint16_t>(bench.port + 1), bench.next, 1));
  EXPECT_EQ(bench.stack.counters().icmp_errors_unmatched, 1u);
  EXPECT_EQ(events(bench), std::vector{tcp::Event::kSoftError}) << "it is told";
  EXPECT_EQ(bench.stack.tcp().connection(bench.id)->state(), tcp::State::kEstablished);
}

// RFC 1191 3, 6.3.
TEST(StackTcp, SmallerPathMtuLowersTheSegments) {
  Bench bench;
  bench.know_peer();
  const auto id = bench.stack.tcp().connect(bench.now, {}, {}, {kPeer, 80});
  auto frames = bench.frames();
  const Header syn(frames.at(0).bytes);
  bench.stack.on_sent(bench.now, *frames.at(0).report, bench.now);
  Bytes answer = test::be16(80) + test::be16(syn.from) + test::be32(500) + test::be32(syn.seq + 1) +
                 Bytes{0x60, kSyn | kAck} + test::be16(65535) + test::be16(0) + test::be16(0) + Bytes{2, 4, 5, 180};
  receive_tcp(bench, test::with_l4_checksum(answer, 16, 6));
  (void)bench.stack.tcp().send(bench.now, *id, Bytes(4000));
  auto sends = bench.take<TxSend>();
  ASSERT_EQ(sends.size(), 1u);
  EXPECT_EQ(sends[0].mss, 1460);
  bench.stack.on_sent(bench.now, sends[0].key, bench.now);
  bench.receive(icmp_about(bench, syn.from, syn.seq + 1, 4, 1000));
  EXPECT_EQ(bench.stack.counters().path_mtu_lowered, 1u);
  (void)bench.stack.tcp().send(bench.now, *id, Bytes(4000));
  sends = bench.take<TxSend>();
  ASSERT_FALSE(sends.empty());
  EXPECT_EQ(sends.back().mss, 960);
}

TEST(StackTcp, SetsTimersForItsConnections) {
  Established bench;
  (void)bench.stack.tcp().send(bench.now, bench.id, Bytes(100));
  auto sends = bench.take<TxSend>();
  bench.stack.on_sent(bench.now, sends.at(0).key, bench.now);
  (void)bench.frames();
  ASSERT_NE(bench.stack.next_deadline(), kNever);
  for (int i = 0; i < 10 && sends.size() < 2; ++i) {
    bench.now = bench.stack.next_deadline();
    bench.stack.on_timeout(bench.now);
    for (auto& send : bench.take<TxSend>()) sends.push_back(send);
  }
  ASSERT_EQ(sends.size(), 2u) << "sent again";
  EXPECT_EQ(sends[1].seq, sends[0].seq);
}

// What the card keeps for a connection is given back with the rest, once; what is sent later finds a card that knows
// nothing of it.
TEST(StackTcp, TheCardForgetsAConnectionAtRest) {
  Established bench;
  bench.stack.tcp().send(bench.now, bench.id, Bytes{1, 2, 3});
  auto sends = bench.take<TxSend>();
  ASSERT_EQ(sends.size(), 1u);
  bench.stack.on_sent(bench.now, sends[0].key, bench.now);
  receive_tcp(bench, test::tcp(80, bench.port, 501, bench.next + 3, kAck));
  EXPECT_TRUE(bench.take<Close>().empty());
  bench.pass(4s);
  EXPECT_TRUE(bench.take<Close>().empty());
  bench.pass(1s);
  const auto closes = bench.take<Close>();
  ASSERT_EQ(closes.size(), 1u);
  EXPECT_EQ(closes[0].connection, bench.id);
  EXPECT_TRUE(bench.stack.tcp().connection(bench.id)->resting());
  bench.pass(1h);
  EXPECT_TRUE(bench.take<Close>().empty());
  bench.know_peer();
  bench.stack.tcp().send(bench.now, bench.id, Bytes{4, 5});
  sends = bench.take<TxSend>();
  ASSERT_EQ(sends.size(), 1u);
  EXPECT_EQ(sends[0].seq.value(), bench.next + 3);
}

}  // namespace
}  // namespace sockwire::stack
