// SPDX-License-Identifier: Apache-2.0
// Data both ways.
#include <gtest/gtest.h>

#include <random>

#include "tests/host/socket/fake_wire.hpp"

namespace sockwire {
namespace {

using namespace std::chrono_literals;
using test::Frame;
using test::Pair;

Frame pattern(std::size_t bytes, std::uint32_t seed) {
  std::mt19937 random(seed);
  Frame data(bytes);
  for (auto& byte : data) byte = static_cast<std::uint8_t>(random());
  return data;
}

/// A connected pair of sockets.
struct Connected : Pair {
  Connected() {
    const int listener = far_listener(80);
    client = *near.socket();
    const auto connected = near.connect(client, far_at(80));
    EXPECT_TRUE(connected) << connected.error().message;
    server = *far.accept(listener);
  }
  int client = -1;
  int server = -1;
};

/// Receives everything up to the end of the stream while the sender runs as a task.
struct Sink {
  Host& host;
  int descriptor;
  Frame received;
  bool ended = false;

  bool turn() {
    Frame chunk(65536);
    const auto got = host.recv(descriptor, chunk);
    if (!got) return false;
    if (*got == 0) {
      const bool news = !ended;
      ended = true;
      return news;
    }
    received.insert(received.end(), chunk.begin(), chunk.begin() + static_cast<std::ptrdiff_t>(*got));
    return true;
  }
};

TEST(HostTransfer, ShortMessageArrives) {
  Connected pair;
  const Frame message = pattern(11, 1);
  EXPECT_EQ(*pair.near.send(pair.client, message), message.size());
  Frame got(100);
  const auto received = pair.far.recv(pair.server, got);
  ASSERT_TRUE(received);
  got.resize(*received);
  EXPECT_EQ(got, message);
}

TEST(HostTransfer, MegabytesArriveInSuperSegments) {
  Connected pair;
  const Frame data = pattern(4 << 20, 2);
  ASSERT_TRUE(pair.far.set_nonblocking(pair.server, true));
  Sink sink{pair.far, pair.server, {}, false};
  pair.loop.add_task([&] { return sink.turn(); });
  const TimePoint start = pair.world.now();
  ASSERT_EQ(*pair.near.send(pair.client, data), data.size());
  ASSERT_TRUE(pair.near.shutdown(pair.client, Shutdown::kWrite));
  ASSERT_TRUE(pair.loop.run_until([&] { return sink.ended; }, start + 10s));
  EXPECT_TRUE(sink.received == data);
  EXPECT_GT(pair.near_port.largest_send, 8000u) << "the card cuts, not the stack";
  EXPECT_EQ(pair.far.counters().tcp_checksum, 0u);
  EXPECT_EQ(pair.far.counters().ipv4_checksum, 0u);
  // 4 MiB take 34.6 ms at 1 Gb/s with 66 bytes of headers and 24 of line overhead for each 1448.
  EXPECT_LT(pair.world.now() - start, Duration(45ms));
}

TEST(HostTransfer, BothWaysAtOnce) {
  Connected pair;
  const Frame there = pattern(1 << 20, 3);
  const Frame back = pattern(1 << 20, 4);
  ASSERT_TRUE(pair.far.set_nonblocking(pair.server, true));
  Sink sink{pair.far, pair.server, {}, false};
  std::size_t answered = 0;
  pair.loop.add_task([&] {
    bool busy = sink.turn();
    if (answered < back.size()) {
      const auto sent = pair.far.send(pair.server, std::span(back).subspan(answered));
      if (sent) {
        answered += *sent;
        busy = true;
        if (answered == back.size()) {
          EXPECT_TRUE(pair.far.shutdown(pair.server, Shutdown::kWrite));
        }
      }
    }
    return busy;
  });
  ASSERT_EQ(*pair.near.send(pair.client, there), there.size());
  ASSERT_TRUE(pair.near.shutdown(pair.client, Shutdown::kWrite));
  ASSERT_TRUE(pair.near.set_nonblocking(pair.client, true));
  Sink near_sink{pair.near, pair.client, {}, false};
  pair.loop.add_task([&] { return near_sink.turn(); });
  ASSERT_TRUE(pair.loop.run_until([&] { return sink.ended && near_sink.ended; }, pair.world.now() + 10s));
  EXPECT_TRUE(sink.received == there);
  EXPECT_TRUE(near_sink.received == back);
}

TEST(HostTransfer, LossIsRepaired) {
  Connected pair;
  constexpr std::uint32_t kSeed = 5;
  SCOPED_TRACE(kSeed);
  std::mt19937 random(kSeed);
  const auto lose = [&](const Frame&) { return random() % 100 < 2; };
  pair.near_port.lose = lose;
  pair.far_port.lose = lose;
  const Frame data = pattern(1 << 20, 6);
  ASSERT_TRUE(pair.far.set_nonblocking(pair.server, true));
  Sink sink{pair.far, pair.server, {}, false};
  pair.loop.add_task([&] { return sink.turn(); });
  ASSERT_EQ(*pair.near.send(pair.client, data), data.size());
  ASSERT_TRUE(pair.near.shutdown(pair.client, Shutdown::kWrite));
  ASSERT_TRUE(pair.loop.run_until([&] { return sink.ended; }, pair.world.now() + 60s));
  EXPECT_TRUE(sink.received == data);
  EXPECT_GT((*pair.near.tcp_info(pair.client))->retransmissions, 0u);
}

// RFC 9293 3.6: closing says "I have no more data to send"; receiving goes on.
TEST(HostTransfer, HalfCloseStillReceives) {
  Connected pair;
  ASSERT_TRUE(pair.near.send(pair.client, pattern(10, 7)));
  ASSERT_TRUE(pair.near.shutdown(pair.client, Shutdown::kWrite));
  EXPECT_EQ(pair.near.send(pair.client, pattern(1, 8)).error().code, SocketErrc::kBrokenPipe);
  Frame got(100);
  EXPECT_EQ(*pair.far.recv(pair.server, got), 10u);
  EXPECT_EQ(*pair.far.recv(pair.server, got), 0u);
  EXPECT_EQ(*pair.far.recv(pair.server, got), 0u) << "the end stays the end";
  ASSERT_TRUE(pair.far.send(pair.server, pattern(20, 9)));
  EXPECT_EQ(*pair.near.recv(pair.client, got), 20u);
}

TEST(HostTransfer, ResetIsToldOnce) {
  Connected pair;
  ASSERT_TRUE(pair.far.abort(pair.server));
  Frame got(10);
  const auto received = pair.near.recv(pair.client, got);
  ASSERT_FALSE(received);
  EXPECT_EQ(received.error().code, SocketErrc::kReset);
  EXPECT_EQ(received.error().message, "connection reset by 10.0.0.2:80");
  EXPECT_EQ(*pair.near.recv(pair.client, got), 0u);
  EXPECT_EQ(pair.near.send(pair.client, got).error().code, SocketErrc::kBrokenPipe);
}

TEST(HostTransfer, NonBlockingSendTakesWhatFits) {
  Pair pair;
  const int listener = pair.far_listener(80);
  const int client = *pair.near.socket();
  ASSERT_TRUE(pair.near.set_buffers(client, 16384, 16384));
  ASSERT_TRUE(pair.near.connect(client, Pair::far_at(80)));
  ASSERT_TRUE(pair.far.accept(listener));
  ASSERT_TRUE(pair.near.set_nonblocking(client, true));
  const Frame data = pattern(100000, 10);
  EXPECT_EQ(*pair.near.send(client, data), 16384u);
  EXPECT_EQ(pair.near.send(client, data).error().code, SocketErrc::kWouldBlock);
  EXPECT_EQ(*pair.near.unacknowledged_bytes(client), 16384u);
}

TEST(HostTransfer, FullReceiverHoldsTheSenderUp) {
  Connected pair;  // the far side reads nothing for now
  const Frame data = pattern(3 << 20, 11);
  ASSERT_TRUE(pair.near.set_timeout(pair.client, 2s));
  std::size_t sent = 0;
  while (sent < data.size()) {
    const auto taken = pair.near.send(pair.client, std::span(data).subspan(sent));
    if (!taken) {
      EXPECT_EQ(taken.error().code, SocketErrc::kExpired);
      break;
    }
    sent += *taken;
  }
  ASSERT_LT(sent, data.size());
  // The first window, which grows only with what is read, less what window scaling cannot express.
  EXPECT_LE(*pair.far.readable_bytes(pair.server), std::size_t{65536});
  EXPECT_GE(*pair.far.readable_bytes(pair.server), std::size_t{65536 - 128});
  // It goes on when there is room again: zero-window probes and window updates (RFC 9293 3.8.6).
  ASSERT_TRUE(pair.far.set_nonblocking(pair.server, true));
  Sink sink{pair.far, pair.server, {}, false};
  pair.loop.add_task([&] { return sink.turn(); });
  ASSERT_TRUE(pair.near.shutdown(pair.client, Shutdown::kWrite));
  ASSERT_TRUE(pair.loop.run_until([&] { return sink.ended; }, pair.world.now() + 60s));
  ASSERT_EQ(sink.received.size(), sent);
  EXPECT_TRUE(std::equal(sink.received.begin(), sink.received.end(), data.begin()));
}

TEST(HostTransfer, CloseAfterSendDeliversEverything) {
  Connected pair;
  const Frame data = pattern(300000, 12);
  ASSERT_EQ(*pair.near.send(pair.client, data), data.size());
  ASSERT_TRUE(pair.near.close(pair.client));
  Frame got;
  Frame chunk(50000);
  while (true) {
    const auto received = pair.far.recv(pair.server, chunk);
    ASSERT_TRUE(received) << received.error().message;
    if (*received == 0) break;
    got.insert(got.end(), chunk.begin(), chunk.begin() + static_cast<std::ptrdiff_t>(*received));
  }
  EXPECT_TRUE(got == data);
}

TEST(HostTransfer, ManyConnectionsShareTheLine) {
  Pair pair;
  const int listener = pair.far_listener(80, 64);
  std::vector<int> clients;
  std::vector<int> servers;
  const Frame data = pattern(20000, 13);
  for (int i = 0; i < 20; ++i) {
    clients.push_back(*pair.near.socket());
    ASSERT_TRUE(pair.near.connect(clients.back(), Pair::far_at(80)));
    servers.push_back(*pair.far.accept(listener));
  }
  for (const int client : clients) {
    ASSERT_TRUE(pair.near.send(client, data));
    ASSERT_TRUE(pair.near.shutdown(client, Shutdown::kWrite));
  }
  for (const int server : servers) {
    Frame got;
    Frame chunk(4096);
    for (auto n = pair.far.recv(server, chunk); n && *n > 0; n = pair.far.recv(server, chunk)) {
      got.insert(got.end(), chunk.begin(), chunk.begin() + static_cast<std::ptrdiff_t>(*n));
    }
    EXPECT_TRUE(got == data);
  }
}

}  // namespace
}  // namespace sockwire
