// SPDX-License-Identifier: Apache-2.0
// Is the peer still there? Probes of a connection on which nothing happens (RFC 9293 3.8.4).
#pragma once

#include <cstdint>

#include "host/base/time.hpp"

namespace sockwire::tcp {

/// Off unless asked for (MUST-24); the times are Linux's.
struct KeepaliveConfig {
  bool enabled = false;
  Duration idle = std::chrono::hours(2);  ///< RFC 9293 3.8.4: at least two hours unless told otherwise.
  Duration interval = std::chrono::seconds(75);
  unsigned probes = 9;  ///< So many without an answer end the connection.

  friend bool operator==(const KeepaliveConfig&, const KeepaliveConfig&) = default;
};

class Keepalive {
 public:
  enum class Due : std::uint8_t { kNothing, kProbe, kGiveUp };

  /// Something came from the peer.
  void on_heard(TimePoint now) {
    heard_ = now;
    unanswered_ = 0;
  }
  TimePoint heard() const { return heard_; }
  bool probing() const { return unanswered_ > 0; }
  TimePoint deadline(const KeepaliveConfig& config) const {
    return config.enabled ? heard_ + config.idle + unanswered_ * config.interval : kNever;
  }
  /// The deadline has come, or one that was set before the peer was heard last. in_use: data is on its way, so the
  /// retransmission timer asks already. user_timeout: if there is one it says when to give up, and not how often it was
  /// tried, as on Linux.
  Due on_timeout(const KeepaliveConfig& config, TimePoint now, bool in_use, Duration user_timeout) {
    if (in_use) on_heard(now);
    if (now < deadline(config)) return Due::kNothing;
    const bool by_time = user_timeout != Duration(0);
    const bool over = by_time ? probing() && now >= heard_ + user_timeout : unanswered_ >= config.probes;
    if (over) return Due::kGiveUp;
    ++unanswered_;
    return Due::kProbe;
  }

 private:
  TimePoint heard_;
  unsigned unanswered_ = 0;
};

}  // namespace sockwire::tcp
