// SPDX-License-Identifier: Apache-2.0
// An ordinary process on Linux's TCP that sends and takes at once.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>

namespace sockwire::interop {

class LinuxPeer {
 public:
  /// Listens; on the one connection that comes it sends `bytes` of the pattern of `seed` while it takes what the other
  /// side sends. Null if it cannot be started.
  static std::unique_ptr<LinuxPeer> start(std::uint16_t port, std::uint64_t seed, std::uint64_t bytes);
  ~LinuxPeer();
  LinuxPeer(const LinuxPeer&) = delete;
  LinuxPeer& operator=(const LinuxPeer&) = delete;

  /// "BYTES SHA256" of what it has taken, when its connection has ended; empty if that does not come.
  std::string taken();

 private:
  LinuxPeer(pid_t pid, int pipe) : pid_(pid), pipe_(pipe) {}
  pid_t pid_;
  int pipe_;
};

}  // namespace sockwire::interop
