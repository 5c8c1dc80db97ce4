// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/tcp/lwip_tap.hpp"

// Debian's lwipopts.h declares what it locks with without saying that it is C.
extern "C" {
#include <lwip/api.h>
#include <lwip/etharp.h>
#include <lwip/tcpip.h>
}
#include <poll.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <future>
#include <thread>
#include <vector>

#include "sim/net/net_namespace.hpp"

namespace sockwire::bench {

namespace {

constexpr int kTransmitQueueFrames = 1000;
constexpr std::size_t kCallBytes = 65536;

/// For as long as the process lives, as lwIP's own threads do.
struct Interface {
  std::unique_ptr<sim::TapDevice> tap;
  netif lwip{};
};

err_t output(netif* interface, pbuf* frame) {
  std::array<std::uint8_t, 1600> bytes;
  const std::uint16_t size = pbuf_copy_partial(frame, bytes.data(), bytes.size(), 0);
  const auto* self = static_cast<Interface*>(interface->state);
  return self->tap->send(std::span(bytes).first(size)) ? static_cast<err_t>(ERR_OK) : static_cast<err_t>(ERR_IF);
}

err_t initialize(netif* interface) {
  interface->name[0] = 'f';
  interface->name[1] = 'p';
  interface->output = etharp_output;
  interface->linkoutput = output;
  interface->mtu = 1500;
  interface->hwaddr_len = 6;
  const std::array<std::uint8_t, 6> mac{2, 0x53, 0x57, 2, 0, 2};
  std::copy(mac.begin(), mac.end(), interface->hwaddr);
  interface->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET | NETIF_FLAG_LINK_UP;
  return ERR_OK;
}

void take_in(Interface& self) {
  for (;;) {
    pollfd waiting{self.tap->descriptor(), POLLIN, 0};
    ::poll(&waiting, 1, -1);
    for (auto frame = self.tap->receive(); !frame.empty(); frame = self.tap->receive()) {
      pbuf* taken = pbuf_alloc(PBUF_RAW, static_cast<std::uint16_t>(frame.size()), PBUF_RAM);
      if (taken == nullptr) continue;
      pbuf_take(taken, frame.data(), static_cast<std::uint16_t>(frame.size()));
      if (self.lwip.input(taken, &self.lwip) != ERR_OK) pbuf_free(taken);
    }
  }
}

ip_addr_t lwip_address(Ipv4Address address) {
  ip_addr_t made{};
  const std::uint32_t value = address.value();
  IP_ADDR4(&made, value >> 24, value >> 16 & 255, value >> 8 & 255, value & 255);
  return made;
}

}  // namespace

std::string start_lwip(std::unique_ptr<sim::TapDevice> tap) {
  if (const auto done = sim::configure_tap(*tap, {2, 0x53, 0x57, 2, 0, 1}, kTransmitQueueFrames); !done) {
    return done.error();
  }
  if (const auto done = sim::add_point_to_point(tap->name(), kLwipPeer, kLwipAddress); !done) return done.error();
  if (const auto done = sim::bring_up(tap->name()); !done) return done.error();
  auto* self = new Interface;  // lwIP's thread goes on using it until the process ends
  self->tap = std::move(tap);
  std::promise<void> started;
  tcpip_init([](void* argument) { static_cast<std::promise<void>*>(argument)->set_value(); }, &started);
  started.get_future().wait();
  const ip_addr_t own = lwip_address(kLwipAddress);
  const ip_addr_t mask = lwip_address(Ipv4Address(255, 255, 255, 0));
  const ip_addr_t gateway = lwip_address(kLwipPeer);
  LOCK_TCPIP_CORE();
  const bool added = netif_add(&self->lwip, ip_2_ip4(&own), ip_2_ip4(&mask), ip_2_ip4(&gateway), self, initialize,
                               tcpip_input) != nullptr;
  if (added) {
    netif_set_default(&self->lwip);
    netif_set_up(&self->lwip);
  }
  UNLOCK_TCPIP_CORE();
  if (!added) return "lwIP takes no interface";
  std::thread([self] { take_in(*self); }).detach();
  return {};
}

std::string lwip_send(std::uint16_t port, std::uint64_t bytes) {
  netconn* connection = netconn_new(NETCONN_TCP);
  const ip_addr_t peer = lwip_address(kLwipPeer);
  if (connection == nullptr || netconn_connect(connection, &peer, port) != ERR_OK) {
    if (connection != nullptr) netconn_delete(connection);
    return "lwIP does not connect";
  }
  const std::vector<std::uint8_t> data(kCallBytes, 0x5A);
  std::string problem;
  for (std::uint64_t left = bytes; left > 0 && problem.empty();) {
    std::size_t written = 0;
    const std::size_t wanted = std::min<std::uint64_t>(left, data.size());
    const err_t result = netconn_write_partly(connection, data.data(), wanted, NETCONN_COPY, &written);
    if (result != ERR_OK) problem = "lwIP does not send";
    left -= written;
  }
  if (netconn_close(connection) != ERR_OK && problem.empty()) problem = "lwIP does not close";
  netconn_delete(connection);
  return problem;
}

}  // namespace sockwire::bench
