// SPDX-License-Identifier: Apache-2.0
// What Linux needs to get over the loss of one segment: two Linux stacks over TAP, the same connection, the same round
// trip and the same segment as in recovery.cpp. It runs against the wall's clock, so it is a campaign: its file is
// tests/bench/campaigns/tcp_recovery_linux.json.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <sstream>

#include "tests/bench/campaign.hpp"
#include "tests/bench/tcp/two_namespaces.hpp"

// After netinet/tcp.h, with which it clashes otherwise: SIOCOUTQ.
#include <linux/sockios.h>
#include <sys/ioctl.h>

namespace sockwire::bench {
namespace {

using nlohmann::json;

constexpr double kLimitSeconds = 30;
constexpr const char* kNotPermitted = "NOT PERMITTED: ";

struct Settings {
  std::string output;
  int repetitions = 5;
};

double now_s() { return 1e-9 * static_cast<double>(monotonic_ns()); }

sockaddr_in address_of(Ipv4Address address) {
  sockaddr_in made{};
  made.sin_family = AF_INET;
  made.sin_addr.s_addr = htonl(address.value());
  made.sin_port = htons(kRecoveryPort);
  return made;
}

/// The kernel's own default may be another than what ours is compared with.
int cubic_socket() {
  const int made = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  setsockopt(made, IPPROTO_TCP, TCP_CONGESTION, "cubic", 5);
  return made;
}

void pause_us(long microseconds) {
  const timespec time{0, 1000 * microseconds};
  nanosleep(&time, nullptr);
}

/// "CONNECTING CONNECTED SENDING CLOSING DONE".
std::string client() {
  const int connection = cubic_socket();
  const sockaddr_in server = address_of(kLinuxServer);
  pause_us(50'000);  // until the server listens
  std::ostringstream said;
  said.precision(12);
  said << now_s() << ' ';
  if (connect(connection, reinterpret_cast<const sockaddr*>(&server), sizeof server) != 0) return "cannot connect";
  said << now_s() << ' ' << now_s() << ' ';
  const std::vector<std::uint8_t> data(kRecoveryBytes, 0x5A);
  for (std::size_t sent = 0; sent < data.size();) {
    const ssize_t now = send(connection, data.data() + sent, data.size() - sent, MSG_NOSIGNAL);
    if (now <= 0) return "cannot send";
    sent += static_cast<std::size_t>(now);
  }
  for (int unacknowledged = 1; unacknowledged > 0; pause_us(200)) ioctl(connection, SIOCOUTQ, &unacknowledged);
  said << now_s() << ' ';
  shutdown(connection, SHUT_WR);
  char byte = 0;
  if (recv(connection, &byte, 1, 0) != 0) return "no end of the stream";
  said << now_s();
  return said.str();
}

/// "DELIVERED DONE".
std::string server() {
  const int listener = cubic_socket();
  const sockaddr_in local = address_of(kLinuxServer);
  if (bind(listener, reinterpret_cast<const sockaddr*>(&local), sizeof local) != 0 || listen(listener, 1) != 0) {
    return "cannot listen";
  }
  const int connection = accept(listener, nullptr, nullptr);
  std::vector<std::uint8_t> taken(kRecoveryBytes);
  std::uint64_t received = 0;
  while (received < kRecoveryBytes) {
    const ssize_t now = recv(connection, taken.data(), taken.size(), 0);
    if (now <= 0) return "broken off";
    received += static_cast<std::uint64_t>(now);
  }
  std::ostringstream said;
  said.precision(12);
  said << now_s() << ' ';
  if (recv(connection, taken.data(), 1, 0) != 0) return "no end of the stream";
  shutdown(connection, SHUT_WR);
  tcp_info info{};
  for (info.tcpi_state = TCP_ESTABLISHED; info.tcpi_state != TCP_CLOSE; pause_us(200)) {
    socklen_t bytes = sizeof info;
    if (getsockopt(connection, IPPROTO_TCP, TCP_INFO, &info, &bytes) != 0) return "no TCP_INFO";
  }
  said << now_s();
  return said.str();
}

/// One connection in this process, which it changes for good. "STAGE" in seconds, or what went wrong.
std::string run_here(Lost looked_for, Lost stage) {
  TwoNamespaces net;
  if (const std::string problem = net.start(client, server); !problem.empty()) return kNotPermitted + problem;
  LostSegment lost(looked_for);
  if (!net.carry(lost, kRecoveryOneWayNs, kLimitSeconds)) return "the connection does not end";
  Moments moments;
  std::istringstream from_client(net.said_by_client());
  std::istringstream from_server(net.said_by_server());
  from_client >> moments.connecting >> moments.connected >> moments.sending >> moments.closing >> moments.client_done;
  from_server >> moments.delivered >> moments.server_done;
  if (!from_client || !from_server) return net.said_by_client() + " / " + net.said_by_server();
  std::ostringstream said;
  said.precision(12);
  said << moments.stage(stage);
  return said.str();
}

/// run_here() in a child.
std::string run_once(Lost looked_for, Lost stage) {
  int pipe_ends[2];
  if (pipe(pipe_ends) != 0) return "cannot make a pipe";
  const pid_t child = fork();
  if (child == 0) {
    close(pipe_ends[0]);
    const std::string said = run_here(looked_for, stage);
    static_cast<void>(!write(pipe_ends[1], said.data(), said.size()));
    _exit(0);
  }
  close(pipe_ends[1]);
  std::string said;
  char byte = 0;
  while (read(pipe_ends[0], &byte, 1) == 1) said += byte;
  close(pipe_ends[0]);
  waitpid(child, nullptr, 0);
  return said;
}

/// The median of some runs; or throws what went wrong.
double median_s(Lost looked_for, Lost stage, int repetitions) {
  std::vector<double> seconds;
  for (int i = 0; i < repetitions; ++i) {
    const std::string said = run_once(looked_for, stage);
    std::istringstream text(said);
    double value = 0;
    if (!(text >> value)) throw std::runtime_error(said);
    seconds.push_back(value);
  }
  std::sort(seconds.begin(), seconds.end());
  std::fprintf(stderr, "%-8s of %-8s %8.3f to %8.3f ms\n", name_of(looked_for), name_of(stage), 1e3 * seconds.front(),
               1e3 * seconds.back());
  return seconds[seconds.size() / 2];
}

Campaign measure(const Settings& settings) {
  utsname kernel{};
  uname(&kernel);
  Campaign campaign;
  for (const Lost lost : kLosses) {
    const double without = median_s(Lost::kNothing, lost, settings.repetitions);
    const double with = median_s(lost, lost, settings.repetitions);
    campaign.figures.push_back(figure(std::string("linux/recover_ms/") + name_of(lost), 1e3 * (with - without), "ms",
                                      nullptr,
                                      "CUBIC, round trip 20 ms, median of " + std::to_string(settings.repetitions)));
    std::fprintf(stderr, "%-8s %10.3f ms\n", name_of(lost), 1e3 * (with - without));
  }
  campaign.command = "build/bin/recovery_linux --output FILE";
  campaign.more["peer"] = std::string("Linux ") + kernel.release;
  return campaign;
}

}  // namespace
}  // namespace sockwire::bench

int main(int argc, char** argv) {
  using namespace sockwire::bench;
  Settings settings;
  CLI::App app("Linux's time to recover from the loss of one segment, over TAP");
  app.add_option("--output", settings.output, "where the campaign's file goes, as JSON");
  app.add_option("--repetitions", settings.repetitions, "of each case; the median counts")->check(CLI::Range(1, 100));
  CLI11_PARSE(app, argc, argv);
  try {
    if (!write_campaign(settings.output, measure(settings))) return 1;
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "recovery_linux: %s\n", problem.what());
    return std::string(problem.what()).rfind(kNotPermitted, 0) == 0 ? 77 : 1;
  }
  return 0;
}
