// SPDX-License-Identifier: Apache-2.0
// A bar for transfers that take a while. It says nothing unless standard error is a terminal.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace sockwire::apps {

/// The line without colours: "  40 %  [========>           ]  1.68 MB of 4.19 MB  2.1 MB/s  1 s left".
/// `total` unknown: what has come, and how fast.
std::string progress_line(std::uint64_t done, std::optional<std::uint64_t> total, double seconds);

class Progress {
 public:
  /// Precondition: none; `label` stands before the bar.
  explicit Progress(std::string label);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Draws at most ten times a second.
  void update(std::uint64_t done, std::optional<std::uint64_t> total);
  /// Stands behind the bar from now on, and is said in a line of its own where there is no terminal. Empty: nothing.
  void note(const std::string& text);
  /// Takes the bar away, so that something else can be written.
  void clear();

 private:
  void draw();

  std::string label_;
  std::string note_;
  std::uint64_t done_ = 0;
  std::optional<std::uint64_t> total_;
  bool visible_;
  bool drawn_ = false;
  std::chrono::steady_clock::time_point start_;
  std::chrono::steady_clock::time_point last_;
};

}  // namespace sockwire::apps
