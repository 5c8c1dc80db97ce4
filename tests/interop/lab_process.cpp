// SPDX-License-Identifier: Apache-2.0
#include "lab_process.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>

#include "host/apps/lab.hpp"
#include "sim/net/net_namespace.hpp"
#include "sim/net/tap.hpp"

namespace sockwire::interop {

namespace {

constexpr const char* kNotPermitted = "NOT PERMITTED: ";

/// Processes other than this one in a namespace.
int others_in(std::uint64_t namespace_id) {
  int count = 0;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", error)) {
    const auto pid = static_cast<pid_t>(std::atol(entry.path().filename().c_str()));
    if (pid > 0 && pid != getpid() && sim::namespace_id_of(pid) == namespace_id) ++count;
  }
  return count;
}

std::string run(const std::function<std::string()>& body) {
  if (const auto entered = apps::enter_new_lab(); !entered) return kNotPermitted + entered.error();
  if (const auto tap = sim::TapDevice::open(); !tap) return kNotPermitted + tap.error();
  std::string problem = body();
  if (problem.empty() && others_in(sim::namespace_id_of(getpid())) > 0) problem = "processes are left in the lab";
  if (problem.empty() && std::filesystem::exists("/sys/class/net/fpga0")) problem = "the TAP device is left in the lab";
  return problem;
}

}  // namespace

LabReport run_in_lab(const std::function<std::string()>& body) {
  int report[2];
  if (pipe(report) != 0) return {true, "there is no pipe"};
  const pid_t child = fork();
  if (child < 0) return {true, "there is no process"};
  if (child == 0) {
    close(report[0]);
    const std::string problem = run(body);
    static_cast<void>(!write(report[1], problem.data(), problem.size()));
    _exit(0);
  }
  close(report[1]);
  std::string problem;
  std::array<char, 4096> buffer{};
  for (ssize_t bytes = 0; (bytes = read(report[0], buffer.data(), buffer.size())) > 0;) {
    problem.append(buffer.data(), static_cast<std::size_t>(bytes));
  }
  close(report[0]);
  int status = 0;
  waitpid(child, &status, 0);
  if (!WIFEXITED(status)) return {true, "killed by signal " + std::to_string(WTERMSIG(status)) + " " + problem};
  return {problem.rfind(kNotPermitted, 0) != 0, problem};
}

std::string cannot(const std::string& why) { return kNotPermitted + why; }

}  // namespace sockwire::interop
