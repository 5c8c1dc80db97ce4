// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <array>
#include <string>

#include "tests/host/socket/fake_wire.hpp"

namespace sockwire {
namespace {

using namespace std::chrono_literals;
using test::Pair;

std::vector<std::uint8_t> bytes_of(const std::string& text) { return {text.begin(), text.end()}; }

struct HostDatagram : testing::Test {
  Pair pair;
  std::array<std::uint8_t, 2048> buffer{};
  int near = *pair.near.socket(SocketType::kDatagram);
  int far = *pair.far.socket(SocketType::kDatagram);

  std::string text(const ReceivedDatagram& datagram) const {
    return {buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(datagram.bytes)};
  }
};

TEST_F(HostDatagram, SendtoAndRecvfromBothWays) {
  ASSERT_TRUE(pair.far.bind(far, {IpAddress(), 7}));
  ASSERT_TRUE(pair.near.sendto(near, bytes_of("hello"), Pair::far_at(7)));
  const auto asked = pair.far.recvfrom(far, buffer);
  ASSERT_TRUE(asked) << asked.error().message;
  EXPECT_EQ(text(*asked), "hello");
  EXPECT_EQ(asked->from.address, IpAddress(Ipv4Address(10, 0, 0, 1)));
  EXPECT_EQ(asked->to, Pair::far_at(7));
  ASSERT_TRUE(pair.far.sendto(far, bytes_of("hi"), asked->from));
  const auto answered = pair.near.recvfrom(near, buffer);
  ASSERT_TRUE(answered) << answered.error().message;
  EXPECT_EQ(text(*answered), "hi");
  EXPECT_EQ(answered->from, Pair::far_at(7));
}

TEST_F(HostDatagram, BoundariesAreKeptAndWhatFindsNoRoomIsLost) {
  ASSERT_TRUE(pair.far.bind(far, {IpAddress(), 7}));
  ASSERT_TRUE(pair.near.connect(near, Pair::far_at(7)));
  for (const char* one : {"first", "", "third one"}) ASSERT_TRUE(pair.near.send(near, bytes_of(one)));
  EXPECT_EQ(text(*pair.far.recvfrom(far, buffer)), "first");
  EXPECT_EQ(pair.far.recvfrom(far, buffer)->whole_bytes, 0u);
  const auto cut = pair.far.recvfrom(far, std::span(buffer).first(5));
  EXPECT_EQ(cut->bytes, 5u);
  EXPECT_EQ(cut->whole_bytes, 9u);
  EXPECT_EQ(pair.near.udp_counts(near)->datagrams_out, 3u);
  EXPECT_EQ(pair.far.udp_counts(far)->datagrams_in, 3u);
}

// RFC 1122 4.1.3.3: as on Linux the next call fails, the one after it does not.
TEST_F(HostDatagram, ARefusedPortIsToldOnce) {
  ASSERT_TRUE(pair.near.connect(near, Pair::far_at(9)));
  ASSERT_TRUE(pair.near.send(near, bytes_of("x")));
  EXPECT_EQ(pair.near.recvfrom(near, buffer).error().code, SocketErrc::kRefused);
  ASSERT_TRUE(pair.near.set_nonblocking(near, true));
  EXPECT_EQ(pair.near.recvfrom(near, buffer).error().code, SocketErrc::kWouldBlock);
}

TEST_F(HostDatagram, PollTellsReadableWritableAndFailed) {
  ASSERT_TRUE(pair.far.bind(far, {IpAddress(), 7}));
  std::array<PollRequest, 1> request{};
  request[0].descriptor = far;
  request[0].want_readable = true;
  EXPECT_EQ(*pair.far.poll(request, 1s), 0);
  ASSERT_TRUE(pair.near.sendto(near, bytes_of("x"), Pair::far_at(7)));
  EXPECT_EQ(*pair.far.poll(request, 1s), 1);
  EXPECT_TRUE(request[0].readable);
  EXPECT_TRUE(request[0].writable);
  EXPECT_EQ(*pair.far.readable_bytes(far), 1u);

  ASSERT_TRUE(pair.near.connect(near, Pair::far_at(9)));
  ASSERT_TRUE(pair.near.send(near, bytes_of("x")));
  request[0] = {};
  request[0].descriptor = near;
  EXPECT_EQ(*pair.near.poll(request, 1s), 1);
  EXPECT_TRUE(request[0].failed);
  EXPECT_EQ(pair.near.error(near)->value().code, SocketErrc::kRefused);
}

TEST_F(HostDatagram, BlockingSendWaitsForTheCard) {
  ASSERT_TRUE(pair.far.set_buffers(far, 4096, 1 << 20));
  ASSERT_TRUE(pair.far.bind(far, {IpAddress(), 7}));
  ASSERT_TRUE(pair.near.set_buffers(near, 4096, 4096));
  ASSERT_TRUE(pair.near.connect(near, Pair::far_at(7)));
  // The first one settles ARP, whose queue is shorter than this.
  ASSERT_TRUE(pair.near.send(near, bytes_of("x")));
  ASSERT_TRUE(pair.far.recvfrom(far, buffer));
  const std::vector<std::uint8_t> datagram(1000, 1);
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(pair.near.send(near, datagram));
  for (int i = 0; i < 100; ++i) EXPECT_EQ(pair.far.recvfrom(far, buffer)->bytes, 1000u);
}

TEST_F(HostDatagram, ATimeOutEndsTheWait) {
  ASSERT_TRUE(pair.near.set_timeout(near, 2s));
  ASSERT_TRUE(pair.near.bind(near, {IpAddress(), 7}));
  EXPECT_EQ(pair.near.recvfrom(near, buffer).error().code, SocketErrc::kExpired);
}

TEST_F(HostDatagram, AnUnboundSocketWaitsForItsTimeOut) {
  ASSERT_TRUE(pair.near.set_timeout(near, 2s));
  EXPECT_EQ(pair.near.recvfrom(near, buffer).error().code, SocketErrc::kExpired);
}

TEST_F(HostDatagram, StreamCallsAndDatagramCallsAreToldApart) {
  const int stream = *pair.near.socket();
  EXPECT_EQ(pair.near.sendto(stream, bytes_of("x"), Pair::far_at(7)).error().code, SocketErrc::kInvalid);
  EXPECT_EQ(pair.near.send(near, bytes_of("x")).error().code, SocketErrc::kNoDestination);
  EXPECT_EQ(pair.near.listen(near, 1).error().code, SocketErrc::kInvalid);
  EXPECT_EQ(pair.near.shutdown(near, Shutdown::kBoth).error().code, SocketErrc::kNotConnected);
  // TCP's and UDP's ports are apart.
  ASSERT_TRUE(pair.near.bind(stream, {IpAddress(), 7}));
  EXPECT_FALSE(pair.near.bind(near, {IpAddress(), 7}));  // send() has bound it
  const int other = *pair.near.socket(SocketType::kDatagram);
  EXPECT_TRUE(pair.near.bind(other, {IpAddress(), 7}));
  EXPECT_TRUE(pair.near.list()[static_cast<std::size_t>(other)].datagram);
  EXPECT_TRUE(pair.near.close(other));
}

// RFC 1112 4, 6.1: members of a group hear it, and it does not leave the link unless asked.
TEST_F(HostDatagram, MembersOfAGroupHearIt) {
  const IpAddress group = IpAddress::from_ipv4(0xef010203);  // 239.1.2.3
  ASSERT_TRUE(pair.far.bind(far, {group, 7}));
  ASSERT_TRUE(pair.near.sendto(near, bytes_of("x"), {group, 7}));
  ASSERT_TRUE(pair.far.set_timeout(far, 1s));
  EXPECT_FALSE(pair.far.recvfrom(far, buffer));
  ASSERT_TRUE(pair.far.join_group(far, group));
  EXPECT_EQ(pair.far.join_group(far, group).error().code, SocketErrc::kAddressInUse);
  ASSERT_TRUE(pair.near.sendto(near, bytes_of("y"), {group, 7}));
  const auto heard = pair.far.recvfrom(far, buffer);
  ASSERT_TRUE(heard);
  EXPECT_EQ(heard->to.address, group);
  ASSERT_TRUE(pair.far.leave_group(far, group));
  EXPECT_EQ(pair.far.leave_group(far, group).error().code, SocketErrc::kAddressNotLocal);
  ASSERT_TRUE(pair.near.sendto(near, bytes_of("z"), {group, 7}));
  EXPECT_FALSE(pair.far.recvfrom(far, buffer));
  EXPECT_EQ(pair.far.join_group(far, Ipv4Address(10, 0, 0, 9)).error().code, SocketErrc::kInvalid);
}

TEST_F(HostDatagram, AClosedSocketLeavesItsGroups) {
  const IpAddress group = IpAddress::from_ipv4(0xef010203);
  ASSERT_TRUE(pair.far.join_group(far, group));
  EXPECT_TRUE(pair.far.stack().network().is_for_us(group));
  ASSERT_TRUE(pair.far.close(far));
  EXPECT_FALSE(pair.far.stack().network().is_for_us(group));
}

}  // namespace
}  // namespace sockwire
