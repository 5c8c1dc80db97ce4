// SPDX-License-Identifier: Apache-2.0
#include "host/apps/lab.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "host/apps/runtime_dir.hpp"
#include "sim/net/net_namespace.hpp"

namespace sockwire::apps {

namespace {

/// Short: a simulated card takes a millisecond for a frame, and a long queue would only make round trips longer.
constexpr int kTransmitQueueFrames = 200;

std::vector<pid_t> children() {
  const std::string self = std::to_string(getpid());
  std::ifstream file("/proc/" + self + "/task/" + self + "/children");
  std::vector<pid_t> pids;
  for (pid_t pid = 0; file >> pid;) pids.push_back(pid);
  return pids;
}

/// Waits until `pid` has ended, at most so long. False if it has not.
bool ended_within(pid_t pid, int milliseconds) {
  for (int waited = 0; waited <= milliseconds; waited += 10) {
    const pid_t result = waitpid(pid, nullptr, WNOHANG);
    if (result == pid || (result < 0 && errno == ECHILD)) return true;
    poll(nullptr, 0, 10);
  }
  return false;
}

/// Linux takes a moment until it routes over an IPv6 interface that has just come up. Waits for that at most a second;
/// nothing is sent.
bool routes_to(const IpAddress& address) {
  const int descriptor = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return false;
  sockaddr_in6 to{};
  to.sin6_family = AF_INET6;
  to.sin6_port = htons(9);
  std::copy(address.bytes().begin(), address.bytes().end(), to.sin6_addr.s6_addr);
  int result = -1;
  for (int waited_ms = 0; waited_ms < 1000 && result != 0; ++waited_ms) {
    result = connect(descriptor, reinterpret_cast<const sockaddr*>(&to), sizeof to);
    if (result != 0) poll(nullptr, 0, 1);
  }
  close(descriptor);
  return result == 0;
}

}  // namespace

Result<void, std::string> enter_new_lab() {
  if (const auto folder = runtime_dir(); !folder) return Failure{folder.error()};  // while we are still who we are
  if (const auto entered = sim::enter_new_namespace(); !entered) return entered;
  // On loopback too, so that a program may bind to it before any card is there.
  if (const auto added = sim::add_point_to_point("lo", kLabAddress, kLabAddress); !added) return added;
  if (sim::enable_ipv6("lo")) {
    static_cast<void>(sim::add_point_to_point("lo", lab_ipv6(kLabAddress), lab_ipv6(kLabAddress)));
  }
  // Cards reach one another through Linux, which answers ARP for all of them. Where that may not be set they do not.
  sim::set_sysctl("ipv4/ip_forward", "1");
  sim::set_sysctl("ipv4/conf/all/send_redirects", "0");
  sim::set_sysctl("ipv4/conf/default/send_redirects", "0");
  sim::set_sysctl("ipv4/conf/default/proxy_arp", "1");
  return {};
}

Result<void, std::string> join_lab(std::optional<pid_t> pid) {
  const auto labs = running_labs();
  if (!pid) {
    if (labs.empty()) {
      return Failure<std::string>{
          "no lab is running: start one in another terminal, such as 'sockwire lab -- nginx -g \"daemon off;\"', or "
          "use "
          "--wire loop"};
    }
    pid = labs.front();
  }
  return sim::join_namespace_of(*pid);
}

Result<LabPort, std::string> plug_in() {
  auto tap = sim::TapDevice::open();
  if (!tap) return Failure{tap.error()};
  LabPort port;
  port.tap = std::move(tap).value();
  const int number = port.tap->number();
  if (number > 250) return Failure<std::string>{"this lab has as many cards as it has addresses for"};
  port.address = Ipv4Address(kLabAddress.value() + 1 + static_cast<std::uint32_t>(number));
  // Locally administered (bit 1 of the first octet); the last octet is that of the card's address.
  const auto last = static_cast<std::uint8_t>(number + 2);
  port.mac = MacAddress({0x02, 0x53, 0x57, 0x00, 0x01, last});
  const auto configured = sim::configure_tap(*port.tap, {0x02, 0x53, 0x57, 0x00, 0x00, last}, kTransmitQueueFrames);
  if (!configured) return Failure{configured.error()};
  const auto added = sim::add_point_to_point(port.tap->name(), kLabAddress, port.address);
  if (!added) return Failure{added.error()};
  if (const auto up = sim::bring_up(port.tap->name()); !up) return Failure{up.error()};
  port.ipv6 = sim::enable_ipv6(port.tap->name()) &&
              sim::add_point_to_point(port.tap->name(), lab_ipv6(kLabAddress), lab_ipv6(port.address)).ok() &&
              routes_to(lab_ipv6(port.address));
  return port;
}

Result<pid_t, std::string> start_program(const std::vector<std::string>& command, bool quiet) {
  std::vector<char*> arguments;
  for (const auto& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  int report[2];  // closed by a successful exec, else given errno
  if (pipe2(report, O_CLOEXEC) != 0) return Failure{std::string("cannot make a pipe: ") + std::strerror(errno)};
  const pid_t parent = getpid();
  const pid_t pid = fork();
  if (pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent) _exit(127);
    if (quiet) {
      const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
      for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) dup2(null, standard);
    }
    execvp(arguments[0], arguments.data());
    const int reason = errno;
    static_cast<void>(!write(report[1], &reason, sizeof reason));
    _exit(127);
  }
  close(report[1]);
  int reason = 0;
  const bool failed = pid < 0 || read(report[0], &reason, sizeof reason) == sizeof reason;
  close(report[0]);
  if (!failed) return pid;
  if (pid > 0) waitpid(pid, nullptr, 0);
  return Failure{"cannot start " + command.front() + ": " + std::strerror(pid < 0 ? errno : reason)};
}

void stop_program(pid_t pid) {
  kill(pid, SIGTERM);
  if (ended_within(pid, 2000)) return;
  kill(pid, SIGKILL);
  waitpid(pid, nullptr, 0);
}

int run_lab(const std::vector<std::string>& command) {
  const auto complain = [](const std::string& message) {
    fmt::print(stderr, "sockwire: {}\n", message);
    return 1;
  };
  if (const auto entered = enter_new_lab(); !entered) return complain(entered.error());
  const auto entry = LabEntry::publish();
  if (!entry) return complain(entry.error());

  // Signals are waited for rather than handled: what they mean is that the program is told to end. What a program
  // leaves behind when it goes into the background becomes our child, so that it can be ended too.
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGCHLD}) sigaddset(&signals, signal);
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  const auto program = start_program(command);  // with the signals as they were
  sigprocmask(SIG_BLOCK, &signals, nullptr);
  if (!program) return complain(program.error());

  int status = 0;
  while (true) {
    const pid_t ended = waitpid(-1, &status, WNOHANG);
    if (ended == *program) break;
    if (ended > 0) continue;
    siginfo_t info{};
    const int signal = sigwaitinfo(&signals, &info);
    // A terminal's Ctrl-C reaches the program without us; what somebody sent to us alone does not.
    if (signal > 0 && signal != SIGCHLD && info.si_code == SI_USER) kill(*program, signal);
  }
  for (auto left = children(); !left.empty(); left = children()) {
    for (const pid_t pid : left) stop_program(pid);
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace sockwire::apps
