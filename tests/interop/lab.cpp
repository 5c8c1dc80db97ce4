// SPDX-License-Identifier: Apache-2.0
#include "lab.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <fstream>

namespace sockwire::interop {

void in_lab(const std::function<std::string()>& body) {
  const LabReport report = run_in_lab(body);
  if (!report.permitted) GTEST_SKIP() << report.problem;
  EXPECT_EQ(report.problem, "");
}

bool lab_has_ipv6() {
  std::ifstream addresses("/proc/self/net/if_inet6");
  for (std::string line; std::getline(addresses, line);) {
    if (line.rfind("fd180000000000000000000000000001", 0) == 0) return true;
  }
  return false;
}

std::string output_of(const std::string& command) {
  std::string output;
  std::FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return output;
  std::array<char, 4096> buffer{};
  for (std::size_t bytes = 0; (bytes = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
    output.append(buffer.data(), bytes);
  }
  pclose(pipe);
  return output;
}

std::string temporary(const std::string& name) {
  return testing::TempDir() + "sockwire-interop-" + std::to_string(getpid()) + "-" + name;
}

}  // namespace sockwire::interop
