// SPDX-License-Identifier: Apache-2.0
//   kStartup --(bandwidth grows no more)--> kDrain --(queue is empty)--> kProbeBandwidth <--> kProbeRoundTrip
#include "host/tcp/congestion/bbr.hpp"

#include <array>

namespace sockwire::tcp {

namespace {
constexpr double kHighGain = 2.885;  // 2/ln 2: the least that doubles the rate each round
constexpr std::uint64_t kBandwidthRounds = 10;
constexpr Duration kMinRttWindow = std::chrono::seconds(10);
constexpr Duration kProbeRttTime = std::chrono::milliseconds(200);
constexpr std::uint32_t kMinPipeSegments = 4;
constexpr double kFullGrowth = 1.25;  // the pipe is full when three rounds each bring less
constexpr unsigned kFullRounds = 3;
constexpr double kPacingMargin = 0.99;
constexpr std::uint32_t kQuantumSegments = 3;  // for ACKs that are delayed and stretched
// One round a quarter faster, one to drain what that queued, six as fast as it goes.
constexpr std::array<double, 8> kCycle{1.25, 0.75, 1, 1, 1, 1, 1, 1};
}  // namespace

std::uint32_t Bbr::bdp(double gain) const {
  if (!has_min_rtt_ || bandwidth() == 0) return 0;
  const double seconds = std::chrono::duration<double>(min_rtt_).count();
  const double bytes = gain * static_cast<double>(bandwidth()) * seconds + kQuantumSegments * mss();
  return static_cast<std::uint32_t>(std::min<double>(bytes, kMaxCwnd));
}

void Bbr::on_rate_sample(const RateSample& sample, Duration srtt) {
  update_round(sample);
  if (sample.bytes_per_second > 0 && (!sample.app_limited || sample.bytes_per_second >= bandwidth()))
    bandwidth_.update(round_, kBandwidthRounds, sample.bytes_per_second);
  check_full_pipe(sample);
  update_phase(sample);
  update_min_rtt(sample);
  idle_restart_ = false;
  set_pacing_rate(srtt);
  update_window(sample);
}

void Bbr::update_round(const RateSample& sample) {
  round_start_ = sample.prior_delivered >= round_end_;
  if (!round_start_) return;
  round_end_ = sample.delivered;
  ++round_;
}

void Bbr::check_full_pipe(const RateSample& sample) {
  if (pipe_full_ || !round_start_ || sample.app_limited) return;
  if (static_cast<double>(bandwidth()) >= kFullGrowth * static_cast<double>(full_bandwidth_)) {
    full_bandwidth_ = bandwidth();
    full_rounds_ = 0;
    return;
  }
  pipe_full_ = ++full_rounds_ >= kFullRounds;
}

void Bbr::update_phase(const RateSample& sample) {
  if (phase_ == Phase::kStartup && pipe_full_) phase_ = Phase::kDrain;
  if (phase_ == Phase::kDrain && sample.in_flight <= bdp(1)) enter_probe_bandwidth(sample.now);
  if (phase_ == Phase::kProbeBandwidth) advance_cycle(sample);
}

void Bbr::enter_probe_bandwidth(TimePoint now) {
  phase_ = Phase::kProbeBandwidth;
  cycle_ = 2;  // not with a probe, lest flows that start together probe together with others that do
  cycle_start_ = now;
}

void Bbr::advance_cycle(const RateSample& sample) {
  const bool whole_round_trip = sample.now - cycle_start_ > min_rtt_;
  const double gain = kCycle[cycle_];
  bool next = whole_round_trip;
  if (gain > 1) next = whole_round_trip && sample.in_flight >= bdp(gain);
  if (gain < 1) next = whole_round_trip || sample.in_flight <= bdp(1);
  // A window that the application does not fill would never get there.
  if (gain > 1 && whole_round_trip && sample.app_limited) next = true;
  if (!next) return;
  cycle_ = (cycle_ + 1) % kCycle.size();
  cycle_start_ = sample.now;
}

void Bbr::update_min_rtt(const RateSample& sample) {
  const bool expired = has_min_rtt_ && sample.now - min_rtt_at_ > kMinRttWindow;
  if (sample.rtt >= Duration(0) && (!has_min_rtt_ || sample.rtt <= min_rtt_ || expired)) {
    min_rtt_ = sample.rtt;
    min_rtt_at_ = sample.now;
    has_min_rtt_ = true;
  }
  if (expired && !idle_restart_ && phase_ != Phase::kProbeRoundTrip) {
    phase_ = Phase::kProbeRoundTrip;
    prior_window_ = std::max(prior_window_, cwnd());
    probe_round_trip_timed_ = false;
  }
  if (phase_ == Phase::kProbeRoundTrip) leave_probe_round_trip(sample);
}

void Bbr::leave_probe_round_trip(const RateSample& sample) {
  if (!probe_round_trip_timed_) {
    if (sample.in_flight > kMinPipeSegments * mss()) return;
    probe_round_trip_timed_ = true;
    probe_round_trip_until_ = sample.now + kProbeRttTime;
    round_end_ = sample.delivered;
    return;
  }
  if (!round_start_ || sample.now < probe_round_trip_until_) return;
  min_rtt_at_ = sample.now;
  restore_ = true;
  if (pipe_full_) {
    enter_probe_bandwidth(sample.now);
  } else {
    phase_ = Phase::kStartup;
  }
}

void Bbr::set_pacing_rate(Duration srtt) {
  double gain = 1;
  if (phase_ == Phase::kStartup) gain = kHighGain;
  if (phase_ == Phase::kDrain) gain = 1 / kHighGain;
  if (phase_ == Phase::kProbeBandwidth) gain = kCycle[cycle_];
  double rate = gain * static_cast<double>(bandwidth()) * kPacingMargin;
  if (bandwidth() == 0) {
    const double seconds = srtt > Duration(0) ? std::chrono::duration<double>(srtt).count() : 1e-3;
    rate = kHighGain * cwnd() / seconds;
  }
  // Until the pipe is full, a slow sample does not slow it down.
  const auto bytes_per_second = static_cast<std::uint64_t>(rate);
  if (pipe_full_ || bytes_per_second > pacing_rate_) pacing_rate_ = bytes_per_second;
}

void Bbr::update_window(const RateSample& sample) {
  const double gain = phase_ == Phase::kStartup || phase_ == Phase::kDrain ? kHighGain : 2;
  const std::uint32_t target = std::max(bdp(gain), kMinPipeSegments * mss());
  std::uint32_t window = cwnd() + sample.newly_delivered;
  if (pipe_full_) window = std::min(window, target);
  if (phase_ == Phase::kProbeRoundTrip) {
    window = std::min(window, kMinPipeSegments * mss());
  } else if (restore_) {
    window = std::max(window, prior_window_);
    prior_window_ = 0;
    restore_ = false;
  }
  set_cwnd(std::max(window, kMinPipeSegments * mss()));
}

}  // namespace sockwire::tcp
