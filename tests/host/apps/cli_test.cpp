// SPDX-License-Identifier: Apache-2.0
// The command line as people meet it: exit codes, one line for each error, and what is left behind.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace {

struct Outcome {
  int status = -1;
  std::string out;
  std::string err;
};

class Cli : public testing::Test {
 protected:
  Cli() : folder_(testing::TempDir() + "sockwire-cli-" + std::to_string(getpid())) {
    std::filesystem::create_directory(folder_);
    setenv("XDG_RUNTIME_DIR", folder_.c_str(), 1);
  }
  ~Cli() override { std::filesystem::remove_all(folder_); }

  std::string path(const std::string& name) const { return folder_ + "/" + name; }

  static std::string content(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  pid_t start(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), SOCKWIRE_BINARY);
    std::vector<char*> pointers;
    for (auto& argument : arguments) pointers.push_back(argument.data());
    pointers.push_back(nullptr);
    const pid_t pid = fork();
    if (pid == 0) {
      dup2(open(path("out").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), STDOUT_FILENO);
      dup2(open(path("err").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), STDERR_FILENO);
      execv(SOCKWIRE_BINARY, pointers.data());
      _exit(126);
    }
    return pid;
  }

  Outcome finish(pid_t pid) const {
    int status = 0;
    waitpid(pid, &status, 0);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), content(path("out")),
            content(path("err"))};
  }

  Outcome sockwire(std::vector<std::string> arguments) const { return finish(start(std::move(arguments))); }

  void expect_error(std::vector<std::string> arguments, int status, const std::string& message) const {
    std::string all;
    for (const auto& argument : arguments) all += argument + " ";
    const Outcome run = sockwire(std::move(arguments));
    EXPECT_EQ(run.status, status) << all << run.err;
    EXPECT_EQ(std::count(run.err.begin(), run.err.end(), '\n'), 1) << all << run.err;
    EXPECT_NE(run.err.find(message), std::string::npos) << all << run.err;
    EXPECT_EQ(run.err.rfind("sockwire: ", 0), 0u) << run.err;
  }

 private:
  std::string folder_;
};

const std::vector<std::string> kLoop{"--wire", "loop", "--card", "native"};

std::vector<std::string> with_loop(std::vector<std::string> arguments) {
  arguments.insert(arguments.end(), kLoop.begin(), kLoop.end());
  return arguments;
}

TEST_F(Cli, HelpIsForPeopleAndNoError) {
  for (const char* command : {"get", "send", "listen", "ping", "udp", "resolve", "lab", "ss", "stats", "demo"}) {
    const Outcome run = sockwire({command, "--help"});
    EXPECT_EQ(run.status, 0) << command;
    EXPECT_NE(run.out.find("Usage: sockwire " + std::string(command)), std::string::npos) << run.out;
  }
  EXPECT_EQ(sockwire({"--help"}).status, 0);
}

TEST_F(Cli, WrongArgumentsAreTwoAndOneLine) {
  expect_error({}, 2, "A subcommand is required");
  expect_error({"fetch"}, 2, "'fetch' is no subcommand");
  expect_error({"get"}, 2, "URL");
  expect_error({"get", "http://exam_ple.org:x/"}, 2, "has a port that is not between");
  expect_error({"get", "http://a..b/"}, 2, "'a..b' is neither a name nor an address");
  expect_error({"get", "https://10.18.0.1/"}, 2, "https is not spoken");
  expect_error({"send", "file", "10.18.0.1"}, 2, "not of the form HOST:PORT");
  expect_error({"listen", "0"}, 2, "PORT");
  expect_error({"ping", "no body"}, 2, "'no body' is neither a name nor an address");
  expect_error({"resolve", "a/b"}, 2, "'a/b' is neither a name nor an address");
  expect_error({"resolve", "a", "--dns", "there"}, 2, "'there' is no address");
  expect_error({"resolve", "a", "--hosts", path("missing")}, 2, "cannot read " + path("missing"));
  expect_error({"resolve", "a", "--dhcp", "--wire", "loop"}, 2, "no DHCP server behind --wire loop");
  expect_error({"udp", "10.18.0.1"}, 2, "HOST and PORT are needed");
  expect_error({"udp", "10.18.0.1", "0"}, 2, "TARGET");
  expect_error({"udp", "-l", "10.18.0.1", "7"}, 2, "-l takes a port alone");
  expect_error({"udp", "10.18.0.1", "7", "--json"}, 2, "needs -o FILE");
  expect_error({"get", "http://10.18.0.1/", "--loss", "2"}, 2, "'2' is no probability");
  expect_error({"get", "http://10.18.0.1/", "--delay", "soon"}, 2, "'soon' is no time");
  expect_error({"get", "http://10.18.0.1/", "--width", "4"}, 2, "--width");
  expect_error({"get", "http://10.18.0.1/", "--card", "pci"}, 2, "--card");
  expect_error({"get", "http://10.18.0.1/", "--card", "native", "--wave", "x.fst"}, 2, "native card has no signals");
  expect_error({"get", "http://10.18.0.1/", "--json"}, 2, "needs -o FILE");
  expect_error({"get", "http://10.18.0.1/", "--baud", "9600"}, 2, "--baud");
  expect_error({"get", "http://10.18.0.1/", "--card", "native", "--baud", "6000000"}, 2, "is for --card usb");
}

