// SPDX-License-Identifier: Apache-2.0
#include "linux_peer.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <vector>

#include "host/apps/lab.hpp"
#include "host/apps/pattern.hpp"
#include "host/apps/sha256.hpp"

namespace sockwire::interop {

namespace {

/// Sends the pattern and takes what comes until both directions have ended. What was taken, as LinuxPeer::taken().
std::string exchange(int connection, std::uint64_t seed, std::uint64_t bytes) {
  fcntl(connection, F_SETFL, O_NONBLOCK);
  std::vector<std::uint8_t> out(65536);
  std::vector<std::uint8_t> in(65536);
  std::uint64_t sent = 0;
  std::uint64_t taken = 0;
  apps::Sha256 sha;
  bool reading = true;
  bool writing = true;
  while (reading || writing) {
    pollfd waiting{connection, static_cast<short>((reading ? POLLIN : 0) | (writing ? POLLOUT : 0)), 0};
    if (poll(&waiting, 1, 60'000) <= 0) return "timed out";
    if (writing && (waiting.revents & POLLOUT) != 0) {
      const auto chunk = std::span(out).first(std::min<std::uint64_t>(out.size(), bytes - sent));
      apps::fill_pattern(seed, sent, chunk);
      const ssize_t now = chunk.empty() ? 0 : send(connection, chunk.data(), chunk.size(), MSG_NOSIGNAL);
      if (now > 0) sent += static_cast<std::uint64_t>(now);
      if (sent == bytes) {
        shutdown(connection, SHUT_WR);
        writing = false;
      }
    }
    if ((waiting.revents & (POLLIN | POLLHUP | POLLERR)) != 0) {
      const ssize_t now = recv(connection, in.data(), in.size(), 0);
      if (now < 0 && errno != EAGAIN) return "broken off";
      if (now == 0) reading = false;
      if (now > 0) {
        taken += static_cast<std::uint64_t>(now);
        sha.update(std::span(in).first(static_cast<std::size_t>(now)));
      }
    }
  }
  return std::to_string(taken) + " " + sha.finish();
}

}  // namespace

std::unique_ptr<LinuxPeer> LinuxPeer::start(std::uint16_t port, std::uint64_t seed, std::uint64_t bytes) {
  // Of both versions; where the kernel has no IPv6, of IPv4 alone.
  int listener = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool ipv4_only = listener < 0;
  if (ipv4_only) listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in6 any{};
  any.sin6_family = static_cast<sa_family_t>(ipv4_only ? AF_INET : AF_INET6);
  any.sin6_port = htons(port);  // where sockaddr_in has it, too
  int pipe[2];
  if (listener < 0 ||
      bind(listener, reinterpret_cast<sockaddr*>(&any), ipv4_only ? sizeof(sockaddr_in) : sizeof any) != 0 ||
      listen(listener, 1) != 0 || pipe2(pipe, O_CLOEXEC) != 0) {
    return nullptr;
  }
  const pid_t pid = fork();
  if (pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int connection = accept(listener, nullptr, nullptr);
    const std::string result = exchange(connection, seed, bytes) + "\n";
    static_cast<void>(!write(pipe[1], result.data(), result.size()));
    _exit(0);
  }
  close(listener);
  close(pipe[1]);
  return pid < 0 ? nullptr : std::unique_ptr<LinuxPeer>(new LinuxPeer(pid, pipe[0]));
}

LinuxPeer::~LinuxPeer() {
  close(pipe_);
  apps::stop_program(pid_);
}

std::string LinuxPeer::taken() {
  std::string line;
  char byte = 0;
  pollfd waiting{pipe_, POLLIN, 0};
  while (poll(&waiting, 1, 10'000) == 1 && read(pipe_, &byte, 1) == 1 && byte != '\n') line += byte;
  return line;
}

}  // namespace sockwire::interop
