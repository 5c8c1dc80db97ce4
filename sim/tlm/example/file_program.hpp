// SPDX-License-Identifier: Apache-2.0
// A program of a host: one end of a TCP connection that carries a file, as a task with calls that do not wait.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "host/socket/host.hpp"

namespace sockwire::sim::example {

class FileProgram {
 public:
  /// A server waits for a connection to its port; a client connects to somebody's.
  struct Role {
    std::optional<Endpoint> connect_to;
    std::uint16_t listen_port = 0;
  };

  /// Sends `file` and closes.
  static FileProgram sender(Host& host, const Role& role, std::vector<std::uint8_t> file) {
    return {host, role, std::move(file), true};
  }
  /// Receives until the other end has closed.
  static FileProgram receiver(Host& host, const Role& role) { return {host, role, {}, false}; }

  /// Does what can be done now; returns whether there was anything.
  bool turn();
  bool done() const { return done_ || failed(); }
  bool failed() const { return !failure_.empty(); }
  const std::string& failure() const { return failure_; }
  /// What was sent or received so far.
  const std::vector<std::uint8_t>& file() const { return file_; }

 private:
  FileProgram(Host& host, const Role& role, std::vector<std::uint8_t> file, bool sends)
      : host_(&host), role_(role), file_(std::move(file)), sends_(sends) {}

  bool open();
  bool send_some();
  bool receive_some();
  bool check(const SocketError& error);
  void finish();

  Host* host_;
  Role role_;
  std::vector<std::uint8_t> file_;
  bool sends_;
  int listener_ = -1;
  int connection_ = -1;
  std::size_t sent_ = 0;
  bool done_ = false;
  std::string failure_;
};

}  // namespace sockwire::sim::example
