// SPDX-License-Identifier: Apache-2.0
// An ordinary process on Linux's TCP that gives files to whoever connects to one port, and takes them at another. The
// files follow from their number.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>

namespace sockwire::bench {

class NumberedFiles {
 public:
  static constexpr std::uint16_t kDownPort = 7001;  ///< it sends a file and ends
  static constexpr std::uint16_t kUpPort = 7002;    ///< it takes a file until its end

  /// Listens in the namespace that this process is in. The n-th connection's file (from 0) has the pattern of seed + n.
  /// Throws std::runtime_error.
  NumberedFiles(std::uint64_t seed, std::uint64_t bytes);
  ~NumberedFiles();
  NumberedFiles(const NumberedFiles&) = delete;
  NumberedFiles& operator=(const NumberedFiles&) = delete;

  /// What became of the next connection, once both directions have ended: empty if all went well and, where it took a
  /// file, that was the right one.
  std::string outcome();

 private:
  pid_t pid_ = -1;
  int pipe_ = -1;
};

}  // namespace sockwire::bench
