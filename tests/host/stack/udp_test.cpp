// SPDX-License-Identifier: Apache-2.0
#include "host/stack/udp_layer.hpp"

#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <set>

#include "tests/host/stack/packets.hpp"

namespace sockwire::stack {
namespace {

using namespace std::chrono_literals;
using test::operator+;
using test::be16;
using test::be32;
using test::Bench;
using test::Bytes;
using test::kOurMac;
using test::kOurs;
using test::kPeer;
using test::kPeerMac;

struct UdpTest : testing::Test {
  Bench bench;
  UdpLayer& udp() { return bench.stack.udp(); }
  const Counters& counters() const { return bench.stack.counters(); }

  void arrives(std::uint16_t from, std::uint16_t to, const Bytes& payload, Ipv4Address source = kPeer,
               Ipv4Address destination = kOurs) {
    test::IpOptions options;
    options.source = source;
    options.destination = destination;
    Bytes datagram = be16(from) + be16(to) + be16(static_cast<std::uint16_t>(8 + payload.size())) + be16(0) + payload;
    bench.receive(test::ethernet(test::ipv4(17, test::with_l4_checksum(datagram, 6, 17, source, destination), options),
                                 0x0800, destination == kOurs ? kOurMac : MacAddress::broadcast()));
  }
  using Received = std::optional<std::pair<tcp::Endpoint, Bytes>>;
  static Received from(std::uint16_t port, const Bytes& payload) {
    return std::pair(tcp::Endpoint{kPeer, port}, payload);
  }
  Received received(UdpSocketId id) {
    std::array<std::uint8_t, 2048> buffer;
    const auto info = udp().recv(id, buffer);
    if (!info) return std::nullopt;
    return std::pair(info->source, Bytes(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(info->bytes)));
  }
};

// RFC 768: the header's four fields, and the pseudo header's sum for the card, which turns a sum of 0 into 0xffff.
TEST_F(UdpTest, SendsAHeaderAndLeavesTheChecksumToTheCard) {
  bench.know_peer();
  const auto id = udp().open({IpAddress(), 1000});
  ASSERT_TRUE(id);
  ASSERT_TRUE(udp().send(bench.now, *id, tcp::Endpoint{kPeer, 2000}, Bytes{1, 2, 3}));
  const auto frames = bench.frames();
  ASSERT_EQ(frames.size(), 1u);
  const TxFrame& frame = frames[0];
  EXPECT_EQ(MacAddress::from_bytes(frame.bytes.data()), kPeerMac);
  const Bytes expected = be16(1000) + be16(2000) + be16(11) + be16(0) + Bytes{1, 2, 3};
  EXPECT_EQ(Bytes(frame.bytes.begin() + 34, frame.bytes.end()), expected);
  EXPECT_EQ(frame.bytes[23], 17);
  EXPECT_EQ(frame.checksum_offset, 40);
  EXPECT_TRUE(frame.insert_l4);
  EXPECT_TRUE(frame.udp_zero);
  EXPECT_EQ(counters().udp_out, 1u);
}

TEST_F(UdpTest, ADatagramWaitsForItsNeighbour) {
  const auto id = udp().open({});
  ASSERT_TRUE(udp().send(bench.now, *id, tcp::Endpoint{kPeer, 2000}, Bytes{7}));
  auto frames = bench.frames();
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_EQ(load_be16(&frames[0].bytes[12]), 0x0806);
  bench.receive(test::ethernet(test::arp(2, kPeerMac, kPeer, kOurMac, kOurs), 0x0806));
  frames = bench.frames();
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_EQ(frames[0].bytes.back(), 7);
}

TEST_F(UdpTest, DeliversByPortAndAddress) {
  const auto any = udp().open({IpAddress(), 1000});
  const auto ours = udp().open({kOurs, 1001});
  arrives(5, 1000, {1});
  arrives(6, 1001, {2});
  EXPECT_EQ(received(*any), from(5, {1}));
  EXPECT_EQ(received(*ours), from(6, {2}));
  EXPECT_FALSE(received(*any));
  EXPECT_EQ(counters().udp_delivered, 2u);
}

// RFC 1122 4.1.3.6: what was sent to all goes to those who hear everything, not to a socket with a host's address.
TEST_F(UdpTest, BroadcastsAreForUnspecifiedAddresses) {
  const auto any = udp().open({IpAddress(), 1000});
  const auto ours = udp().open({kOurs, 1001});
  arrives(5, 1000, {1}, kPeer, Ipv4Address(255, 255, 255, 255));
  arrives(5, 1001, {1}, kPeer, Ipv4Address(10, 0, 0, 255));
  EXPECT_TRUE(received(*any));
  EXPECT_FALSE(received(*ours));
  EXPECT_TRUE(bench.frames().empty()) << "RFC 1122 3.2.2: no ICMP error about a broadcast";
}

// RFC 1122 4.1.3.1.
TEST_F(UdpTest, AClosedPortIsUnreachable) {
  bench.know_peer();
  const auto id = udp().open({IpAddress(), 1000});
  udp().close(*id);
  arrives(5, 1000, {1});
  const auto frames = bench.frames();
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_EQ(frames[0].bytes[34], 3);
  EXPECT_EQ(frames[0].bytes[35], 3);
  EXPECT_EQ(counters().udp_no_port, 1u);
}

TEST_F(UdpTest, AConnectedSocketHearsItsPeerAlone) {
  const auto id = udp().open({IpAddress(), 1000});
  ASSERT_TRUE(udp().connect(*id, {kPeer, 53}));
  arrives(54, 1000, {1});
  arrives(53, 1000, {2}, Ipv4Address(10, 0, 0, 3));
  EXPECT_FALSE(received(*id));
  EXPECT_EQ(counters().udp_other_peer, 2u);
  arrives(53, 1000, {3});
  EXPECT_TRUE(received(*id));
  EXPECT_EQ(udp().send(bench.now, *id, tcp::Endpoint{kPeer, 54}, Bytes{1}).error(), UdpSendError::kOtherPeer);
  udp().disconnect(*id);
  arrives(54, 1000, {1});
  EXPECT_TRUE(received(*id));
  EXPECT_EQ(udp().send(bench.now, *id, std::nullopt, Bytes{1}).error(), UdpSendError::kNoDestination);
}

TEST_F(UdpTest, TheReceiveQueueIsBoundedEvenForEmptyDatagrams) {
  UdpConfig config;
  config.receive_queue_bytes = 3 * UdpQueue::kOverheadBytes + 10;
  const auto id = udp().open({IpAddress(), 1000}, config);
  for (int i = 0; i < 5; ++i) arrives(5, 1000, {});
  EXPECT_EQ(counters().udp_queue_full, 2u);
  EXPECT_EQ(udp().counts(*id).dropped_queue_full, 2u);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(received(*id));
  // Around the ring's end, many times over.
  for (std::uint8_t i = 0; i < 100; ++i) {
    arrives(i, 1000, {i, 1, 2, 3, 4, 5, 6, 7, 8, i});
    EXPECT_EQ(received(*id), from(i, {i, 1, 2, 3, 4, 5, 6, 7, 8, i}));
  }
  EXPECT_EQ(udp().received_bytes(*id), 0u);
}

TEST_F(UdpTest, TheSendQueueIsBounded) {
  bench.know_peer();
  UdpConfig config;
  config.send_queue_bytes = 150;  // three frames of 45 bytes
  const auto id = udp().open({IpAddress(), 1000}, config);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(udp().send(bench.now, *id, tcp::Endpoint{kPeer, 1}, Bytes(3)));
  EXPECT_FALSE(udp().writable(*id));
  EXPECT_EQ(udp().send(bench.now, *id, tcp::Endpoint{kPeer, 1}, Bytes(3)).error(), UdpSendError::kQueueFull);
  EXPECT_EQ(bench.frames().size(), 3u);
  EXPECT_TRUE(udp().writable(*id));
}

TEST_F(UdpTest, WhatCannotBeSentIsToldApart) {
  const auto id = udp().open({IpAddress(), 1000});
  EXPECT_EQ(udp().send(bench.now, *id, tcp::Endpoint{kPeer, 0}, {}).error(), UdpSendError::kNoDestination);
  EXPECT_EQ(udp().send(bench.now, *id, tcp::Endpoint{kPeer, 1}, Bytes(1473)).error(), UdpSendError::kTooLong);
  EXPECT_TRUE(udp().send(bench.now, *id, tcp::Endpoint{kPeer, 1}, Bytes(1472)));
  const tcp::Endpoint everybody{Ipv4Address(255, 255, 255, 255), 1};
  EXPECT_EQ(udp().send(bench.now, *id, everybody, {}).error(), UdpSendError::kNotPermitted);
  UdpConfig allowing;
  allowing.broadcast = true;
  udp().configure(*id, allowing);
  EXPECT_TRUE(udp().send(bench.now, *id, everybody, {}));
  EXPECT_EQ(udp().open({Ipv4Address(10, 0, 0, 7), 1}).error(), OpenError::kAddressNotLocal);
  EXPECT_EQ(udp().open({IpAddress(), 1000}).error(), OpenError::kAddressInUse);
  EXPECT_EQ(udp().open({kOurs, 1000}).error(), OpenError::kAddressInUse);
}

// RFC 1112 6.4: 224.0.0.251 is 01:00:5e:00:00:fb; the highest bit of the low 24 is not carried.
TEST_F(UdpTest, GroupsHaveTheirOwnMacAddresses) {
  UdpConfig config;
  config.broadcast = true;
  const auto id = udp().open({IpAddress(), 1000}, config);
  for (const Ipv4Address to : {Ipv4Address(224, 0, 0, 251), Ipv4Address(239, 129, 2, 3), Ipv4Address(10, 0, 0, 255)}) {
    ASSERT_TRUE(udp().send(bench.now, *id, tcp::Endpoint{to, 1}, {}));
  }
  const auto frames = bench.frames();
  ASSERT_EQ(frames.size(), 3u);
  EXPECT_EQ(MacAddress::from_bytes(frames[0].bytes.data()), MacAddress({0x01, 0x00, 0x5e, 0, 0, 0xfb}));
  EXPECT_EQ(MacAddress::from_bytes(frames[1].bytes.data()), MacAddress({0x01, 0x00, 0x5e, 1, 2, 3}));
  EXPECT_EQ(MacAddress::from_bytes(frames[2].bytes.data()), MacAddress::broadcast());
}

struct UdpErrorTest : UdpTest {
  UdpSocketId id = kNoUdpSocket;
  void SetUp() override {
    bench.know_peer();
    id = *udp().open({IpAddress(), 1000});
    ASSERT_TRUE(udp().connect(id, {kPeer, 53}));
  }
  void icmp(std::uint8_t code, std::uint16_t mtu, std::uint16_t from = 1000, std::uint16_t to = 53) {
    test::IpOptions ours;
    ours.source = kOurs;
    ours.destination = kPeer;
    const Bytes original = test::ipv4(17, be16(from) + be16(to) + be16(8) + be16(0), ours);
    bench.receive(test::ethernet(test::ipv4(1, test::icmp(3, code, be16(0) + be16(mtu) + original))));
  }
};

// RFC 1122 4.1.3.3: errors are passed up.
TEST_F(UdpErrorTest, IcmpErrorsReachTheConnectedSocketOnce) {
  icmp(3, 0);
  EXPECT_EQ(udp().take_error(id), Unreachable::kPort);
  EXPECT_EQ(udp().take_error(id), Unreachable::kNone);
  icmp(1, 0);
  EXPECT_EQ(udp().take_error(id), Unreachable::kHost);
  icmp(3, 0, 1001);
  icmp(3, 0, 1000, 54);
  EXPECT_EQ(udp().take_error(id), Unreachable::kNone);
  EXPECT_EQ(counters().udp_icmp_unmatched, 2u);
  udp().disconnect(id);
  icmp(3, 0);
  EXPECT_EQ(udp().take_error(id), Unreachable::kNone);
}

// RFC 1191 3.
TEST_F(UdpErrorTest, APathWithASmallerMtuLimitsDatagrams) {
  icmp(4, 1000);
  EXPECT_EQ(udp().send(bench.now, id, std::nullopt, Bytes(973)).error(), UdpSendError::kTooLong);
  EXPECT_TRUE(udp().send(bench.now, id, std::nullopt, Bytes(972)));
  icmp(4, 1200);  // never raised
  EXPECT_FALSE(udp().send(bench.now, id, std::nullopt, Bytes(973)));
  icmp(4, 3);  // impossible: RFC 1191 3 has 68 as the least
  EXPECT_TRUE(udp().send(bench.now, id, std::nullopt, Bytes(40)));
  EXPECT_EQ(counters().path_mtu_lowered, 2u);
}

TEST_F(UdpTest, NobodyAtTheAddressIsAnError) {
  const auto id = udp().open({});
  ASSERT_TRUE(udp().connect(*id, {kPeer, 53}));
  ASSERT_TRUE(udp().send(bench.now, *id, std::nullopt, Bytes{1}));
  (void)bench.frames();
  for (int i = 0; i < 4; ++i) bench.pass(1s);
  EXPECT_EQ(udp().take_error(*id), Unreachable::kNoNeighbour);
}

// RFC 6056 3.3: chosen ports are dynamic ones, and not the next in line for everybody.
TEST_F(UdpTest, ChosenPortsAreDynamicAndDiffer) {
  std::set<std::uint16_t> ports;
  for (int i = 0; i < 100; ++i) {
    const auto id = udp().open({});
    ASSERT_TRUE(id);
    EXPECT_GE(udp().local(*id).port, kFirstEphemeralPort);
    ports.insert(udp().local(*id).port);
  }
  EXPECT_EQ(ports.size(), 100u);
}

}  // namespace
}  // namespace sockwire::stack
