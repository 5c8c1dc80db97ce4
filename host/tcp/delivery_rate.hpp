// SPDX-License-Identifier: Apache-2.0
// How fast data is delivered: draft-cheng-iccrg-delivery-rate-estimation, with departures in place of send times.
#pragma once

#include <algorithm>
#include <cstdint>

#include "host/base/time.hpp"

namespace sockwire::tcp {

/// What a range remembers of the moment at which it left.
struct RateMark {
  std::uint64_t delivered = 0;  ///< Bytes that had been delivered until then,
  TimePoint delivered_at;       ///< the last of them at this time.
  TimePoint first_departed;     ///< Departure of what was delivered last then.
  bool app_limited = false;     ///< There was less to send than the window allowed.
};

/// What one ACK measured.
struct RateSample {
  TimePoint now;
  std::uint64_t bytes_per_second = 0;  ///< 0: it measured nothing.
  std::uint64_t prior_delivered = 0;   ///< Delivered when what it is from left.
  std::uint64_t delivered = 0;         ///< Delivered by now.
  std::uint32_t newly_delivered = 0;   ///< By this ACK.
  std::uint32_t in_flight = 0;         ///< After it.
  Duration rtt{-1};                    ///< Negative: not measured.
  bool app_limited = false;
};

class DeliveryRate {
 public:
  /// A range leaves. idle: nothing was in flight before it.
  RateMark on_departed(TimePoint departed, bool idle) {
    if (idle) first_departed_ = delivered_at_ = departed;
    return {delivered_, delivered_at_, first_departed_, app_limited_until_ != 0};
  }
  /// Everything that could be sent has been, and the window would have taken more.
  void on_app_limited(std::uint32_t in_flight) {
    app_limited_until_ = std::max<std::uint64_t>(delivered_ + in_flight, 1);
  }

  /// Collects the ranges that one ACK delivers.
  class Ack {
   public:
    void on_delivered(const RateMark& mark, TimePoint departed) {
      if (has_mark_ && mark.delivered < mark_.delivered) return;
      has_mark_ = true;
      mark_ = mark;
      departed_ = departed;
    }

   private:
    friend class DeliveryRate;
    bool has_mark_ = false;
    RateMark mark_;
    TimePoint departed_;
  };

  RateSample sample(const Ack& ack, TimePoint now, std::uint32_t bytes, std::uint32_t in_flight, Duration min_rtt) {
    RateSample sample;
    sample.now = now;
    sample.newly_delivered = bytes;
    sample.in_flight = in_flight;
    delivered_ += bytes;
    delivered_at_ = now;
    sample.delivered = delivered_;
    if (app_limited_until_ != 0 && delivered_ > app_limited_until_) app_limited_until_ = 0;
    if (!ack.has_mark_) return sample;
    first_departed_ = ack.departed_;
    sample.prior_delivered = ack.mark_.delivered;
    sample.app_limited = ack.mark_.app_limited;
    // The slower of how fast it was sent and how fast it was acknowledged.
    const Duration interval = std::max(ack.departed_ - ack.mark_.first_departed, now - ack.mark_.delivered_at);
    if (interval <= Duration(0) || interval < min_rtt) return sample;
    const double seconds = std::chrono::duration<double>(interval).count();
    sample.bytes_per_second =
        static_cast<std::uint64_t>(static_cast<double>(delivered_ - ack.mark_.delivered) / seconds);
    return sample;
  }

 private:
  std::uint64_t delivered_ = 0;
  TimePoint delivered_at_;
  TimePoint first_departed_;
  std::uint64_t app_limited_until_ = 0;
};

}  // namespace sockwire::tcp
