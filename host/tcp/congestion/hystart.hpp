// SPDX-License-Identifier: Apache-2.0
// HyStart++ (RFC 9406): the first slow start ends when round trips grow, before it has filled the path's buffers and
// lost a window of segments.
//
//   slow start --- the least round trip of a round is clearly above that of the last ---> conservative slow start
//        ^                                                                               |              |
//        +----------------------- it has come down again: it was jitter ----------------+              |
//   congestion avoidance <------------------------- five rounds of it -------------------------------- +
#pragma once

#include <algorithm>
#include <cstdint>

#include "host/base/time.hpp"

namespace sockwire::tcp {

class HyStart {
 public:
  /// An ACK during slow start. acked: bytes that it moved SND.UNA by; outstanding: between SND.UNA and SND.NXT after
  /// it; rtt: what it measured, negative if nothing. Returns by how many bytes the window grows.
  std::uint32_t on_ack(std::uint32_t acked, std::uint32_t outstanding, Duration rtt) {
    if (rtt >= Duration(0)) {
      least_ = std::min(least_, rtt);
      ++samples_;
    }
    judge();
    const std::uint32_t growth = conservative_ ? acked / kCssGrowthDivisor : acked;
    if (acked >= round_left_) {  // the last of its round
      begin_round(outstanding);
    } else {
      round_left_ -= acked;
    }
    return growth;
  }
  /// Congestion avoidance begins.
  bool over() const { return css_rounds_ >= kCssRounds; }
  bool conservative() const { return conservative_; }

 private:
  // RFC 9406 4.3.
  static constexpr Duration kMinRttThresh = std::chrono::milliseconds(4);
  static constexpr Duration kMaxRttThresh = std::chrono::milliseconds(16);
  static constexpr int kMinRttDivisor = 8;
  static constexpr unsigned kRttSamples = 8;
  static constexpr std::uint32_t kCssGrowthDivisor = 4;
  static constexpr unsigned kCssRounds = 5;
  static constexpr Duration kNone = Duration::max();

  void begin_round(std::uint32_t outstanding) {
    round_left_ = outstanding;
    last_ = least_;
    least_ = kNone;
    samples_ = 0;
    if (conservative_) ++css_rounds_;
  }

  void judge() {
    if (samples_ < kRttSamples) return;
    if (conservative_) {
      if (least_ >= css_baseline_) return;
      conservative_ = false;
      css_rounds_ = 0;
    } else if (last_ != kNone) {
      const Duration threshold = std::clamp(last_ / kMinRttDivisor, kMinRttThresh, kMaxRttThresh);
      if (least_ < last_ + threshold) return;
      css_baseline_ = least_;
      conservative_ = true;
    }
  }

  std::uint32_t round_left_ = 0;  ///< Bytes until what was outstanding when the round began is acknowledged.
  Duration last_ = kNone;         ///< The least round trip of the last round
  Duration least_ = kNone;        ///< and of this one.
  Duration css_baseline_ = kNone;
  unsigned samples_ = 0;  ///< In this round.
  unsigned css_rounds_ = 0;
  bool conservative_ = false;
};

}  // namespace sockwire::tcp
