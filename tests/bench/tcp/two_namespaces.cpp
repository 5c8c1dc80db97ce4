// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/tcp/two_namespaces.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <ctime>

#include "sim/net/net_namespace.hpp"

namespace sockwire::bench {

namespace {
constexpr int kTransmitQueueFrames = 1000;
}

std::uint64_t monotonic_ns() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(now.tv_nsec);
}

std::string TwoNamespaces::start(const Side& client, const Side& server) {
  std::string problem = make(ends_[0], kLinuxClient, kLinuxServer, 1, client);
  return problem.empty() ? make(ends_[1], kLinuxServer, kLinuxClient, 2, server) : problem;
}

// A TAP stays in the namespace in which it was made; its descriptor works from anywhere.
std::string TwoNamespaces::make(End& end, Ipv4Address local, Ipv4Address peer, std::uint8_t mac, const Side& side) {
  if (const auto entered = sim::enter_new_namespace(); !entered) return entered.error();
  auto tap = sim::TapDevice::open();
  if (!tap) return tap.error();
  end.tap = std::move(tap).value();
  if (const auto done = sim::configure_tap(*end.tap, {2, 0x53, 0x57, 1, 0, mac}, kTransmitQueueFrames); !done) {
    return done.error();
  }
  if (const auto done = sim::add_point_to_point(end.tap->name(), local, peer); !done) return done.error();
  if (const auto done = sim::bring_up(end.tap->name()); !done) return done.error();
  int pipe[2];
  if (pipe2(pipe, O_CLOEXEC) != 0) return "cannot make a pipe";
  end.pid = fork();
  if (end.pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    const std::string said = side();
    static_cast<void>(!write(pipe[1], said.data(), said.size()));
    _exit(0);
  }
  close(pipe[1]);
  end.pipe = pipe[0];
  return end.pid > 0 ? "" : "cannot start a process";
}

TwoNamespaces::~TwoNamespaces() {
  for (End& end : ends_) {
    if (end.pipe >= 0) close(end.pipe);
    if (end.pid <= 0) continue;
    kill(end.pid, SIGKILL);
    waitpid(end.pid, nullptr, 0);
  }
}

bool TwoNamespaces::carry(LostSegment& lost, std::uint64_t one_way_ns, double limit_s) {
  const std::uint64_t limit = monotonic_ns() + static_cast<std::uint64_t>(1e9 * limit_s);
  while (!ends_[0].ended || !ends_[1].ended) {
    if (monotonic_ns() > limit) return false;
    wait();
    take(ends_[0], ends_[1], lost, one_way_ns);
    take(ends_[1], ends_[0], lost, one_way_ns);
    for (End& end : ends_) {
      give(end);
      listen(end);
    }
  }
  return true;
}

void TwoNamespaces::take(End& from, End& to, LostSegment& lost, std::uint64_t one_way_ns) {
  for (auto frame = from.tap->receive(); !frame.empty(); frame = from.tap->receive()) {
    if (lost.is(frame)) continue;
    to.waiting.push_back({monotonic_ns() + one_way_ns, {frame.begin(), frame.end()}});
  }
}

void TwoNamespaces::give(End& end) {
  while (!end.waiting.empty() && end.waiting.front().release_ns <= monotonic_ns()) {
    static_cast<void>(end.tap->send(end.waiting.front().bytes));
    end.waiting.pop_front();
  }
}

void TwoNamespaces::listen(End& end) {
  pollfd waiting{end.pipe, POLLIN, 0};
  if (end.ended || ::poll(&waiting, 1, 0) <= 0) return;
  std::array<char, 512> text{};
  const ssize_t bytes = read(end.pipe, text.data(), text.size());
  end.ended = bytes <= 0;
  if (bytes > 0) end.said.append(text.data(), static_cast<std::size_t>(bytes));
}

/// Until a frame comes or is due, or a side says something; at most 10 ms.
void TwoNamespaces::wait() const {
  std::uint64_t until = monotonic_ns() + 10'000'000;
  std::vector<pollfd> waiting;
  for (const End& end : ends_) {
    if (!end.waiting.empty()) until = std::min(until, end.waiting.front().release_ns);
    waiting.push_back({end.tap->descriptor(), POLLIN, 0});
    if (!end.ended) waiting.push_back({end.pipe, POLLIN, 0});
  }
  const std::uint64_t now = monotonic_ns();
  const timespec timeout{0, static_cast<long>(until > now ? until - now : 0)};
  static_cast<void>(ppoll(waiting.data(), waiting.size(), &timeout, nullptr));
}

}  // namespace sockwire::bench
