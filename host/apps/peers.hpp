// SPDX-License-Identifier: Apache-2.0
// The demo's peers in the lab: ordinary Linux processes on Linux's TCP.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>

#include "host/base/result.hpp"

namespace sockwire::apps {

/// A folder below /tmp that is gone with this object.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  /// Empty if it could not be made.
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// nginx with a configuration, logs and temporary files of its own below a folder, serving the folder's files on port
/// 80 of this namespace. Ended with this object.
class Nginx {
 public:
  static Result<std::unique_ptr<Nginx>, std::string> start(const std::string& folder);
  ~Nginx();
  Nginx(const Nginx&) = delete;
  Nginx& operator=(const Nginx&) = delete;

 private:
  explicit Nginx(pid_t pid) : pid_(pid) {}
  pid_t pid_;
};

/// A process that accepts connections one after another, takes what they send, and tells its length and digest.
class TcpSink {
 public:
  static Result<std::unique_ptr<TcpSink>, std::string> start(std::uint16_t port);
  ~TcpSink();
  TcpSink(const TcpSink&) = delete;
  TcpSink& operator=(const TcpSink&) = delete;

  struct Sunk {
    std::uint64_t bytes = 0;
    std::string sha256;
  };
  /// What came on the next connection that has ended; waits for it a few seconds.
  Result<Sunk, std::string> next();

 private:
  TcpSink(pid_t pid, int pipe) : pid_(pid), pipe_(pipe) {}
  pid_t pid_;
  int pipe_;
};

}  // namespace sockwire::apps
