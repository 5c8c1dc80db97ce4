// SPDX-License-Identifier: Apache-2.0
// The C++ header over the C interface: owners, outcomes, coroutines on two joined instances.
#include "host/api/sockwire.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <vector>

namespace sockwire {
namespace {

constexpr auto kDelay = std::chrono::milliseconds(5);

sockwire_virtual_options options(const char* ipv4, std::uint64_t seed) {
  sockwire_virtual_options made = SOCKWIRE_VIRTUAL_OPTIONS_INIT;
  made.ipv4 = ipv4;
  made.seed = seed;
  return made;
}

/// Two hosts with a cable between them.
struct Cable {
  Cable() {
    const auto ns = static_cast<std::uint64_t>(std::chrono::nanoseconds(kDelay).count());
    EXPECT_EQ(sockwire_join(near.get(), far.get(), ns), 0);
  }
  Instance near = *Instance::open_virtual(options("10.0.0.1/24", 1));
  Instance far = *Instance::open_virtual(options("10.0.0.2/24", 2));
};

std::vector<std::byte> pattern(std::size_t bytes) {
  std::vector<std::byte> made(bytes);
  for (std::size_t i = 0; i < bytes; ++i) made[i] = static_cast<std::byte>(i * 13 + i / 255);
  return made;
}

Task<void> serve_once(Reactor& reactor, Socket& listener, std::vector<std::byte>& came) {
  auto accepted = co_await listener.async_accept(reactor);
  EXPECT_TRUE(accepted);
  Socket socket = *std::move(accepted);
  std::array<std::byte, 4096> buffer{};
  while (true) {
    const auto taken = co_await socket.async_recv(reactor, buffer);
    EXPECT_TRUE(taken);
    if (!taken || *taken == 0) co_return;
    came.insert(came.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(*taken));
  }
}

Task<Outcome<void>> deliver(Reactor& reactor, Socket& socket, const Address& to, std::span<const std::byte> data) {
  auto connected = co_await socket.async_connect(reactor, to);
  if (!connected) co_return connected;
  co_return co_await socket.async_send_all(reactor, data);
}

TEST(Cpp, CoroutinesCarryAMegabyteBetweenTwoHosts) {
  Cable cable;
  const Address address = *Address::parse("10.0.0.2", 80);
  Socket listener = *Socket::open(cable.far, SOCK_STREAM | SOCK_NONBLOCK);
  ASSERT_TRUE(listener.bind(address));
  ASSERT_TRUE(listener.listen());
  Reactor server(cable.far);
  Reactor client(cable.near);
  std::vector<std::byte> came;
  server.spawn(serve_once(server, listener, came));

  Socket socket = *Socket::open(cable.near, SOCK_STREAM | SOCK_NONBLOCK);
  const std::vector<std::byte> data = pattern(1'000'000);
  auto delivery = deliver(client, socket, address, data);
  delivery.resume();
  while (!delivery.done() || came.size() < data.size()) {
    // Each side has its turn; then time passes until something happens to either.
    ASSERT_TRUE(client.run_once(0));
    ASSERT_TRUE(server.run_once(0));
    const std::uint64_t next_ns = sockwire_next_deadline(cable.near.get());
    ASSERT_NE(next_ns, UINT64_MAX);
    ASSERT_EQ(sockwire_advance_to(cable.near.get(), next_ns), 0);
  }
  EXPECT_TRUE(delivery.result());
  EXPECT_TRUE(std::equal(came.begin(), came.end(), data.begin(), data.end()));
  EXPECT_EQ(cable.near.now(), cable.far.now());
}

TEST(Cpp, ACoroutineAwaitsTheReturnOfWhatItLent) {
  Cable cable;
  const Address address = *Address::parse("10.0.0.2", 80);
  Socket listener = *Socket::open(cable.far, SOCK_STREAM);
  ASSERT_TRUE(listener.bind(address));
  ASSERT_TRUE(listener.listen());
  Socket socket = *Socket::open(cable.near, SOCK_STREAM);
  ASSERT_TRUE(socket.connect(address));
  const auto data = pattern(1000);
  EXPECT_FALSE(*socket.completion());
  EXPECT_EQ(*socket.send_zero_copy(data, 7), 1000u);
  Reactor reactor(cable.near);
  auto completion = socket.async_completion(reactor);
  ASSERT_TRUE(reactor.run(completion));
  EXPECT_EQ(*completion.result(), 7u);
  EXPECT_GE(cable.near.now(), 3 * kDelay);
}

TEST(Cpp, BlockingCallsMoveTheClockOfBoth) {
  Cable cable;
  Socket listener = *Socket::open(cable.far, SOCK_STREAM);
  const Address address = *Address::parse("10.0.0.2", 80);
  ASSERT_TRUE(listener.bind(address));
  ASSERT_TRUE(listener.listen());
  Socket socket = *Socket::open(cable.near, SOCK_STREAM);
  ASSERT_TRUE(socket.connect(address));
  EXPECT_EQ(cable.near.now(), 2 * kDelay);
  auto accepted = listener.accept();
  ASSERT_TRUE(accepted);
  const auto text = pattern(5);
  EXPECT_EQ(*socket.send(text), 5u);
  std::array<std::byte, 8> buffer{};
  EXPECT_EQ(*accepted->recv(buffer), 5u);
  EXPECT_EQ(cable.far.now(), 4 * kDelay);  // accept() has waited for the last of the handshake
  socket.close();
  EXPECT_EQ(*accepted->recv(buffer), 0u);
}

TEST(Cpp, ErrorsAreValues) {
  const Instance alone = *Instance::open_virtual();
  EXPECT_EQ(Instance::open_virtual(options("nonsense", 1)).error(), std::errc::invalid_argument);
  EXPECT_EQ(Address::parse("nonsense", 1).error(), std::errc::invalid_argument);
  Socket socket = *Socket::open(alone, SOCK_STREAM);
  EXPECT_EQ(socket.set_option(IPPROTO_TCP, 999, 1).error(), std::errc::no_protocol_option);
  EXPECT_EQ(*socket.option<int>(SOL_SOCKET, SO_TYPE), SOCK_STREAM);
  std::array<std::byte, 1> byte{};
  EXPECT_EQ(socket.recv(byte).error(), std::errc::not_connected);
}

TEST(Cpp, ATaskThatWaitsForNothingEndsInADeadlock) {
  const Instance alone = *Instance::open_virtual();
  Socket listener = *Socket::open(alone, SOCK_STREAM | SOCK_NONBLOCK);
  ASSERT_TRUE(listener.listen());
  Reactor reactor(alone);
  auto accepting = listener.async_accept(reactor);
  EXPECT_EQ(reactor.run(accepting).error(), std::errc::resource_deadlock_would_occur);
}

TEST(Cpp, InstancesAreJoinedOnce) {
  Cable cable;
  const Instance third = *Instance::open_virtual();
  EXPECT_EQ(sockwire_join(cable.near.get(), third.get(), 0), -1);
  EXPECT_EQ(errno, EINVAL);
  EXPECT_EQ(sockwire_join(third.get(), third.get(), 0), -1);
}

}  // namespace
}  // namespace sockwire