// What a capture would have to make up is not captured.
TEST_F(Cli, ABoardIsCapturedAtItsPeer) {
  expect_error({"get", "http://10.18.0.1/", "--card", "usb", "--pcap", path("f.pcapng")}, 2,
               "this end does not see the wire; capture at its peer");
  EXPECT_FALSE(std::filesystem::exists(path("f.pcapng")));
}

TEST_F(Cli, WhatCannotBeIsOneAndOneLineThatSaysWhatToDo) {
  expect_error({"get", "http://10.18.0.1/"}, 1, "no lab is running: start one");
  expect_error({"send", path("missing"), "10.18.0.1:1"}, 1, "cannot read " + path("missing") + ": No such file");
  expect_error(with_loop({"get", "http://10.18.0.1/1", "-o", path("no/file")}), 1, "cannot write");
  expect_error(with_loop({"get", "http://10.18.0.1/100k", "-o", "/dev/full"}), 1, "No space left on device; make room");
  expect_error(with_loop({"get", "http://10.18.0.9/1", "-o", path("f")}), 1, "no answer to ARP");
  expect_error(with_loop({"get", "http://10.18.0.1/x", "-o", path("f")}), 1, "the server says 404 Not Found");
  expect_error(with_loop({"get", "http://10.18.0.1/1", "-o", path("f"), "--loss", "1", "--timeout", "3s"}), 1, "");
  expect_error(with_loop({"get", "http://10.18.0.1/1", "-o", path("f"), "--pcap", path("no/f")}), 1, "cannot write");
  expect_error(with_loop({"get", "http://name/1", "-o", path("f")}), 1, "no name server is known");
  EXPECT_FALSE(std::filesystem::exists(path("f")));
  EXPECT_FALSE(std::filesystem::exists(path("f.part")));
}

TEST_F(Cli, NamesAreTakenWhereAddressesAre) {
  std::ofstream(path("hosts")) << "10.18.0.1 far far.lan  # in every lab\n";
  const Outcome get = sockwire(with_loop({"get", "http://far.lan/1000", "-o", path("f"), "--hosts", path("hosts")}));
  ASSERT_EQ(get.status, 0) << get.err;
  EXPECT_EQ(std::filesystem::file_size(path("f")), 1000u);
  const Outcome resolve = sockwire(with_loop({"resolve", "FAR", "--hosts", path("hosts"), "--json"}));
  ASSERT_EQ(resolve.status, 0) << resolve.err;
  EXPECT_EQ(nlohmann::json::parse(resolve.out)["addresses"], nlohmann::json::array({"10.18.0.1"}));
  EXPECT_EQ(sockwire(with_loop({"ping", "far", "-c", "1", "--hosts", path("hosts")})).status, 0);
}

