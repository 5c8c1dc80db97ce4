// SPDX-License-Identifier: Apache-2.0
// Sockets over IPv6.
#include <gtest/gtest.h>

#include "tests/host/socket/fake_wire.hpp"

namespace sockwire {
namespace {

using namespace std::chrono_literals;
using test::Frame;
using test::ipv6_of;
using test::Pair;

TEST(HostIpv6, ListenerAtAllAddressesTakesBothVersions) {
  Pair pair;
  const int listener = *pair.far.socket();
  ASSERT_TRUE(pair.far.bind(listener, {IpAddress(), 80}));
  ASSERT_TRUE(pair.far.listen(listener, 4));
  for (const IpAddress& to : {ipv6_of(2), IpAddress(Ipv4Address(10, 0, 0, 2))}) {
    const int client = *pair.near.socket();
    const auto connected = pair.near.connect(client, {to, 80});
    ASSERT_TRUE(connected) << connected.error().message;
    const auto server = pair.far.accept(listener);
    ASSERT_TRUE(server);
    EXPECT_EQ(pair.far.getsockname(*server)->address, to);
    EXPECT_EQ(*pair.near.getpeername(client), *pair.far.getsockname(*server));
    EXPECT_EQ(*pair.far.getpeername(*server), *pair.near.getsockname(client));
    EXPECT_EQ((*pair.near.tcp_info(client))->mss, to.is_ipv4() ? 1448u : 1428u) << "less 12 for timestamps";
  }
}

TEST(HostIpv6, DataArrivesInFullSegments) {
  Pair pair;
  const int listener = *pair.far.socket();
  ASSERT_TRUE(pair.far.bind(listener, {ipv6_of(2), 80}));
  ASSERT_TRUE(pair.far.listen(listener, 1));
  const int client = *pair.near.socket();
  ASSERT_TRUE(pair.near.connect(client, {ipv6_of(2), 80}));
  const int server = *pair.far.accept(listener);
  Frame data(100'000);
  for (std::size_t i = 0; i < data.size(); ++i) data[i] = static_cast<std::uint8_t>(i * 31 + i / 999);
  ASSERT_EQ(*pair.near.send(client, data), data.size());
  ASSERT_TRUE(pair.near.shutdown(client, Shutdown::kWrite));
  Frame received;
  Frame chunk(65536);
  for (auto got = pair.far.recv(server, chunk); got && *got > 0; got = pair.far.recv(server, chunk)) {
    received.insert(received.end(), chunk.begin(), chunk.begin() + static_cast<std::ptrdiff_t>(*got));
  }
  EXPECT_EQ(received, data);
  EXPECT_EQ(pair.far.counters().tcp_checksum, 0u);
}

TEST(HostIpv6, PingHasItsAnswer) {
  Pair pair;
  const auto reply = pair.near.ping(ipv6_of(2), 3, 1452, 1s);
  ASSERT_TRUE(reply) << reply.error().message;
  EXPECT_EQ(reply->from, ipv6_of(2));
  EXPECT_EQ(reply->bytes, 1460u);
}

TEST(HostIpv6, ErrorsSayWhatIsWrong) {
  Pair pair;
  const int refused = *pair.near.socket();
  EXPECT_EQ(pair.near.connect(refused, {ipv6_of(2), 7}).error().code, SocketErrc::kRefused);
  const int nobody = *pair.near.socket();
  const auto unreachable = pair.near.connect(nobody, {ipv6_of(9), 80});
  EXPECT_EQ(unreachable.error().code, SocketErrc::kHostUnreachable);
  EXPECT_NE(unreachable.error().message.find("neighbour solicitations"), std::string::npos);
  const int away = *pair.near.socket();
  EXPECT_EQ(pair.near.connect(away, {*IpAddress::parse("2001:db8:1::1"), 80}).error().code,
            SocketErrc::kNetworkUnreachable);
}

}  // namespace
}  // namespace sockwire
