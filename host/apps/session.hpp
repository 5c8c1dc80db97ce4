// SPDX-License-Identifier: Apache-2.0
// One run of a subcommand with a card: joins the lab, builds the setup, lets others look in, and reports at the end.
#pragma once

#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "host/apps/control_socket.hpp"
#include "host/apps/far_side.hpp"
#include "host/apps/options.hpp"
#include "host/apps/setup.hpp"
#include "host/apps/waiting.hpp"
#include "host/tcp/info.hpp"

namespace sockwire::apps {

class Session {
 public:
  /// Prints why if it cannot be, and returns nothing.
  static std::unique_ptr<Session> open(const Options& options, const std::string& command);

  Setup& setup() { return *setup_; }
  Host& host() { return setup_->host(); }
  /// The servers at the far end of --wire loop; nullptr behind a TAP.
  FarSide* far() { return far_ ? &*far_ : nullptr; }
  const Options& options() const { return options_; }

  /// The end: flushes captures, reports and returns the exit code. `result` is what --json prints besides the
  /// measures; `summary` what people read on standard error.
  int succeed(const std::string& summary, nlohmann::json result);
  int fail(const CommandError& error, const std::string& hint = {});

  double wall_seconds() const;
  /// "1.2 s wall, 34 ms on the wire's own clock, 4,300,000 cycles (2.1 M/s)".
  std::string time_text();

 private:
  Session(const Options& options, std::unique_ptr<Setup> setup);

  Options options_;
  std::unique_ptr<Setup> setup_;
  std::optional<FarSide> far_;
  std::unique_ptr<ControlSocket> control_;
  std::chrono::steady_clock::time_point start_;
};

/// One line for people.
void complain(const std::string& message);

/// What TCP had to do, in a few words: "2,874 segments out, 12 sent again (1 after a time-out)".
std::string tcp_text(const tcp::Info& info);
nlohmann::json tcp_json(const tcp::Info& info);

}  // namespace sockwire::apps
