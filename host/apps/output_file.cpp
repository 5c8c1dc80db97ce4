// SPDX-License-Identifier: Apache-2.0
#include "host/apps/output_file.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace sockwire::apps {

namespace {

Failure<std::string> cannot_write(const std::string& path) {
  const std::string advice = errno == ENOSPC || errno == EDQUOT ? "; make room, or choose another place with -o" : "";
  return Failure{"cannot write " + (path.empty() ? "to standard output" : path) + ": " + std::strerror(errno) + advice};
}

}  // namespace

Result<OutputFile, std::string> OutputFile::open(const std::string& path) {
  if (path.empty() || path == "-") return OutputFile(stdout, {}, {});
  // A device or a pipe has no name to be taken at the end, and none to be removed.
  struct stat info{};
  const bool exists = stat(path.c_str(), &info) == 0;
  if (exists && S_ISDIR(info.st_mode)) {
    errno = EISDIR;
    return cannot_write(path);
  }
  const std::string part_path = exists && !S_ISREG(info.st_mode) ? std::string() : path + ".part";
  const std::string& name = part_path.empty() ? path : part_path;
  std::FILE* file = std::fopen(name.c_str(), "wb");
  if (file == nullptr) return cannot_write(name);
  return OutputFile(file, path, part_path);
}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : file_(std::exchange(other.file_, nullptr)),
      path_(std::move(other.path_)),
      part_path_(std::move(other.part_path_)),
      bytes_(other.bytes_) {}

OutputFile::~OutputFile() {
  if (file_ == nullptr || file_ == stdout) return;
  std::fclose(file_);
  if (bytes_ == 0 && !part_path_.empty()) unlink(part_path_.c_str());
}

Result<void, std::string> OutputFile::write(std::span<const std::uint8_t> bytes) {
  if (bytes.empty()) return {};
  if (std::fwrite(bytes.data(), 1, bytes.size(), file_) != bytes.size()) return cannot_write(path_);
  bytes_ += bytes.size();
  return {};
}

Result<void, std::string> OutputFile::complete() {
  if (std::fflush(file_) != 0) return cannot_write(path_);
  if (path_.empty()) return {};
  const bool closed = std::fclose(std::exchange(file_, nullptr)) == 0;
  if (!closed || (!part_path_.empty() && std::rename(part_path_.c_str(), path_.c_str()) != 0)) {
    return cannot_write(path_);
  }
  part_path_.clear();
  return {};
}

}  // namespace sockwire::apps
