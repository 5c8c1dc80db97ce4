// SPDX-License-Identifier: Apache-2.0
#include "host/apps/control_socket.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "host/apps/runtime_dir.hpp"

namespace sockwire::apps {

namespace {

std::int64_t monotonic_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

bool fill_address(sockaddr_un& address, const std::string& path) {
  address = {};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return false;
  std::copy(path.begin(), path.end(), address.sun_path);
  return true;
}

/// Everything that is sent on a connection until it is closed; nothing if it takes more than two seconds.
std::string read_all(int descriptor) {
  std::string text;
  std::array<char, 65536> buffer{};
  const auto deadline = monotonic_ns() + 2'000'000'000;
  while (monotonic_ns() < deadline) {
    pollfd waiting{descriptor, POLLIN, 0};
    if (poll(&waiting, 1, 500) <= 0) continue;
    const ssize_t bytes = read(descriptor, buffer.data(), buffer.size());
    if (bytes == 0) return text;
    if (bytes < 0) break;
    text.append(buffer.data(), static_cast<std::size_t>(bytes));
  }
  return {};
}

}  // namespace

ControlSocket::ControlSocket(int listener, std::string path, std::function<nlohmann::json()> snapshot)
    : listener_(listener), path_(std::move(path)), snapshot_(std::move(snapshot)) {}

Result<std::unique_ptr<ControlSocket>, std::string> ControlSocket::open(std::function<nlohmann::json()> snapshot) {
  const auto folder = runtime_dir();
  if (!folder) return Failure{folder.error()};
  const std::string path = *folder + "/" + std::to_string(getpid()) + ".sock";
  // It gets its name when it listens: one that refuses is taken for a dead process's, and removed.
  const std::string unnamed = path + ".new";
  sockaddr_un address;
  if (!fill_address(address, unnamed))
    return Failure{"the path " + path + " is too long for a socket; set XDG_RUNTIME_DIR"};
  unlink(unnamed.c_str());  // of a process that had our number and was killed
  const int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const mode_t mask = umask(0177);
  const bool bound = listener >= 0 && bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  umask(mask);
  if (!bound || listen(listener, 16) != 0 || rename(unnamed.c_str(), path.c_str()) != 0) {
    const std::string reason = std::strerror(errno);
    if (listener >= 0) close(listener);
    unlink(unnamed.c_str());
    return Failure{"cannot make " + path + ": " + reason};
  }
  return std::unique_ptr<ControlSocket>(new ControlSocket(listener, path, std::move(snapshot)));
}

ControlSocket::~ControlSocket() {
  for (const auto& visitor : visitors_) close(visitor.descriptor);
  close(listener_);
  unlink(path_.c_str());
}

void ControlSocket::poll() {
  // A look at the clock every 64 turns, and at the socket every ten milliseconds.
  if (++turns_ % 64 != 1) return;
  const auto now = monotonic_ns();
  if (now < next_look_ns_) return;
  next_look_ns_ = now + 10'000'000;
  while (true) {
    const int descriptor = accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (descriptor < 0) break;
    visitors_.push_back({descriptor, snapshot_().dump()});
  }
  for (std::size_t i = 0; i < visitors_.size();) {
    auto& visitor = visitors_[i];
    const ssize_t sent = send(visitor.descriptor, visitor.rest.data(), visitor.rest.size(), MSG_NOSIGNAL);
    if (sent > 0) visitor.rest.erase(0, static_cast<std::size_t>(sent));
    const bool gone = sent < 0 && errno != EAGAIN && errno != EINTR;
    if (visitor.rest.empty() || gone) {
      close(visitor.descriptor);
      visitors_.erase(visitors_.begin() + static_cast<std::ptrdiff_t>(i));
    } else {
      ++i;
    }
  }
}

std::vector<nlohmann::json> read_all_snapshots() {
  std::vector<nlohmann::json> snapshots;
  const auto folder = runtime_dir();
  std::error_code error;
  if (!folder) return snapshots;
  for (const auto& entry : std::filesystem::directory_iterator(*folder, error)) {
    sockaddr_un address;
    if (entry.path().extension() != ".sock" || !fill_address(address, entry.path())) continue;
    const int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) continue;
    if (connect(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
      auto snapshot = nlohmann::json::parse(read_all(descriptor), nullptr, false);
      if (snapshot.is_object()) snapshots.push_back(std::move(snapshot));
    } else if (errno == ECONNREFUSED) {
      std::filesystem::remove(entry.path(), error);
    }
    close(descriptor);
  }
  std::sort(snapshots.begin(), snapshots.end(),
            [](const nlohmann::json& a, const nlohmann::json& b) { return a.value("pid", 0) < b.value("pid", 0); });
  return snapshots;
}

}  // namespace sockwire::apps
