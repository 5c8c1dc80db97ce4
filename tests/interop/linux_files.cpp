// SPDX-License-Identifier: Apache-2.0
#include "linux_files.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

#include "host/apps/lab.hpp"
#include "host/apps/pattern.hpp"
#include "host/apps/sha256.hpp"
#include "tests/value_of.hpp"

namespace sockwire::interop {

using test::value_of;

LinuxFiles::LinuxFiles(std::uint64_t seed, std::uint64_t bytes) : bytes_(bytes) {
  std::vector<std::uint8_t> content(bytes);
  apps::fill_pattern(seed, 0, content);
  std::filesystem::create_directory(folder() + "/www");
  std::ofstream(path(), std::ios::binary)
      .write(reinterpret_cast<const char*>(content.data()), static_cast<std::streamsize>(content.size()));
  sha256_ = apps::sha256_of_file(path());
  nginx_ = value_of(apps::Nginx::start(folder()));
  sink_ = value_of(apps::TcpSink::start(kSinkPort));
}

std::string LinuxFiles::url() { return "http://" + to_string(apps::kLabAddress) + "/file"; }

std::string LinuxFiles::sink() { return to_string(apps::kLabAddress) + ":" + std::to_string(kSinkPort); }

std::string LinuxFiles::problem_of_sunk() {
  const auto sunk = sink_->next();
  if (!sunk) return sunk.error();
  if (sunk->sha256 == sha256_) return "";
  return "Linux has taken " + std::to_string(sunk->bytes) + " bytes with SHA-256 " + sunk->sha256;
}

std::string LinuxFiles::problem_of_fetched(const std::string& path) const {
  const std::string sha256 = apps::sha256_of_file(path);
  return sha256 == sha256_ ? "" : path + " has SHA-256 " + (sha256.empty() ? "none" : sha256);
}

// A line of names, then one of values, each behind the group's name.
std::map<std::string, std::uint64_t> linux_tcp_counters() {
  std::map<std::string, std::uint64_t> counters;
  for (const char* file : {"/proc/self/net/snmp", "/proc/self/net/netstat"}) {
    std::ifstream text(file);
    std::string names;
    std::string values;
    while (std::getline(text, names) && std::getline(text, values)) {
      std::istringstream name_words(names);
      std::istringstream value_words(values);
      std::string name;
      std::string value;
      name_words >> name;
      value_words >> value;
      if (name != "Tcp:" && name != "TcpExt:") continue;
      while (name_words >> name && value_words >> value) counters[name] = std::strtoull(value.c_str(), nullptr, 10);
    }
  }
  return counters;
}

}  // namespace sockwire::interop
