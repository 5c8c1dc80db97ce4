// SPDX-License-Identifier: Apache-2.0
// What all algorithms share: slow start, and the window after losses, idle times and mistakes (RFC 5681).
#include "host/tcp/congestion/congestion_control.hpp"

#include "host/tcp/congestion/bbr.hpp"
#include "host/tcp/congestion/cubic.hpp"
#include "host/tcp/congestion/new_reno.hpp"

namespace sockwire::tcp {

void CongestionControl::set_mss(std::uint32_t mss) {
  mss_ = mss;
  if (!data_acked_) cwnd_ = syn_lost_ ? mss : initial_window();
}

void CongestionControl::on_ack(const AckSample& sample) {
  data_acked_ = true;
  // A window that is not used is not tried, so it may not grow (RFC 7661 4.3, in its simplest form).
  if (in_slow_start()) {
    if (sample.flight_before < cwnd_ / 2) return;
    // RFC 3465 2.3: after a time-out one ACK may cover what had arrived long ago; it must not release a burst.
    const std::uint32_t limit = after_timeout_ ? 2 * mss_ : sample.acked;
    set_cwnd(cwnd_ + std::min(slow_start_growth(sample), limit));
  } else if (sample.flight_before + 2 * mss_ >= cwnd_) {
    avoid(sample);
  } else {
    idle(sample);
  }
}

std::uint32_t CongestionControl::reduce(TimePoint now, std::uint32_t flight) {
  prior_cwnd_ = cwnd_;
  prior_ssthresh_ = ssthresh_;
  const std::uint32_t reduced = threshold(now, flight);
  ssthresh_ = std::max(reduced, 2 * mss_);  // RFC 5681 3.1, equation 4
  restart();
  return reduced;
}

void CongestionControl::on_mark(TimePoint now, std::uint32_t flight) {
  const std::uint32_t reduced = reduce(now, flight);
  on_recovered(ssthresh_);
  if (reduced < ssthresh_) cwnd_ = std::max(reduced, mss_);
}

void CongestionControl::on_recovered(std::uint32_t flight) {
  // RFC 6582 3.2 step 3, option 1: what has not been used releases no burst.
  cwnd_ = std::min(ssthresh_, std::max(flight, mss_) + mss_);
  restart();
}

void CongestionControl::on_timeout(TimePoint now, std::uint32_t flight, bool first) {
  if (first) reduce(now, flight);
  cwnd_ = mss_;
  after_timeout_ = true;
  restart();
}

void CongestionControl::on_spurious() {
  after_timeout_ = false;
  if (cwnd_ >= prior_cwnd_) return;  // RFC 9438 4.9.2: it has outgrown what there was
  cwnd_ = prior_cwnd_;
  ssthresh_ = prior_ssthresh_;
  undo();
}

std::optional<CongestionAlgorithm> congestion_by_name(std::string_view name) {
  for (const auto algorithm : {CongestionAlgorithm::kNewReno, CongestionAlgorithm::kCubic, CongestionAlgorithm::kBbr}) {
    if (name_of(algorithm) == name) return algorithm;
  }
  return std::nullopt;
}

std::string_view name_of(CongestionAlgorithm algorithm) {
  switch (algorithm) {
    case CongestionAlgorithm::kNewReno:
      return "reno";
    case CongestionAlgorithm::kBbr:
      return "bbr";
    case CongestionAlgorithm::kCubic:
      break;
  }
  return "cubic";
}

std::unique_ptr<CongestionControl> make_congestion_control(CongestionAlgorithm algorithm, std::uint32_t mss,
                                                           unsigned initial_window_segments) {
  switch (algorithm) {
    case CongestionAlgorithm::kNewReno:
      return std::make_unique<NewReno>(mss, initial_window_segments);
    case CongestionAlgorithm::kBbr:
      return std::make_unique<Bbr>(mss, initial_window_segments);
    case CongestionAlgorithm::kCubic:
      break;
  }
  return std::make_unique<Cubic>(mss, initial_window_segments);
}

}  // namespace sockwire::tcp
