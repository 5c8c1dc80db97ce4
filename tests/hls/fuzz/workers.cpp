// SPDX-License-Identifier: Apache-2.0
#include "tests/hls/fuzz/workers.hpp"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <iostream>
#include <map>
#include <stdexcept>
#include <string>

namespace sockwire::fuzz {
namespace {

struct Child {
  pid_t process = 0;
  std::size_t number = 0;
  std::string text;
};

/// A child leads a process group, so that the tools that it started end with it.
class Children {
 public:
  ~Children() {
    for (const auto& [pipe, child] : children_) {
      kill(-child.process, SIGTERM);
      waitpid(child.process, nullptr, 0);
      close(pipe);
    }
  }

  void start(std::size_t number, const std::function<nlohmann::json(std::size_t)>& work) {
    int ends[2];
    if (pipe(ends) != 0) throw std::runtime_error("cannot make a pipe");
    std::cout.flush();
    const pid_t process = fork();
    if (process < 0) throw std::runtime_error("cannot fork");
    if (process == 0) run_child(ends, number, work);
    setpgid(process, process);
    close(ends[1]);
    children_[ends[0]] = {process, number, ""};
  }

  std::size_t running() const { return children_.size(); }

  /// Waits until something arrives; the result of a child that has ended, if one has.
  bool next(std::size_t& number, nlohmann::json& result) {
    std::vector<pollfd> pipes;
    for (const auto& [pipe, child] : children_) pipes.push_back({pipe, POLLIN, 0});
    if (poll(pipes.data(), pipes.size(), -1) < 0) return false;  // a signal
    for (const pollfd& each : pipes) {
      if (each.revents == 0) continue;
      char buffer[65536];
      const ssize_t bytes = read(each.fd, buffer, sizeof buffer);
      Child& child = children_[each.fd];
      if (bytes > 0) {
        child.text.append(buffer, static_cast<std::size_t>(bytes));
        continue;
      }
      if (bytes < 0 && errno == EINTR) continue;
      number = child.number;
      result = ended(each.fd);
      return true;
    }
    return false;
  }

 private:
  [[noreturn]] static void run_child(const int (&ends)[2], std::size_t number,
                                     const std::function<nlohmann::json(std::size_t)>& work) {
    setpgid(0, 0);
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
    close(ends[0]);
    nlohmann::json result;
    try {
      result = work(number);
    } catch (const std::exception& error) {
      result = {{"error", error.what()}};
    }
    const std::string text = result.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    for (std::size_t at = 0; at < text.size();) {
      const ssize_t bytes = write(ends[1], text.data() + at, text.size() - at);
      if (bytes <= 0) break;
      at += static_cast<std::size_t>(bytes);
    }
    _exit(0);
  }

  nlohmann::json ended(int pipe) {
    const Child child = children_[pipe];
    children_.erase(pipe);
    close(pipe);
    waitpid(child.process, nullptr, 0);
    nlohmann::json result = nlohmann::json::parse(child.text, nullptr, false);
    if (result.is_discarded()) throw std::runtime_error("batch " + std::to_string(child.number) + " ended early");
    if (result.contains("error"))
      throw std::runtime_error("batch " + std::to_string(child.number) + ": " + result["error"].get<std::string>());
    return result;
  }

  std::map<int, Child> children_;
};

}  // namespace

void run_workers(std::size_t count, int jobs, const std::function<nlohmann::json(std::size_t)>& work,
                 const std::function<void(std::size_t, const nlohmann::json&)>& done,
                 const volatile std::sig_atomic_t& stop) {
  Children children;
  std::size_t started = 0;
  while (stop == 0 && (started < count || children.running() > 0)) {
    while (started < count && children.running() < static_cast<std::size_t>(jobs)) children.start(started++, work);
    std::size_t number = 0;
    nlohmann::json result;
    if (children.next(number, result)) done(number, result);
  }
}

}  // namespace sockwire::fuzz
