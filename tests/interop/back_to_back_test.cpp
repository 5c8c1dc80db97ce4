// SPDX-License-Identifier: Apache-2.0
// Sockets, TCP, driver and engine twice, and a cable between: files both ways at once, on clean and on bad wires.
#include <gtest/gtest.h>

#include "sim/cosim/back_to_back.hpp"
#include "sim/dut/engine.hpp"
#include "tests/interop/transfer.hpp"

namespace sockwire::test {
namespace {

using sim::BackToBack;
using sim::BackToBackOptions;

template <int kBytes>
typename BackToBack<kBytes>::MakeEngine native() {
  return [](int, std::uint32_t boot_id) { return sim::make_native_engine<kBytes>(boot_id); };
}

/// Connects, and both ends send a file; the connection is closed from both sides and the table is empty in the end.
template <int kBytes>
void exchange_files(BackToBack<kBytes>& net, std::uint64_t bytes, std::uint16_t port) {
  Host& near = net.host(0);
  Host& far = net.host(1);
  const int listener = *far.socket();
  ASSERT_TRUE(far.bind(listener, {net.address(1), port}));
  ASSERT_TRUE(far.listen(listener, 4));
  const int client = *near.socket();
  const auto connected = near.connect(client, {net.address(1), port});
  ASSERT_TRUE(connected) << connected.error().message;
  const auto server = far.accept(listener);
  ASSERT_TRUE(server) << server.error().message;
  ASSERT_TRUE(near.set_nonblocking(client, true));
  ASSERT_TRUE(far.set_nonblocking(*server, true));

  Exchange there(near, client, 1, bytes, 2);
  Exchange back(far, *server, 2, bytes, 1);
  const TimePoint limit = net.loop().now() + std::chrono::minutes(10);
  bool running = true;
  net.loop().add_task([&] { return running && (there.turn() | back.turn()); });
  net.loop().run_until([&] { return there.done() && back.done(); }, limit);
  running = false;
  for (const Exchange* one : {&there, &back}) {
    EXPECT_EQ(one->error(), "");
    EXPECT_EQ(one->received(), bytes);
    EXPECT_EQ(one->wrong_bytes(), 0u);
  }
  EXPECT_TRUE(near.close(client));
  EXPECT_TRUE(far.close(*server));
  EXPECT_TRUE(far.close(listener));
  EXPECT_TRUE(near.drain(std::chrono::minutes(5)));
  EXPECT_TRUE(far.drain(std::chrono::minutes(5)));
}

template <typename T>
class BackToBackTest : public ::testing::Test {};
using Widths = ::testing::Types<std::integral_constant<int, 1>, std::integral_constant<int, 8>>;
TYPED_TEST_SUITE(BackToBackTest, Widths);

TYPED_TEST(BackToBackTest, FilesCrossACleanWireWithoutASegmentTooMany) {
  constexpr int kBytes = TypeParam::value;
  BackToBack<kBytes> net(native<kBytes>());
  ASSERT_EQ(net.start(), "");
  ASSERT_NO_FATAL_FAILURE(exchange_files(net, 1'000'000, 80));
  for (int end = 0; end < 2; ++end) {
    const auto& driver = net.port(end).driver().driver_counters();
    EXPECT_EQ(driver.events_malformed + driver.events_unknown + driver.events_unexpected + driver.events_other_epoch,
              0u);
    EXPECT_EQ(driver.rewrites, 0u) << "nothing is sent again";
    EXPECT_EQ(driver.frames_refused, 0u);
    EXPECT_GT(driver.sends, 0u);
  }
}

TYPED_TEST(BackToBackTest, FilesCrossABadWire) {
  constexpr int kBytes = TypeParam::value;
  for (const std::uint64_t seed : {11, 12}) {
    SCOPED_TRACE(seed);
    BackToBackOptions options;
    options.seed = seed;
    options.a_to_b.loss = 0.02;
    options.a_to_b.reordering = 0.02;
    options.a_to_b.duplication = 0.01;
    options.a_to_b.bit_error_rate = 1e-6;
    options.b_to_a = options.a_to_b;
    BackToBack<kBytes> net(native<kBytes>(), options);
    ASSERT_EQ(net.start(), "");
    ASSERT_NO_FATAL_FAILURE(exchange_files(net, 300'000, 80));
    EXPECT_GT(net.cable().a_to_b().lost, 0u);
    EXPECT_GT(net.cable().b_to_a().lost, 0u);
  }
}

// 20 ms each way: the whole send buffer of the card is on its way several times over.
TYPED_TEST(BackToBackTest, FilesCrossALongWire) {
  constexpr int kBytes = TypeParam::value;
  BackToBackOptions options;
  options.a_to_b.delay_ns = options.b_to_a.delay_ns = 20'000'000;
  options.a_to_b.loss = 0.002;
  BackToBack<kBytes> net(native<kBytes>(), options);
  ASSERT_EQ(net.start(), "");
  ASSERT_NO_FATAL_FAILURE(exchange_files(net, 400'000, 80));
}

TYPED_TEST(BackToBackTest, ConnectionsOneAfterAnotherLeaveNothingBehind) {
  constexpr int kBytes = TypeParam::value;
  BackToBack<kBytes> net(native<kBytes>());
  ASSERT_EQ(net.start(), "");
  for (std::uint16_t i = 0; i < 20; ++i) {
    ASSERT_NO_FATAL_FAILURE(exchange_files(net, i * 700u, static_cast<std::uint16_t>(1000 + i)));
  }
}

TYPED_TEST(BackToBackTest, RefusedConnectionSaysSo) {
  constexpr int kBytes = TypeParam::value;
  BackToBack<kBytes> net(native<kBytes>());
  ASSERT_EQ(net.start(), "");
  const int client = *net.host(0).socket();
  const auto refused = net.host(0).connect(client, {net.address(1), 7});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, SocketErrc::kRefused);
}

TYPED_TEST(BackToBackTest, PingIsAnswered) {
  constexpr int kBytes = TypeParam::value;
  BackToBack<kBytes> net(native<kBytes>());
  ASSERT_EQ(net.start(), "");
  for (const std::size_t bytes : {0, 1, 56, 1472}) {
    const auto reply =
        net.host(0).ping(net.address(1), static_cast<std::uint16_t>(bytes), bytes, std::chrono::seconds(1));
    ASSERT_TRUE(reply) << reply.error().message;
    EXPECT_GT(reply->rtt, Duration(0));
    EXPECT_LT(reply->rtt, std::chrono::milliseconds(1));
  }
}

}  // namespace
}  // namespace sockwire::test
