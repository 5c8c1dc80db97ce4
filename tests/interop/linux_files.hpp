// SPDX-License-Identifier: Apache-2.0
// Files between a card and Linux of this namespace: nginx that serves one, a sink that takes one, and what Linux's TCP
// had to send again meanwhile.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "host/apps/peers.hpp"

namespace sockwire::interop {

class LinuxFiles {
 public:
  static constexpr std::uint16_t kSinkPort = 9;

  /// Call it in a lab. The file has the pattern of `seed`. Throws std::runtime_error if a peer does not start.
  LinuxFiles(std::uint64_t seed, std::uint64_t bytes);

  /// Where files of the caller's own may lie, too.
  const std::string& folder() const { return folder_.path(); }
  /// The file that nginx serves, as a path and as a URL; and its digest.
  std::string path() const { return folder() + "/www/file"; }
  static std::string url();
  /// Where the sink listens, as HOST:PORT.
  static std::string sink();
  const std::string& sha256() const { return sha256_; }
  std::uint64_t bytes() const { return bytes_; }

  /// Empty if the next connection to the sink that has ended brought the whole file; else what it brought.
  std::string problem_of_sunk();
  /// Empty if a file that was fetched is the one that is served.
  std::string problem_of_fetched(const std::string& path) const;

 private:
  apps::TemporaryFolder folder_;
  std::uint64_t bytes_;
  std::string sha256_;
  std::unique_ptr<apps::Nginx> nginx_;
  std::unique_ptr<apps::TcpSink> sink_;
};

/// What Linux counts of TCP in this namespace, as /proc/net/snmp and /proc/net/netstat name it ("RetransSegs").
std::map<std::string, std::uint64_t> linux_tcp_counters();

}  // namespace sockwire::interop
