// SPDX-License-Identifier: Apache-2.0
#include "host/apps/runtime_dir.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "sim/net/net_namespace.hpp"

namespace sockwire::apps {

namespace {

constexpr const char* kLabPrefix = "lab-";

/// The user that we are outside any user namespace of our own making.
uid_t outer_uid() {
  static const uid_t uid = geteuid();  // asked before a namespace is entered: see runtime_dir()'s first call
  return uid;
}

}  // namespace

Result<std::string, std::string> runtime_dir() {
  static_cast<void>(outer_uid());
  const char* xdg = std::getenv("XDG_RUNTIME_DIR");
  const std::string path =
      xdg != nullptr && *xdg == '/' ? std::string(xdg) + "/sockwire" : "/tmp/sockwire-" + std::to_string(outer_uid());
  if (mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) {
    return Failure{"cannot make " + path + ": " + std::strerror(errno)};
  }
  struct stat info{};
  if (lstat(path.c_str(), &info) != 0 || !S_ISDIR(info.st_mode) || info.st_uid != geteuid()) {
    return Failure{path + " belongs to somebody else; remove it, or set XDG_RUNTIME_DIR to a folder of yours"};
  }
  if ((info.st_mode & 0077) != 0 && chmod(path.c_str(), 0700) != 0) {
    return Failure{path + " is open to others and cannot be closed: " + std::strerror(errno)};
  }
  return path;
}

Result<LabEntry, std::string> LabEntry::publish() {
  const auto folder = runtime_dir();
  if (!folder) return Failure{folder.error()};
  const std::string path = *folder + "/" + kLabPrefix + std::to_string(getpid());
  std::ofstream file(path);
  file << sim::namespace_id_of(getpid()) << '\n';
  file.close();
  if (!file) return Failure{"cannot write " + path};
  return LabEntry(path);
}

LabEntry::~LabEntry() {
  if (!path_.empty()) unlink(path_.c_str());
}

std::vector<pid_t> running_labs() {
  struct Found {
    std::filesystem::file_time_type time;
    pid_t pid;
  };
  std::vector<Found> found;
  const auto folder = runtime_dir();
  std::error_code error;
  if (!folder) return {};
  for (const auto& entry : std::filesystem::directory_iterator(*folder, error)) {
    const std::string name = entry.path().filename();
    if (name.rfind(kLabPrefix, 0) != 0) continue;
    const auto pid = static_cast<pid_t>(std::atol(name.c_str() + std::strlen(kLabPrefix)));
    std::uint64_t id = 0;
    std::ifstream(entry.path()) >> id;
    if (id != 0 && sim::namespace_id_of(pid) == id) {
      found.push_back({entry.last_write_time(error), pid});
    } else {
      std::filesystem::remove(entry.path(), error);
    }
  }
  std::sort(found.begin(), found.end(), [](const Found& a, const Found& b) { return a.time > b.time; });
  std::vector<pid_t> pids;
  for (const auto& one : found) pids.push_back(one.pid);
  return pids;
}

}  // namespace sockwire::apps
