// SPDX-License-Identifier: Apache-2.0
// Debian's liblwip as a peer: a process with a TAP of its own in this lab, whose packets Linux forwards to the card's.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "host/base/ipv4_address.hpp"

namespace sockwire::interop {

class LwipPeer {
 public:
  /// Listens on the port, and takes what the one connection that comes sends. Null if it cannot be started, as below.
  static std::unique_ptr<LwipPeer> take(std::uint16_t port);
  /// Connects to the card and sends so many bytes of the pattern of `seed`.
  static std::unique_ptr<LwipPeer> send(const Ipv4Address& card, std::uint16_t port, std::uint64_t seed,
                                        std::size_t bytes);
  ~LwipPeer();
  LwipPeer(const LwipPeer&) = delete;
  LwipPeer& operator=(const LwipPeer&) = delete;

  /// Whether take() listens, or send() is about to connect.
  bool ready();
  /// "BYTES SHA256" of what it has taken, "sent", or what went wrong; empty while it is at it.
  std::string told();

 private:
  LwipPeer(pid_t pid, int pipe) : pid_(pid), pipe_(pipe) {}
  static std::unique_ptr<LwipPeer> start(const std::function<std::string(int pipe)>& talk);
  /// The line of this number, once it is whole.
  std::string line(int number);

  pid_t pid_;
  int pipe_;
  std::string said_;
};

}  // namespace sockwire::interop
