// SPDX-License-Identifier: Apache-2.0
// What host_cost.cpp runs under callgrind beside our own: liblwip sends to a Linux process over TAP. All of the process
// is counted: what it does besides is the same for any number of bytes.
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>

#include "sim/net/net_namespace.hpp"
#include "tests/bench/tcp/lwip_tap.hpp"

namespace sockwire::bench {
namespace {

constexpr std::uint16_t kPort = 5001;
constexpr int kNotPermitted = 77;

/// A program of its own, which callgrind does not follow.
pid_t start_sink() {
  const pid_t pid = fork();
  if (pid != 0) return pid;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const std::string command = "exec nc -l " + std::to_string(kPort) + " >/dev/null";
  execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
  _exit(1);
}

int run(std::uint64_t bytes) {
  const auto entered = sim::enter_new_namespace();
  auto tap = entered ? sim::TapDevice::open() : Failure{entered.error()};
  if (!tap) {
    std::fprintf(stderr, "lwip_cost_probe: %s\n", tap.error().c_str());
    return kNotPermitted;
  }
  const pid_t sink = start_sink();
  std::string problem = start_lwip(std::move(tap).value());
  // Until nc listens, connections are refused.
  for (int attempt = 0; attempt < 50 && problem.empty(); ++attempt) {
    problem = lwip_send(kPort, bytes);
    if (problem != "lwIP does not connect") break;
    problem.clear();
    usleep(100'000);
  }
  int status = 1;
  waitpid(sink, &status, 0);
  if (problem.empty() && status != 0) problem = "nc has failed";
  if (!problem.empty()) std::fprintf(stderr, "lwip_cost_probe: %s\n", problem.c_str());
  std::fflush(nullptr);
  _exit(problem.empty() ? 0 : 1);  // lwIP's threads never end
}

}  // namespace
}  // namespace sockwire::bench

int main(int argc, char** argv) {
  std::uint64_t bytes = 1'000'000;
  CLI::App app("liblwip sends to Linux over TAP");
  app.add_option("--bytes", bytes, "of payload");
  CLI11_PARSE(app, argc, argv);
  return sockwire::bench::run(bytes);
}
