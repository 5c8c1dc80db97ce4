// SPDX-License-Identifier: Apache-2.0
// The C interface on a TAP device: a program of ours and one of Linux's talk, both ways at once.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <thread>
#include <vector>

#include "host/api/sockwire.hpp"
#include "host/apps/lab.hpp"
#include "host/apps/pattern.hpp"
#include "host/apps/sha256.hpp"
#include "lab.hpp"
#include "linux_peer.hpp"

namespace sockwire::interop {
namespace {

constexpr std::size_t kBytes = 2'000'000;
constexpr std::uint64_t kOurSeed = 3;
constexpr std::uint64_t kLinuxSeed = 4;
constexpr std::uint16_t kPort = 9000;

std::string failed(const std::string& what) { return what + ": " + std::strerror(errno); }

std::vector<std::uint8_t> pattern(std::uint64_t seed) {
  std::vector<std::uint8_t> data(kBytes);
  apps::fill_pattern(seed, 0, data);
  return data;
}

std::string send_all(sockwire_t* instance, int fd, const std::vector<std::uint8_t>& data) {
  if (sockwire_send(instance, fd, data.data(), data.size(), 0) != static_cast<ssize_t>(data.size())) {
    return failed("send");
  }
  return sockwire_shutdown(instance, fd, SHUT_WR) == 0 ? std::string() : failed("shutdown");
}

// One thread sends while another receives, as programs do.
TEST(Library, TalksToLinuxBothWaysAtOnce) {
  in_lab([]() -> std::string {
    auto port = apps::plug_in();
    if (!port) return port.error();
    const auto peer = LinuxPeer::start(kPort, kLinuxSeed, kBytes);
    if (!peer) return "no peer";
    sockwire_tap_options options = SOCKWIRE_TAP_OPTIONS_INIT;
    options.tap_fd = dup(port->tap->descriptor());
    const std::string address = to_string(port->address) + "/24";
    options.ipv4 = address.c_str();
    std::copy(port->mac.bytes().begin(), port->mac.bytes().end(), options.mac);
    sockwire_t* opened = sockwire_open_tap(&options);
    if (opened == nullptr) return failed("open");
    const Instance instance(opened);

    auto socket = Socket::open(instance, SOCK_STREAM);
    if (!socket) return "socket: " + socket.error().message();
    const Address linux_address = *Address::parse(to_string(apps::kLabAddress), kPort);
    if (const auto connected = socket->connect(linux_address); !connected) return connected.error().message();
    const std::vector<std::uint8_t> ours = pattern(kOurSeed);
    std::string sending;
    std::thread sender([&] { sending = send_all(opened, socket->fd(), ours); });
    std::vector<std::uint8_t> came(kBytes + 1);
    const ssize_t taken = sockwire_recv(opened, socket->fd(), came.data(), came.size(), MSG_WAITALL);
    const std::string receiving = taken < 0 ? failed("recv") : std::string();
    sender.join();
    if (!sending.empty() || !receiving.empty()) return sending + receiving;
    came.resize(static_cast<std::size_t>(taken));
    if (came != pattern(kLinuxSeed)) return "what came is not what Linux sent";
    apps::Sha256 sha;
    sha.update(ours);
    const std::string expected = std::to_string(kBytes) + " " + sha.finish();
    const std::string told = peer->taken();
    return told == expected ? std::string() : "Linux has taken " + told;
  });
}

TEST(Library, SaysWhyThereIsNoTap) {
  sockwire_tap_options options = SOCKWIRE_TAP_OPTIONS_INIT;
  options.tap_fd = dup(STDERR_FILENO);
  EXPECT_EQ(sockwire_open_tap(&options), nullptr);
  EXPECT_NE(errno, 0);
  close(options.tap_fd);
  options = SOCKWIRE_TAP_OPTIONS_INIT;
  options.ipv4 = "nonsense";
  EXPECT_EQ(sockwire_open_tap(&options), nullptr);
  EXPECT_EQ(errno, EINVAL);
}

}  // namespace
}  // namespace sockwire::interop