TEST_F(Cli, UdpCarriesStandardInputAndOutput) {
  const std::string whole(10'000, 'x');
  std::ofstream(path("in")) << whole;
  ASSERT_NE(freopen(path("in").c_str(), "r", stdin), nullptr);
  const Outcome run = sockwire(with_loop({"udp", "10.18.0.1", "7", "-o", path("f"), "--json"}));
  ASSERT_EQ(run.status, 0) << run.err;
  EXPECT_EQ(content(path("f")), whole);
  const auto json = nlohmann::json::parse(run.out);
  EXPECT_EQ(json["datagrams_out"], 7) << "1472 bytes in each";
  EXPECT_EQ(json["bytes_in"], 10'000);
}

TEST_F(Cli, GetsAndReportsAsJson) {
  const Outcome run = sockwire(with_loop({"get", "http://10.18.0.1/100k", "-o", path("f"), "--json"}));
  ASSERT_EQ(run.status, 0) << run.err;
  EXPECT_EQ(std::filesystem::file_size(path("f")), 100'000u);
  const auto json = nlohmann::json::parse(run.out);
  EXPECT_EQ(json["bytes"], 100'000);
  EXPECT_GT(json["cycles"], 100'000);
  EXPECT_EQ(json["tcp"]["retransmissions"], 0);
  EXPECT_EQ(run.err, "");
}

TEST_F(Cli, WritesNothingButTheFileToStandardOutput) {
  const Outcome run = sockwire(with_loop({"get", "http://10.18.0.1/1000"}));
  ASSERT_EQ(run.status, 0) << run.err;
  EXPECT_EQ(run.out.size(), 1000u);
  EXPECT_NE(run.err.find("1,000 bytes"), std::string::npos) << run.err;
}

TEST_F(Cli, SendsAndTheFarSideSaysTheDigest) {
  std::ofstream(path("abc")) << "abc";
  const Outcome run = sockwire(with_loop({"send", path("abc"), "10.18.0.1:9000", "--json"}));
  ASSERT_EQ(run.status, 0) << run.err;
  // FIPS 180-4's example.
  EXPECT_EQ(nlohmann::json::parse(run.out)["sha256_at_far_side"],
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_F(Cli, ListensAndPings) {
  const Outcome listen = sockwire(with_loop({"listen", "7000", "-o", path("f"), "--bytes", "50000"}));
  ASSERT_EQ(listen.status, 0) << listen.err;
  EXPECT_EQ(std::filesystem::file_size(path("f")), 50'000u);
  const Outcome ping = sockwire(with_loop({"ping", "10.18.0.1", "-c", "3"}));
  ASSERT_EQ(ping.status, 0) << ping.err;
  EXPECT_EQ(std::count(ping.out.begin(), ping.out.end(), '\n'), 3) << ping.out;
  expect_error(with_loop({"ping", "10.18.0.9", "-c", "1"}), 1, "");
}

TEST_F(Cli, InterruptedItKeepsWhatCame) {
  const pid_t pid = start(with_loop({"get", "http://10.18.0.1/1G", "-o", path("f")}));
  const auto part = path("f.part");
  for (int i = 0; i < 1000; ++i) {
    std::error_code error;
    if (std::filesystem::file_size(part, error) > 0 && !error) break;
    poll(nullptr, 0, 10);
  }
  kill(pid, SIGINT);
  const Outcome run = finish(pid);
  EXPECT_EQ(run.status, 130);
  EXPECT_EQ(run.err.rfind("sockwire: interrupted; ", 0), 0u) << run.err;
  EXPECT_NE(run.err.find(part), std::string::npos) << run.err;
  EXPECT_GT(std::filesystem::file_size(part), 0u);
  EXPECT_FALSE(std::filesystem::exists(path("f")));
}

TEST_F(Cli, SsAndStatsLookIntoRunningInstances) {
  EXPECT_EQ(sockwire({"stats"}).out, "no sockwire runs now\n");
  // Its outputs are the folder's out and err, which the others use after it.
  const pid_t pid = start(with_loop({"get", "http://10.18.0.1/1G", "-o", path("f")}));
  std::string listing;
  nlohmann::json stats;
  for (int i = 0; i < 1000 && (listing.find("ESTAB") == std::string::npos || stats.empty()); ++i) {
    poll(nullptr, 0, 10);
    listing = sockwire({"ss"}).out;
    stats = nlohmann::json::parse(sockwire({"stats", "--json"}).out);
  }
  kill(pid, SIGTERM);
  EXPECT_EQ(finish(pid).status, 143);
  EXPECT_NE(listing.find("10.18.0.1:80"), std::string::npos) << listing;
  EXPECT_NE(listing.find("pid=" + std::to_string(pid)), std::string::npos) << listing;
  ASSERT_EQ(stats.size(), 1u);
  EXPECT_GT(stats[0]["counters"]["stack"]["tcp_in"], 0);
  EXPECT_TRUE(stats[0]["counters"]["card"].contains("RxFcs"));
  EXPECT_EQ(sockwire({"stats"}).out, "no sockwire runs now\n");
}

TEST_F(Cli, EyeDrawsWhereItIsToldTo) {
  for (const std::string at : {"receiver", "equaliser"}) {
    const Outcome run = sockwire({"eye", "--cable", "100", "--symbols", "1000", "--at", at, "-o", "-"});
    EXPECT_EQ(run.status, 0) << run.err;
    EXPECT_EQ(run.out.rfind("<svg", 0), 0u) << at;
    EXPECT_EQ(run.out.find("level at the slicer") != std::string::npos, at == "equaliser");
  }
  expect_error({"eye", "--line", "10base-t", "--at", "equaliser"}, 2, "only 100base-tx has an equaliser");
  expect_error({"eye", "--cable", "100", "--noise", "500", "--at", "equaliser"}, 1, "no signal that it can equalise");
}

TEST_F(Cli, LabPassesTheProgramsExitCodeOn) {
  const Outcome run = sockwire({"lab", "--", "sh", "-c", "exit 7"});
  if (run.status == 1 && run.err.find("namespace") != std::string::npos) GTEST_SKIP() << run.err;
  EXPECT_EQ(run.status, 7) << run.err;
  EXPECT_EQ(sockwire({"lab", "--", "sh", "-c", "kill -9 $$"}).status, 137);
  expect_error({"lab", "--", "no-such-program"}, 1, "cannot start no-such-program: No such file");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(path("sockwire")), {}), 0) << "entries are removed";
}

}  // namespace
