// SPDX-License-Identifier: Apache-2.0
#include "lwip_peer.hpp"

// Debian's lwipopts.h declares what it locks with without saying that it is C.
extern "C" {
#include <lwip/api.h>
}
#include <fcntl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <span>
#include <sstream>
#include <vector>

#include "host/apps/lab.hpp"
#include "host/apps/pattern.hpp"
#include "host/apps/sha256.hpp"
#include "tests/bench/tcp/lwip_tap.hpp"

namespace sockwire::interop {

namespace {

std::string take_all(netconn* listener) {
  netconn* connection = nullptr;
  if (netconn_accept(listener, &connection) != ERR_OK) return "lwIP does not accept";
  apps::Sha256 sha;
  std::size_t bytes = 0;
  netbuf* taken = nullptr;
  err_t result = ERR_OK;
  while ((result = netconn_recv(connection, &taken)) == ERR_OK) {
    do {
      void* data = nullptr;
      std::uint16_t size = 0;
      netbuf_data(taken, &data, &size);
      sha.update(std::span(static_cast<const std::uint8_t*>(data), size));
      bytes += size;
    } while (netbuf_next(taken) >= 0);
    netbuf_delete(taken);
  }
  if (result != ERR_CLSD) return "lwIP's connection breaks: " + std::to_string(result);
  if (netconn_close(connection) != ERR_OK) return "lwIP does not close";
  netconn_delete(connection);
  return std::to_string(bytes) + " " + sha.finish();
}

void say(int pipe, const std::string& line) {
  const std::string said = line + "\n";
  static_cast<void>(!write(pipe, said.data(), said.size()));
}

std::string listen_and_take(std::uint16_t port, int pipe) {
  netconn* listener = netconn_new(NETCONN_TCP);
  if (listener == nullptr || netconn_bind(listener, IP_ADDR_ANY, port) != ERR_OK ||
      netconn_listen(listener) != ERR_OK) {
    say(pipe, "ready");
    return "lwIP does not listen";
  }
  say(pipe, "ready");
  return take_all(listener);
}

std::string connect_and_send(const Ipv4Address& card, std::uint16_t port, std::uint64_t seed, std::size_t bytes,
                             int pipe) {
  say(pipe, "ready");
  netconn* connection = netconn_new(NETCONN_TCP);
  ip_addr_t to{};
  IP_ADDR4(&to, card.value() >> 24, card.value() >> 16 & 255, card.value() >> 8 & 255, card.value() & 255);
  if (connection == nullptr || netconn_connect(connection, &to, port) != ERR_OK) return "lwIP does not connect";
  std::vector<std::uint8_t> data(bytes);
  apps::fill_pattern(seed, 0, data);
  for (std::size_t sent = 0; sent < bytes;) {
    std::size_t now = 0;
    if (netconn_write_partly(connection, data.data() + sent, std::min<std::size_t>(bytes - sent, 65536), NETCONN_COPY,
                             &now) != ERR_OK) {
      return "lwIP does not send";
    }
    sent += now;
  }
  if (netconn_close(connection) != ERR_OK) return "lwIP does not close";
  netconn_delete(connection);
  return "sent";
}

}  // namespace

std::unique_ptr<LwipPeer> LwipPeer::start(const std::function<std::string(int pipe)>& talk) {
  int pipe_ends[2];
  if (pipe2(pipe_ends, O_CLOEXEC | O_NONBLOCK) != 0) return nullptr;
  const pid_t pid = fork();
  if (pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    auto tap = sim::TapDevice::open();
    const std::string problem = tap ? bench::start_lwip(std::move(tap).value()) : tap.error();
    if (!problem.empty()) say(pipe_ends[1], "ready\n" + problem);
    if (problem.empty()) say(pipe_ends[1], talk(pipe_ends[1]));
    // Stays until it is ended: the last acknowledgements may not have left yet.
    while (true) pause();
  }
  close(pipe_ends[1]);
  if (pid < 0) close(pipe_ends[0]);
  return pid < 0 ? nullptr : std::unique_ptr<LwipPeer>(new LwipPeer(pid, pipe_ends[0]));
}

std::unique_ptr<LwipPeer> LwipPeer::take(std::uint16_t port) {
  return start([port](int pipe) { return listen_and_take(port, pipe); });
}

std::unique_ptr<LwipPeer> LwipPeer::send(const Ipv4Address& card, std::uint16_t port, std::uint64_t seed,
                                         std::size_t bytes) {
  return start([=](int pipe) { return connect_and_send(card, port, seed, bytes, pipe); });
}

LwipPeer::~LwipPeer() {
  close(pipe_);
  apps::stop_program(pid_);
}

bool LwipPeer::ready() { return !line(0).empty(); }

std::string LwipPeer::told() { return line(1); }

std::string LwipPeer::line(int number) {
  std::array<char, 256> buffer{};
  const ssize_t now = read(pipe_, buffer.data(), buffer.size());
  if (now > 0) said_.append(buffer.data(), static_cast<std::size_t>(now));
  std::istringstream lines(said_.substr(0, said_.rfind('\n') + 1));
  std::string line;
  for (int i = 0; i <= number; ++i) {
    if (!std::getline(lines, line)) return "";
  }
  return line;
}

}  // namespace sockwire::interop
