// SPDX-License-Identifier: Apache-2.0
// Making, refusing, timing out and ending connections.
#include <gtest/gtest.h>

#include <array>
#include <set>

#include "hls/wire/ethernet.hpp"
#include "tests/host/socket/fake_wire.hpp"

namespace sockwire {
namespace {

using namespace std::chrono_literals;
using test::Frame;
using test::Pair;

TEST(HostConnect, HandshakeGivesBothSidesASocket) {
  Pair pair;
  const int listener = pair.far_listener(80);
  const int client = *pair.near.socket();
  const auto connected = pair.near.connect(client, Pair::far_at(80));
  ASSERT_TRUE(connected) << connected.error().message;
  const auto server = pair.far.accept(listener);
  ASSERT_TRUE(server);
  EXPECT_EQ(pair.far.getpeername(*server)->address, IpAddress(Ipv4Address(10, 0, 0, 1)));
  EXPECT_EQ(pair.far.getpeername(*server)->port, pair.near.getsockname(client)->port);
  EXPECT_EQ(pair.near.getpeername(client)->port, 80);
  // RFC 6335 6: the dynamic ports.
  EXPECT_GE(pair.near.getsockname(client)->port, 49152);
}

TEST(HostConnect, ClosedPortRefuses) {
  Pair pair;
  const int client = *pair.near.socket();
  const auto connected = pair.near.connect(client, Pair::far_at(81));
  ASSERT_FALSE(connected);
  EXPECT_EQ(connected.error().code, SocketErrc::kRefused);
  EXPECT_EQ(connected.error().message, "connection refused by 10.0.0.2:81");
  EXPECT_EQ(pair.far.counters().tcp_no_connection, 1u);
  EXPECT_EQ(pair.far.counters().tcp_resets_out, 1u);
}

TEST(HostConnect, NobodyAtTheAddress) {
  Pair pair;
  const int client = *pair.near.socket();
  const auto connected = pair.near.connect(client, {Ipv4Address(10, 0, 0, 9), 80});
  ASSERT_FALSE(connected);
  EXPECT_EQ(connected.error().code, SocketErrc::kHostUnreachable);
  EXPECT_NE(connected.error().message.find("10.0.0.9"), std::string::npos);
  EXPECT_EQ(pair.near.counters().neighbour_unanswered, 1u);
  EXPECT_EQ(pair.near.counters().arp_requests_out, 3u);
}

TEST(HostConnect, NoRouteWithoutGateway) {
  Pair pair;
  const int client = *pair.near.socket();
  const auto connected = pair.near.connect(client, {Ipv4Address(192, 0, 2, 1), 80});
  ASSERT_FALSE(connected);
  EXPECT_EQ(connected.error().code, SocketErrc::kNetworkUnreachable);
  EXPECT_EQ(pair.near.counters().no_route, 1u);
}

TEST(HostConnect, SilentPeerTimesOut) {
  Pair pair;
  pair.far_listener(80);
  pair.near_port.lose = [](const Frame& frame) { return load_be16(&frame[12]) == wire::kEtherTypeIpv4; };
  const int client = *pair.near.socket();
  const auto connected = pair.near.connect(client, Pair::far_at(80));
  ASSERT_FALSE(connected);
  EXPECT_EQ(connected.error().code, SocketErrc::kTimedOut);
  EXPECT_EQ(connected.error().message, "no answer from 10.0.0.2:80");
}

TEST(HostConnect, OwnTimeoutIsShorter) {
  Pair pair;
  pair.near_port.lose = [](const Frame& frame) { return load_be16(&frame[12]) == wire::kEtherTypeIpv4; };
  const int client = *pair.near.socket();
  ASSERT_TRUE(pair.near.set_timeout(client, 3s));
  const TimePoint start = pair.world.now();
  const auto connected = pair.near.connect(client, Pair::far_at(80));
  ASSERT_FALSE(connected);
  EXPECT_EQ(connected.error().code, SocketErrc::kExpired);
  EXPECT_EQ(pair.world.now() - start, Duration(3s));
  // The socket is as it was before.
  std::array<std::uint8_t, 1> byte{};
  EXPECT_EQ(pair.near.recv(client, byte).error().code, SocketErrc::kNotConnected);
  EXPECT_EQ(pair.near.connect(client, Pair::far_at(80)).error().code, SocketErrc::kExpired);
}

TEST(HostConnect, NonBlockingEndsLater) {
  Pair pair;
  const int listener = pair.far_listener(80);
  const int client = *pair.near.socket();
  ASSERT_TRUE(pair.near.set_nonblocking(client, true));
  EXPECT_EQ(pair.near.connect(client, Pair::far_at(80)).error().code, SocketErrc::kInProgress);
  PollRequest request;
  request.descriptor = client;
  request.want_writable = true;
  EXPECT_EQ(*pair.near.poll({&request, 1}, 0s), 0);
  EXPECT_EQ(*pair.near.poll({&request, 1}, 1s), 1);
  EXPECT_TRUE(request.writable);
  EXPECT_FALSE(request.failed);
  EXPECT_FALSE(*pair.near.error(client));
  EXPECT_TRUE(pair.far.accept(listener));
}

TEST(HostConnect, NonBlockingRefusalIsInError) {
  Pair pair;
  const int client = *pair.near.socket();
  ASSERT_TRUE(pair.near.set_nonblocking(client, true));
  ASSERT_FALSE(pair.near.connect(client, Pair::far_at(80)));
  PollRequest request;
  request.descriptor = client;
  request.want_writable = true;
  EXPECT_EQ(*pair.near.poll({&request, 1}, std::nullopt), 1);
  EXPECT_TRUE(request.failed);
  const auto error = *pair.near.error(client);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code, SocketErrc::kRefused);
  EXPECT_FALSE(*pair.near.error(client)) << "it is told once";
}

TEST(HostConnect, AcceptWithoutAnyoneStallsInVirtualTime) {
  Pair pair;
  const auto accepted = pair.far.accept(pair.far_listener(80));
  ASSERT_FALSE(accepted);
  EXPECT_EQ(accepted.error().code, SocketErrc::kStalled);
}

TEST(HostConnect, NonBlockingAcceptSaysSo) {
  Pair pair;
  const int listener = pair.far_listener(80);
  ASSERT_TRUE(pair.far.set_nonblocking(listener, true));
  EXPECT_EQ(pair.far.accept(listener).error().code, SocketErrc::kWouldBlock);
}

TEST(HostConnect, PortsAreTakenOnce) {
  Pair pair;
  pair.far_listener(80);
  const int second = *pair.far.socket();
  EXPECT_EQ(pair.far.bind(second, {Ipv4Address(), 80}).error().code, SocketErrc::kAddressInUse);
  EXPECT_EQ(pair.far.bind(second, {Ipv4Address(10, 0, 0, 7), 81}).error().code, SocketErrc::kAddressNotLocal);
  EXPECT_TRUE(pair.far.bind(second, {Ipv4Address(10, 0, 0, 2), 81}));
}

TEST(HostConnect, BoundPortIsUsed) {
  Pair pair;
  pair.far_listener(80);
  const int client = *pair.near.socket();
  ASSERT_TRUE(pair.near.bind(client, {Ipv4Address(), 12345}));
  ASSERT_TRUE(pair.near.connect(client, Pair::far_at(80)));
  EXPECT_EQ(pair.near.getsockname(client)->port, 12345);
}

// bind(2): port 0 is a port of the host's choice, and getsockname() tells which.
TEST(HostConnect, PortZeroIsChosenAtOnce) {
  Pair pair;
  std::set<std::uint16_t> ports;
  for (int i = 0; i < 50; ++i) {
    const int one = *pair.near.socket();
    ASSERT_TRUE(pair.near.bind(one, {Ipv4Address(), 0}));
    ports.insert(pair.near.getsockname(one)->port);
  }
  EXPECT_EQ(ports.size(), 50u);
  EXPECT_FALSE(ports.contains(0));
}

TEST(HostConnect, ABoundPortIsTakenUntilItsSocketIsClosed) {
  Pair pair;
  const int one = *pair.near.socket();
  const int other = *pair.near.socket();
  ASSERT_TRUE(pair.near.bind(one, {Ipv4Address(), 4000}));
  EXPECT_EQ(pair.near.bind(other, {Ipv4Address(), 4000}).error().code, SocketErrc::kAddressInUse);
  ASSERT_TRUE(pair.near.close(one));
  EXPECT_TRUE(pair.near.bind(other, {Ipv4Address(), 4000}));
}

TEST(HostConnect, WrongUseIsRefused) {
  Pair pair;
  EXPECT_EQ(pair.near.send(5, {}).error().code, SocketErrc::kBadDescriptor);
  const int fresh = *pair.near.socket();
  EXPECT_EQ(pair.near.send(fresh, {}).error().code, SocketErrc::kBrokenPipe);
  EXPECT_EQ(pair.near.accept(fresh).error().code, SocketErrc::kInvalid);
  EXPECT_EQ(pair.near.connect(fresh, {Ipv4Address(10, 0, 0, 255), 80}).error().code, SocketErrc::kInvalid);
  EXPECT_EQ(pair.near.connect(fresh, {Ipv4Address(10, 0, 0, 2), 0}).error().code, SocketErrc::kInvalid);
  const int listener = pair.far_listener(80);
  EXPECT_EQ(pair.far.connect(listener, {Ipv4Address(10, 0, 0, 1), 1}).error().code, SocketErrc::kInvalid);
  EXPECT_EQ(pair.far.listen(listener, 1).error().code, SocketErrc::kInvalid);
}

TEST(HostConnect, ClosingAListenerResetsWhoWaits) {
  Pair pair;
  const int listener = pair.far_listener(80);
  const int client = *pair.near.socket();
  ASSERT_TRUE(pair.near.connect(client, Pair::far_at(80)));
  ASSERT_TRUE(pair.far.close(listener));
  std::uint8_t byte = 0;
  const auto received = pair.near.recv(client, {&byte, 1});
  ASSERT_FALSE(received);
  EXPECT_EQ(received.error().code, SocketErrc::kReset);
}

TEST(HostConnect, RowsShowTheTable) {
  Pair pair;
  const int listener = pair.far_listener(80);
  const int client = *pair.near.socket();
  ASSERT_TRUE(pair.near.connect(client, Pair::far_at(80)));
  const auto near_rows = pair.near.list();
  ASSERT_EQ(near_rows.size(), 1u);
  EXPECT_EQ(near_rows[0].descriptor, client);
  EXPECT_EQ(near_rows[0].state, tcp::State::kEstablished);
  ASSERT_TRUE(near_rows[0].info);
  // The last ACK of the handshake may be under way when connect() returns.
  ASSERT_TRUE(pair.far.accept(listener));
  const auto far_rows = pair.far.list();
  ASSERT_EQ(far_rows.size(), 2u);
  EXPECT_EQ(far_rows[0].state, tcp::State::kListen);
  EXPECT_EQ(far_rows[0].send_queue, 8u);
  EXPECT_EQ(far_rows[1].remote, near_rows[0].local);
}

TEST(HostConnect, DescriptorIsFreeAtOnceAndTheConnectionFinishesOnItsOwn) {
  Pair pair;
  const int listener = pair.far_listener(80);
  const int client = *pair.near.socket();
  ASSERT_TRUE(pair.near.connect(client, Pair::far_at(80)));
  const int server = *pair.far.accept(listener);
  ASSERT_TRUE(pair.near.close(client));
  EXPECT_EQ(*pair.near.socket(), client);
  ASSERT_EQ(pair.near.list().size(), 2u);
  EXPECT_EQ(pair.near.list()[1].descriptor, -1);
  ASSERT_TRUE(pair.far.close(server));
  EXPECT_TRUE(pair.near.drain(5s));
  EXPECT_TRUE(pair.far.drain(5s));
  EXPECT_EQ(pair.near.list()[1].state, tcp::State::kTimeWait);
  pair.loop.run_until([] { return false; }, pair.world.now() + 5min);
  EXPECT_EQ(pair.near.list().size(), 1u);
  EXPECT_EQ(pair.near_port.closed.size(), 1u) << "the card is told";
  EXPECT_EQ(pair.far_port.closed.size(), 1u);
}

}  // namespace
}  // namespace sockwire
