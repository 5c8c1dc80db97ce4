// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/usb/numbered_files.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <span>
#include <stdexcept>
#include <vector>

#include "host/apps/pattern.hpp"

namespace sockwire::bench {
namespace {

constexpr int kOutcomeWaitMs = 60'000;

int listen_at(std::uint16_t port) {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in any{};
  any.sin_family = AF_INET;
  any.sin_port = htons(port);
  if (listener < 0 || bind(listener, reinterpret_cast<const sockaddr*>(&any), sizeof any) != 0 ||
      listen(listener, 4) != 0) {
    throw std::runtime_error(std::string("Linux cannot listen: ") + std::strerror(errno));
  }
  return listener;
}

std::string failure(const char* what) { return std::string("Linux's ") + what + ": " + std::strerror(errno); }

std::string give_file(int connection, const std::vector<std::uint8_t>& file) {
  for (std::size_t at = 0; at < file.size();) {
    const ssize_t sent = send(connection, file.data() + at, file.size() - at, MSG_NOSIGNAL);
    if (sent <= 0) return failure("send()");
    at += static_cast<std::size_t>(sent);
  }
  shutdown(connection, SHUT_WR);
  char byte = 0;
  const ssize_t got = recv(connection, &byte, 1, 0);
  if (got < 0) return failure("recv()");
  return got == 0 ? "" : "Linux got a byte that nobody should have sent";
}

std::string take_file(int connection, const std::vector<std::uint8_t>& file) {
  std::vector<std::uint8_t> taken;
  std::array<std::uint8_t, 16384> piece{};
  while (true) {
    const ssize_t got = recv(connection, piece.data(), piece.size(), 0);
    if (got < 0) return failure("recv()");
    if (got == 0) break;
    taken.insert(taken.end(), piece.begin(), piece.begin() + got);
  }
  if (taken == file) return "";
  return "Linux took " + std::to_string(taken.size()) + " bytes, which are not those of the file";
}

[[noreturn]] void serve(int down, int up, int report, std::uint64_t seed, std::uint64_t bytes) {
  std::vector<std::uint8_t> file(bytes);
  while (true) {
    std::array<pollfd, 2> listeners{{{down, POLLIN, 0}, {up, POLLIN, 0}}};
    if (poll(listeners.data(), listeners.size(), -1) < 0) _exit(1);
    const bool gives = (listeners[0].revents & POLLIN) != 0;
    const int connection = accept4(gives ? down : up, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) _exit(1);
    apps::fill_pattern(seed++, 0, file);
    const std::string line = (gives ? give_file(connection, file) : take_file(connection, file)) + "\n";
    close(connection);
    if (write(report, line.data(), line.size()) < 0) _exit(1);
  }
}

}  // namespace

NumberedFiles::NumberedFiles(std::uint64_t seed, std::uint64_t bytes) {
  const int down = listen_at(kDownPort);
  const int up = listen_at(kUpPort);
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe can be made");
  pid_ = fork();
  if (pid_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    close(ends[0]);
    serve(down, up, ends[1], seed, bytes);
  }
  close(ends[1]);
  close(down);
  close(up);
  pipe_ = ends[0];
}

NumberedFiles::~NumberedFiles() {
  close(pipe_);
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

std::string NumberedFiles::outcome() {
  std::string line;
  pollfd waiting{pipe_, POLLIN, 0};
  for (char letter = 0; poll(&waiting, 1, kOutcomeWaitMs) == 1 && read(pipe_, &letter, 1) == 1;) {
    if (letter == '\n') return line;
    line += letter;
  }
  return "Linux did not see the end of the connection";
}

}  // namespace sockwire::bench
