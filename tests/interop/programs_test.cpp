// SPDX-License-Identifier: Apache-2.0
// Programs as people have them: nginx and curl on Linux's side of the wire, and the command line on ours.
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "host/apps/far_side.hpp"
#include "host/apps/lab.hpp"
#include "host/apps/pattern.hpp"
#include "host/apps/peers.hpp"
#include "host/apps/setup.hpp"
#include "host/apps/sha256.hpp"
#include "host/apps/transfer.hpp"
#include "lab.hpp"

namespace sockwire::interop {
namespace {

using namespace std::chrono_literals;

apps::Options native_card() {
  apps::Options options;
  options.card = apps::CardKind::kNative;
  options.wire = apps::WireKind::kTap;
  return options;
}

bool installed(const std::string& program) { return !output_of("command -v " + program).empty(); }

TEST(Programs, NginxServesUs) {
  if (!std::filesystem::exists("/usr/sbin/nginx")) FAIL() << "nginx is not installed: ./run installs it (nginx-light)";
  in_lab([]() -> std::string {
    const apps::TemporaryFolder folder;
    std::filesystem::create_directory(folder.path() + "/www");
    std::vector<std::uint8_t> content(300'000);
    apps::fill_pattern(1, 0, content);
    std::ofstream(folder.path() + "/www/file", std::ios::binary)
        .write(reinterpret_cast<const char*>(content.data()), static_cast<std::streamsize>(content.size()));
    auto nginx = apps::Nginx::start(folder.path());
    if (!nginx) return nginx.error();
    auto setup = apps::Setup::make(native_card());
    if (!setup) return setup.error();
    std::vector<std::uint8_t> got;
    const auto get = [&](const std::string& path) {
      got.clear();
      const auto fetched = apps::fetch(
          **setup, *apps::Url::parse("http://10.18.0.1" + path), 30s,
          [&](std::span<const std::uint8_t> bytes) {
            got.insert(got.end(), bytes.begin(), bytes.end());
            return Result<void, std::string>();
          },
          [](std::uint64_t, std::optional<std::uint64_t>) {});
      return fetched ? std::string() : fetched.error().message;
    };
    if (const auto problem = get("/file"); !problem.empty()) return problem;
    if (got != content) return "the file is not what nginx has";
    if (get("/missing") != "the server says 404 Not Found to /missing") return "a missing file is no error";
    const auto refused = apps::connect_to(**setup, {apps::kLabAddress, 81}, 5s);
    if (refused || refused.error().message.find("connection refused") != 0) return "a closed port does not refuse";
    return "";
  });
}

/// curl fetches a file from the card, which listens at all its addresses.
std::string curl_fetches(const std::string& url) {
  auto setup = apps::Setup::make(native_card());
  if (!setup) return setup.error();
  apps::FarSide server((*setup)->host(), 7);
  if (const auto served = server.serve_http(80); !served) return served.error().message;
  (*setup)->loop().add_task([&] { return server.turn(); });
  const std::string file = temporary("curl");
  const auto curl = apps::start_program({"curl", "-s", "--max-time", "30", "-o", file, url});
  if (!curl) return curl.error();
  int status = -1;
  while (waitpid(*curl, &status, WNOHANG) == 0) (*setup)->loop().run_once((*setup)->loop().now() + 10ms);
  const std::string digest = apps::sha256_of_file(file);
  unlink(file.c_str());
  std::vector<std::uint8_t> expected(300'000);
  apps::fill_pattern(7, 0, expected);
  apps::Sha256 sha;
  sha.update(expected);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) return "curl failed: " + std::to_string(status);
  return digest == sha.finish() ? "" : "curl got something else";
}

TEST(Programs, CurlFetchesFromUs) {
  if (!installed("curl")) FAIL() << "curl is not installed: ./run installs it";
  in_lab([] { return curl_fetches("http://10.18.0.2/300k"); });
}

TEST(Programs, CurlFetchesFromUsOverIpv6) {
  if (!installed("curl")) FAIL() << "curl is not installed: ./run installs it";
  in_lab([] { return lab_has_ipv6() ? curl_fetches("http://[fd18::2]/300k") : cannot("this kernel has no IPv6"); });
}

TEST(Programs, LinuxAnswersOurPing) {
  in_lab([]() -> std::string {
    auto setup = apps::Setup::make(native_card());
    if (!setup) return setup.error();
    for (const std::size_t bytes : {0, 1, 56, 1472}) {
      const auto reply = (*setup)->host().ping(apps::kLabAddress, static_cast<std::uint16_t>(bytes), bytes, 5s);
      if (!reply) return reply.error().message;
      if (reply->bytes != bytes + 8) return "the answer has another size";
    }
    return "";
  });
}

TEST(Programs, LinuxAnswersOurPingOverIpv6) {
  in_lab([]() -> std::string {
    if (!lab_has_ipv6()) return cannot("this kernel has no IPv6");
    auto setup = apps::Setup::make(native_card());
    if (!setup) return setup.error();
    const IpAddress linux = apps::lab_ipv6(apps::kLabAddress);
    for (const std::size_t bytes : {0, 1, 56, 1452}) {
      const auto reply = (*setup)->host().ping(linux, static_cast<std::uint16_t>(bytes), bytes, 5s);
      if (!reply) return reply.error().message;
      if (reply->bytes != bytes + 8) return "the answer has another size";
    }
    const auto refused = apps::connect_to(**setup, {linux, 81}, 5s);
    return !refused && refused.error().message.find("connection refused") == 0 ? "" : "a closed port does not refuse";
  });
}

/// Linux pings the card.
std::string linux_pings(const std::string& address) {
  auto setup = apps::Setup::make(native_card());
  if (!setup) return setup.error();
  const auto ping = apps::start_program({"ping", "-c", "3", "-i", "0.2", "-W", "5", address}, true);
  if (!ping) return ping.error();
  int status = -1;
  while (waitpid(*ping, &status, WNOHANG) == 0) (*setup)->loop().run_once((*setup)->loop().now() + 10ms);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? "" : "ping got no answer";
}

TEST(Programs, WeAnswerLinuxsPing) {
  if (!installed("ping")) GTEST_SKIP() << "ping is not installed";
  in_lab([] { return linux_pings("10.18.0.2"); });
}

TEST(Programs, WeAnswerLinuxsPingOverIpv6) {
  if (!installed("ping")) GTEST_SKIP() << "ping is not installed";
  in_lab([] { return lab_has_ipv6() ? linux_pings("fd18::2") : cannot("this kernel has no IPv6"); });
}

// The command line as the README shows it: a lab in one terminal, a card in another.
TEST(Programs, LabAndGetFindEachOther) {
  if (!installed("nc")) GTEST_SKIP() << "nc is not installed";
  const std::string folder = temporary("run");
  std::filesystem::create_directory(folder);
  setenv("XDG_RUNTIME_DIR", folder.c_str(), 1);
  const std::string received = folder + "/received";
  std::ofstream(folder + "/sent") << std::string(100'000, 'x');
  const auto lab = apps::start_program({SOCKWIRE_BINARY, "lab", "--", "sh", "-c", "nc -l -N 5001 > " + received});
  ASSERT_TRUE(lab) << lab.error();
  // The listener comes up a moment after the lab: until then the connection is refused.
  std::string said;
  int status = 1;
  for (int i = 0; i < 100 && status != 0 && waitpid(*lab, nullptr, WNOHANG) == 0; ++i) {
    said = output_of(std::string(SOCKWIRE_BINARY) + " send --card native " + folder +
                     "/sent 10.18.0.1:5001 2>&1; echo $?");
    std::istringstream(said.substr(said.find_last_of('\n', said.size() - 2) + 1)) >> status;
    if (status != 0) poll(nullptr, 0, 20);
  }
  const bool permitted = said.find("run as root") == std::string::npos && !said.empty();
  if (permitted) {
    EXPECT_EQ(status, 0) << said;
    waitpid(*lab, nullptr, 0);
    EXPECT_EQ(apps::sha256_of_file(received), apps::sha256_of_file(folder + "/sent"));
    EXPECT_TRUE(std::filesystem::is_empty(folder + "/sockwire")) << "the lab's entry is left";
  } else {
    apps::stop_program(*lab);
  }
  std::filesystem::remove_all(folder);
  unsetenv("XDG_RUNTIME_DIR");
  if (!permitted) GTEST_SKIP() << said;
}

// A program that goes into the background ends with its lab.
TEST(Programs, NothingOutlivesItsLab) {
  const std::string said =
      output_of(std::string(SOCKWIRE_BINARY) + " lab -- sh -c 'sleep 1000 >/dev/null 2>&1 & echo $!' 2>&1");
  const auto pid = static_cast<pid_t>(std::atol(said.c_str()));
  if (pid == 0) GTEST_SKIP() << said;
  EXPECT_NE(kill(pid, 0), 0) << "process " << pid << " is left";
}

}  // namespace
}  // namespace sockwire::interop
