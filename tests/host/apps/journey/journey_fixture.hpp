// SPDX-License-Identifier: Apache-2.0
// Runs journeys, and reads what they wrote: their JSON, and their capture as tshark sees it.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "tests/command_outcome.hpp"

namespace sockwire {

using nlohmann::json;

class Journey : public testing::Test {
 protected:
  Journey() : folder_(testing::TempDir() + "sockwire-journey-" + std::to_string(getpid())) {
    std::filesystem::create_directories(folder_);
  }
  ~Journey() override { std::filesystem::remove_all(folder_); }

  std::string path(const std::string& name) const { return folder_ + "/" + name; }
  static std::string content(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  /// `sockwire journey ARGUMENTS`
  static test::CommandOutcome journey(const std::string& arguments) {
    return test::run_command(std::string(SOCKWIRE_BINARY) + " journey " + arguments);
  }
  /// Runs a journey that fetches, and returns what it wrote with --json.
  json recorded(const std::string& arguments) const { return recorded_errand("get " + arguments); }
  /// The same of one that sends.
  json recorded_send(const std::string& arguments) const { return recorded_errand("send " + arguments); }
  json recorded_errand(const std::string& arguments) const {
    const auto outcome = journey(arguments + " --json " + path("all.json") + " --pcap " + path("all.pcapng"));
    EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
    return json::parse(content(path("all.json")), nullptr, false);
  }
  /// tshark's values of some fields, a line per packet.
  std::vector<std::vector<std::string>> dissected(const std::vector<std::string>& fields) const {
    std::string command =
        "tshark -r " + path("all.pcapng") +
        " -o ip.check_checksum:TRUE -o tcp.check_checksum:TRUE -o udp.check_checksum:TRUE -T fields -E separator='|'";
    for (const std::string& field : fields) command += " -e " + field;
    std::istringstream lines(test::run_command(command + " 2>/dev/null").output);
    std::vector<std::vector<std::string>> rows;
    for (std::string line; std::getline(lines, line);) {
      if (line.rfind("Running as", 0) == 0) continue;
      std::vector<std::string> row(1);
      for (const char c : line) {
        if (c == '|') {
          row.emplace_back();
        } else {
          row.back() += c;
        }
      }
      rows.push_back(row);
    }
    return rows;
  }
  void expect_what_tshark_reads(const json& run) const;
  static void expect_whole_dissection(const json& run);

 private:
  std::string folder_;
};

/// The value of a field of a layer; empty if there is none.
inline std::string value_of(const json& packet, const std::string& layer_name, const std::string& field_name) {
  for (const json& layer : packet["layers"]) {
    if (layer["name"] != layer_name) continue;
    for (const json& field : layer["f"]) {
      if (field[2] == field_name) return field[3];
    }
  }
  return {};
}

/// Each packet as tshark reads it: addresses, numbers, checksums that are good, and the comment.
inline void Journey::expect_what_tshark_reads(const json& run) const {
  const auto rows = dissected({"frame.number", "ip.src", "ip.id", "ip.checksum.status", "tcp.seq_raw", "tcp.ack_raw",
                               "tcp.window_size_value", "tcp.checksum", "tcp.checksum.status", "eth.dst", "udp.length",
                               "frame.comment", "_ws.malformed"});
  if (rows.empty()) GTEST_SKIP() << "tshark is not here";
  ASSERT_EQ(rows.size(), run["packets"].size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const json& packet = run["packets"][i];
    const auto& row = rows[i];
    SCOPED_TRACE("packet " + row[0]);
    EXPECT_EQ(row[0], std::to_string(packet["n"].get<int>()));
    EXPECT_EQ(row[1], value_of(packet, "IPv4", "Source"));
    if (!row[2].empty()) {
      EXPECT_EQ(std::stoul(row[2], nullptr, 16), std::stoul(value_of(packet, "IPv4", "Identification")));
      EXPECT_EQ(row[3], "1");  // good
    }
    EXPECT_EQ(row[4], value_of(packet, "TCP", "Sequence number"));
    EXPECT_EQ(row[5], value_of(packet, "TCP", "ACK number"));
    EXPECT_EQ(row[6], value_of(packet, "TCP", "Window"));
    EXPECT_EQ(row[7], value_of(packet, "TCP", "Checksum"));
    EXPECT_EQ(row[8], row[7].empty() ? "" : "1");
    EXPECT_EQ(row[9], value_of(packet, "Ethernet", "Destination"));
    EXPECT_EQ(row[10], value_of(packet, "UDP", "Length"));
    EXPECT_EQ(row[11].rfind("#" + row[0] + " stage ", 0), 0u) << row[11];
    EXPECT_NE(row[11].find("Why now: " + packet["why"].get<std::string>()), std::string::npos) << row[11];
    EXPECT_EQ(row[12], "");
  }
}

/// Each octet of each packet belongs to one field, and each checksum was worked out and found right.
inline void Journey::expect_whole_dissection(const json& run) {
  ASSERT_FALSE(run["packets"].empty());
  std::size_t workings = 0;
  for (std::size_t i = 0; i < run["packets"].size(); ++i) {
    const json& packet = run["packets"][i];
    std::vector<int> covered(run["signal"]["frames"][i]["octets"].get<std::size_t>());
    for (const json& layer : packet["layers"]) {
      for (const json& field : layer["f"]) {
        for (std::size_t at = 0; at < field[1]; ++at) ++covered.at(field[0].get<std::size_t>() + at);
      }
      for (const json& working : layer["w"]) {
        EXPECT_TRUE(working["holds"]) << packet["n"] << ": " << working["result"];
        ++workings;
      }
    }
    EXPECT_TRUE(std::all_of(covered.begin(), covered.end(), [](int times) { return times == 1; }))
        << "packet " << packet["n"] << ": " << packet["title"];
  }
  EXPECT_GE(workings, 2 * run["packets"].size() - 2) << "at least FCS and one more, but for ARP";
}

}  // namespace sockwire
