// SPDX-License-Identifier: Apache-2.0
// An offloaded send with coroutines: a server and a client on two hosts with a card each, in one process. What the
// client sends at once, its card cuts into packets.
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <sockwire/sockwire.hpp>
#include <vector>

namespace {

constexpr std::size_t kBytes = 1 << 20;
constexpr std::uint64_t kCableNs = 1'000'000;

template <typename T>
T must(sockwire::Outcome<T> outcome, const char* what) {
  if (outcome) return *std::move(outcome);
  std::fprintf(stderr, "%s: %s\n", what, outcome.error().message().c_str());
  std::exit(1);
}
void must(const sockwire::Outcome<void>& outcome, const char* what) {
  if (outcome) return;
  std::fprintf(stderr, "%s: %s\n", what, outcome.error().message().c_str());
  std::exit(1);
}

sockwire::Instance open_host(const char* address, std::uint64_t seed) {
  sockwire_virtual_options options = SOCKWIRE_VIRTUAL_OPTIONS_INIT;
  options.ipv4 = address;
  options.seed = seed;
  return must(sockwire::Instance::open_virtual(options), address);
}

sockwire::Task<void> serve(sockwire::Reactor& reactor, sockwire::Socket& listener, std::vector<std::byte>& received) {
  sockwire::Socket client = must(co_await listener.async_accept(reactor), "accept");
  std::array<std::byte, 65536> buffer{};
  while (true) {
    const std::size_t taken = must(co_await client.async_recv(reactor, buffer), "recv");
    if (taken == 0) co_return;
    received.insert(received.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(taken));
  }
}

sockwire::Task<void> deliver(sockwire::Reactor& reactor, sockwire::Socket& socket, const sockwire::Address& to,
                             const std::vector<std::byte>& data) {
  must(co_await socket.async_connect(reactor, to), "connect");
  must(co_await socket.async_send_all(reactor, data), "send");
  must(socket.shutdown(SHUT_WR), "shutdown");
}

}  // namespace

int main() {
  const sockwire::Instance left = open_host("10.0.0.1/24", 1);
  const sockwire::Instance right = open_host("10.0.0.2/24", 2);
  must(sockwire::Outcome<void>::of(sockwire_join(left.get(), right.get(), kCableNs)), "join");

  const auto address = must(sockwire::Address::parse("10.0.0.2", 8080), "address");
  auto listener = must(sockwire::Socket::open(right, SOCK_STREAM | SOCK_NONBLOCK), "socket");
  must(listener.bind(address), "bind");
  must(listener.listen(), "listen");
  auto socket = must(sockwire::Socket::open(left, SOCK_STREAM | SOCK_NONBLOCK), "socket");

  std::vector<std::byte> data(kBytes);
  for (std::size_t i = 0; i < data.size(); ++i) data[i] = static_cast<std::byte>(i * 31 + i / 256);
  std::vector<std::byte> received;
  sockwire::Reactor server(right);
  sockwire::Reactor client(left);
  server.spawn(serve(server, listener, received));
  client.spawn(deliver(client, socket, address, data));
  while (received.size() < data.size()) {
    must(client.run_once(0), "client");
    must(server.run_once(0), "server");
    sockwire_advance_to(left.get(), sockwire_next_deadline(left.get()));  // both hosts share the cable's time
  }
  const bool same = std::equal(received.begin(), received.end(), data.begin(), data.end());
  std::printf("%zu bytes, %s, after %.3f ms of the cable's time\n", received.size(),
              same ? "the same came" : "NOT the same came", static_cast<double>(left.now().count()) / 1e6);
  return same ? 0 : 1;
}
