// SPDX-License-Identifier: Apache-2.0
// Lets others look into a running instance: a Unix socket on which each connection is given one snapshot, as JSON, and
// closed. Nothing that is sent to it is read.
#pragma once

#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "host/base/result.hpp"

namespace sockwire::apps {

class ControlSocket {
 public:
  /// Makes PID.sock in the runtime folder, mode 0600. `snapshot` is called for each visitor.
  static Result<std::unique_ptr<ControlSocket>, std::string> open(std::function<nlohmann::json()> snapshot);
  ~ControlSocket();
  ControlSocket(const ControlSocket&) = delete;
  ControlSocket& operator=(const ControlSocket&) = delete;

  /// Serves who waits, without blocking. Cheap enough for every turn of a loop.
  void poll();

 private:
  ControlSocket(int listener, std::string path, std::function<nlohmann::json()> snapshot);
  struct Visitor {
    int descriptor;
    std::string rest;
  };

  int listener_;
  std::string path_;
  std::function<nlohmann::json()> snapshot_;
  std::vector<Visitor> visitors_;
  unsigned turns_ = 0;
  std::int64_t next_look_ns_ = 0;
};

/// The snapshots of every instance of this user that runs now, by process number. Sockets that nobody serves any more
/// are removed.
std::vector<nlohmann::json> read_all_snapshots();

}  // namespace sockwire::apps
