// SPDX-License-Identifier: Apache-2.0
// A file that is there when it is whole. Until then its bytes are in NAME.part, which stays if the transfer fails, so
// that nothing that came is lost; if nothing came, nothing stays. A device or a pipe is written to as it is.
#pragma once

#include <cstdint>
#include <cstdio>
#include <span>
#include <string>

#include "host/base/result.hpp"

namespace sockwire::apps {

class OutputFile {
 public:
  /// An empty path or "-" is standard output. The error is one line for people, here and below.
  static Result<OutputFile, std::string> open(const std::string& path);
  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&&) = delete;
  ~OutputFile();

  Result<void, std::string> write(std::span<const std::uint8_t> bytes);
  /// Everything is there: NAME.part becomes NAME.
  Result<void, std::string> complete();

  std::uint64_t bytes() const { return bytes_; }
  /// Where the bytes are kept while it is not complete; empty for what keeps none: standard output, a device.
  const std::string& part_path() const { return part_path_; }

 private:
  OutputFile(std::FILE* file, std::string path, std::string part_path)
      : file_(file), path_(std::move(path)), part_path_(std::move(part_path)) {}

  std::FILE* file_;
  std::string path_;
  std::string part_path_;
  std::uint64_t bytes_ = 0;
};

}  // namespace sockwire::apps
