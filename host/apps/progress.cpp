// SPDX-License-Identifier: Apache-2.0
#include "host/apps/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "host/apps/text.hpp"

namespace sockwire::apps {

std::string progress_line(std::uint64_t done, std::optional<std::uint64_t> total, double seconds) {
  constexpr int kWidth = 30;
  const double rate = seconds > 0 ? static_cast<double>(done) / seconds : 0;
  const std::string speed = rate > 0 ? bytes_text(rate) + "/s" : "";
  if (!total) return fmt::format("{}  {}", bytes_text(static_cast<double>(done)), speed);
  const double part = *total == 0 ? 1.0 : std::min(1.0, static_cast<double>(done) / static_cast<double>(*total));
  const int filled = static_cast<int>(part * kWidth);
  std::string bar(static_cast<std::size_t>(filled), '=');
  if (filled < kWidth) bar += '>';
  bar.resize(kWidth, ' ');
  std::string left;
  if (rate > 0 && done < *total) {
    left = fmt::format("  {:.0f} s left", static_cast<double>(*total - done) / rate + 0.5);
  }
  return fmt::format("{:3.0f} %  [{}]  {} of {}  {}{}", 100 * part, bar, bytes_text(static_cast<double>(done)),
                     bytes_text(static_cast<double>(*total)), speed, left);
}

Progress::Progress(std::string label)
    : label_(std::move(label)),
      visible_(isatty(STDERR_FILENO) == 1),
      start_(std::chrono::steady_clock::now()),
      last_(start_ - std::chrono::hours(1)) {}

Progress::~Progress() { clear(); }

void Progress::update(std::uint64_t done, std::optional<std::uint64_t> total) {
  done_ = done;
  total_ = total;
  if (!visible_ || std::chrono::steady_clock::now() - last_ < std::chrono::milliseconds(100)) return;
  draw();
}

void Progress::note(const std::string& text) {
  note_ = text;
  if (visible_) {
    draw();
  } else if (!text.empty()) {
    fmt::print(stderr, "{}: {}\n", label_, text);
  }
}

void Progress::draw() {
  last_ = std::chrono::steady_clock::now();
  drawn_ = true;
  const double seconds = std::chrono::duration<double>(last_ - start_).count();
  fmt::print(stderr, "\r\x1b[K{} {}{}{}", label_, progress_line(done_, total_, seconds), note_.empty() ? "" : "  ",
             note_);
  std::fflush(stderr);
}

void Progress::clear() {
  if (drawn_) fmt::print(stderr, "\r\x1b[K");
  std::fflush(stderr);
  drawn_ = false;
}

}  // namespace sockwire::apps
