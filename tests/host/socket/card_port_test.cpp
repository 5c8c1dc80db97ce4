// SPDX-License-Identifier: Apache-2.0
// The whole way: sockets, stack, driver, the engine's kernels run directly, a cable, and back up on the other side.
#include "host/socket/card_port.hpp"

#include <gtest/gtest.h>

#include <random>

#include "sim/cosim/back_to_back.hpp"

namespace sockwire {
namespace {

using namespace std::chrono_literals;
using Bytes = std::vector<std::uint8_t>;

template <int kBytes>
std::unique_ptr<sim::Engine<kBytes>> native(int /*end*/, std::uint32_t boot_id) {
  return sim::make_native_engine<kBytes>(boot_id);
}

Bytes pattern(std::size_t bytes, std::uint32_t seed) {
  std::mt19937 random(seed);
  Bytes data(bytes);
  for (auto& byte : data) byte = static_cast<std::uint8_t>(random());
  return data;
}

/// Sends `data` as a task, then closes for sending.
struct Source {
  Host& host;
  int descriptor;
  const Bytes& data;
  std::size_t sent = 0;
  bool done = false;

  bool turn() {
    if (done) return false;
    const auto taken = host.send(descriptor, std::span(data).subspan(sent));
    if (!taken) return false;
    sent += *taken;
    if (sent == data.size()) {
      EXPECT_TRUE(host.shutdown(descriptor, Shutdown::kWrite));
      done = true;
    }
    return true;
  }
};

struct Sink {
  Host& host;
  int descriptor;
  Bytes received;
  bool ended = false;

  bool turn() {
    if (ended) return false;
    const std::size_t before = received.size();
    received.resize(before + 65536);
    const auto got = host.recv(descriptor, std::span(received).subspan(before));
    received.resize(before + (got ? *got : 0));
    ended = got && *got == 0;
    return got.ok();
  }
};

template <int kBytes>
struct Joined {
  explicit Joined(const sim::BackToBackOptions& options = {}) : pair(native<kBytes>, options) {
    EXPECT_EQ(pair.start(), "");
  }

  void connect() {
    const int listener = *pair.host(1).socket();
    ASSERT_TRUE(pair.host(1).bind(listener, {Ipv4Address(), 80}));
    ASSERT_TRUE(pair.host(1).listen(listener, 4));
    client = *pair.host(0).socket();
    const auto connected = pair.host(0).connect(client, {pair.address(1), 80});
    ASSERT_TRUE(connected) << connected.error().message;
    const auto accepted = pair.host(1).accept(listener);
    ASSERT_TRUE(accepted) << accepted.error().message;
    server = *accepted;
    ASSERT_TRUE(pair.host(0).set_nonblocking(client, true));
    ASSERT_TRUE(pair.host(1).set_nonblocking(server, true));
  }

  sim::BackToBack<kBytes> pair;
  int client = -1;
  int server = -1;
};

template <int kBytes>
void both_ways(const sim::BackToBackOptions& options, std::size_t bytes, Duration patience) {
  Joined<kBytes> joined(options);
  joined.connect();
  if (testing::Test::HasFatalFailure()) return;
  const Bytes there = pattern(bytes, 1);
  const Bytes back = pattern(bytes / 2, 2);
  Host& near = joined.pair.host(0);
  Host& far = joined.pair.host(1);
  Source near_source{near, joined.client, there};
  Source far_source{far, joined.server, back};
  Sink near_sink{near, joined.client, {}};
  Sink far_sink{far, joined.server, {}};
  Loop& loop = joined.pair.loop();
  loop.add_task([&] {
    bool busy = near_source.turn();
    busy |= far_source.turn();
    busy |= near_sink.turn();
    busy |= far_sink.turn();
    return busy;
  });
  ASSERT_TRUE(loop.run_until([&] { return near_sink.ended && far_sink.ended; }, loop.now() + patience))
      << far_sink.received.size() << " of " << there.size() << " there, " << near_sink.received.size() << " back";
  EXPECT_TRUE(far_sink.received == there);
  EXPECT_TRUE(near_sink.received == back);
  EXPECT_EQ(near.counters().tcp_checksum + far.counters().tcp_checksum, 0u);
  ASSERT_TRUE(near.close(joined.client));
  ASSERT_TRUE(far.close(joined.server));
  EXPECT_TRUE(near.drain(10s));
  EXPECT_TRUE(far.drain(10s));
}

TEST(CardPort, PingGoesThroughBothCards) {
  Joined<1> joined;
  const auto reply = joined.pair.host(0).ping(joined.pair.address(1), 1, 56, 1s);
  ASSERT_TRUE(reply) << reply.error().message;
  EXPECT_EQ(reply->bytes, 64u);
  // At least the line time of both frames' 98 bytes with preamble, FCS and gap at 1 Gb/s; not much more than that.
  EXPECT_GE(reply->rtt, Duration(8ns * 98));
  EXPECT_LE(reply->rtt, Duration(20us));
}

TEST(CardPort, RefusalComesBack) {
  Joined<1> joined;
  const int client = *joined.pair.host(0).socket();
  const auto connected = joined.pair.host(0).connect(client, {joined.pair.address(1), 81});
  ASSERT_FALSE(connected);
  EXPECT_EQ(connected.error().message, "connection refused by 10.0.0.2:81");
}

TEST(CardPort, BothWaysAtWidth1) { both_ways<1>({}, 400000, 1s); }

TEST(CardPort, BothWaysAtWidth8) { both_ways<8>({}, 1000000, 1s); }

TEST(CardPort, LossReorderingAndDuplicationAreRepaired) {
  sim::BackToBackOptions options;
  options.a_to_b.loss = options.b_to_a.loss = 0.02;
  options.a_to_b.reordering = options.b_to_a.reordering = 0.02;
  options.a_to_b.duplication = options.b_to_a.duplication = 0.01;
  options.seed = 7;
  both_ways<1>(options, 300000, 60s);
}

}  // namespace
}  // namespace sockwire
