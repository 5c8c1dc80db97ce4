// SPDX-License-Identifier: Apache-2.0
#include "host/tcp/congestion/cubic.hpp"

#include <cmath>

namespace sockwire::tcp {

namespace {
// RFC 9438 4.1.2 and 4.6.
constexpr double kC = 0.4;  // segments per cubic second
constexpr double kBeta = 0.7;
// RFC 9438 4.3: what makes the mean window that of NewReno.
constexpr double kAlpha = 3 * (1 - kBeta) / (1 + kBeta);

double seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }
}  // namespace

double Cubic::window(double seconds, double k, double w_max) {
  const double t = seconds - k;
  return kC * t * t * t + w_max;
}

std::uint32_t Cubic::slow_start_growth(const AckSample& sample) {
  // RFC 9438 4.10, RFC 9406 4.2: only the first slow start does not know where to end.
  if (ssthresh() != kUnset) return sample.acked;
  const std::uint32_t outstanding = sample.flight_before > sample.acked ? sample.flight_before - sample.acked : 0;
  const std::uint32_t growth = hystart_.on_ack(sample.acked, outstanding, sample.rtt);
  if (hystart_.over()) leave_slow_start();
  return growth;
}

std::uint32_t Cubic::threshold(TimePoint, std::uint32_t flight) {
  before_loss_ = epoch_;
  const double window = static_cast<double>(cwnd()) / mss();
  // Fast convergence, 4.7: a flow that lost before it was back at its old size gives up more.
  epoch_.w_max = window < epoch_.w_max ? window * (1 + kBeta) / 2 : window;
  epoch_.prior = window;
  epoch_.started = false;
  return static_cast<std::uint32_t>(std::min(flight, cwnd()) * kBeta);  // 4.6
}

void Cubic::start_epoch(TimePoint now) {
  const double window = static_cast<double>(cwnd()) / mss();
  epoch_.start = now;
  epoch_.started = true;
  epoch_.w_est = window;
  // 4.2, equation 2; 4.10: the first epoch may begin without a loss.
  if (epoch_.w_max < window) {
    epoch_.w_max = window;
    epoch_.k = 0;
  } else {
    epoch_.k = std::cbrt((epoch_.w_max - window) / kC);
  }
}

void Cubic::idle(const AckSample& sample) {
  if (!epoch_.started) return;
  epoch_.start += sample.now - epoch_.last;
  epoch_.last = sample.now;
}

void Cubic::avoid(const AckSample& sample) {
  if (!epoch_.started) start_epoch(sample.now);
  epoch_.last = sample.now;
  const double window_now = static_cast<double>(cwnd()) / mss();
  const double acked = static_cast<double>(sample.acked) / mss();
  const double t = seconds(sample.now - epoch_.start);
  epoch_.w_est += (epoch_.w_est < epoch_.prior ? kAlpha : 1.0) * acked / window_now;
  const double here = window(t, epoch_.k, epoch_.w_max);
  double target = epoch_.w_est;
  if (here >= epoch_.w_est) {
    // 4.4 and 4.5: at most half as much again a round trip.
    const double ahead = window(t + seconds(sample.srtt), epoch_.k, epoch_.w_max);
    target = std::clamp(ahead, window_now, 1.5 * window_now);
    target = window_now + (target - window_now) * acked / window_now;
  }
  if (target <= window_now) return;
  fraction_ += (target - window_now) * mss();
  const double whole = std::floor(fraction_);
  fraction_ -= whole;
  set_cwnd(cwnd() + static_cast<std::uint32_t>(std::min<double>(whole, kMaxCwnd)));
}

}  // namespace sockwire::tcp
