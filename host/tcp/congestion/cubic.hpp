// SPDX-License-Identifier: Apache-2.0
// CUBIC (RFC 9438): the window is a cubic function of the time since the last loss, so that it grows slowly near the
// size at which that happened, whatever the round trip.
#pragma once

#include "host/tcp/congestion/congestion_control.hpp"
#include "host/tcp/congestion/hystart.hpp"

namespace sockwire::tcp {

class Cubic final : public CongestionControl {
 public:
  using CongestionControl::CongestionControl;
  CongestionAlgorithm algorithm() const override { return CongestionAlgorithm::kCubic; }

  /// RFC 9438 4.2: W_cubic in segments, t seconds into an epoch whose plateau w_max is reached after k seconds.
  static double window(double seconds, double k, double w_max);

 private:
  struct Epoch {
    double w_max = 0;  ///< In segments.
    double k = 0;      ///< Seconds until the window is w_max again.
    double w_est = 0;  ///< What NewReno would have, in segments (4.3).
    double prior = 0;  ///< cwnd_prior of 4.3: where w_est starts to grow as NewReno does.
    TimePoint start;
    TimePoint last;  ///< ACK of it.
    bool started = false;
  };

  std::uint32_t slow_start_growth(const AckSample& sample) override;
  std::uint32_t threshold(TimePoint now, std::uint32_t flight) override;
  void avoid(const AckSample& sample) override;
  void idle(const AckSample& sample) override;
  void restart() override { epoch_.started = false; }
  void undo() override { epoch_ = before_loss_; }
  void start_epoch(TimePoint now);

  HyStart hystart_;
  Epoch epoch_;
  Epoch before_loss_;
  double fraction_ = 0;  ///< Of a byte that the window is yet to grow by.
};

}  // namespace sockwire::tcp
