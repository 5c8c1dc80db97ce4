// SPDX-License-Identifier: Apache-2.0
// BBR, version 1 (draft-cardwell-iccrg-bbr-congestion-control-00): sends as fast as data is delivered, paced, with
// about two round trips' worth in flight, instead of filling queues until they overflow.
#pragma once

#include "host/tcp/congestion/congestion_control.hpp"
#include "host/tcp/congestion/windowed_max.hpp"

namespace sockwire::tcp {

class Bbr final : public CongestionControl {
 public:
  Bbr(std::uint32_t mss, unsigned initial_window_segments) : CongestionControl(mss, initial_window_segments) {}

  CongestionAlgorithm algorithm() const override { return CongestionAlgorithm::kBbr; }
  void on_ack(const AckSample&) override {}  // all is in on_rate_sample()
  void on_rate_sample(const RateSample& sample, Duration srtt) override;
  std::uint64_t pacing_rate() const override { return pacing_rate_; }
  void on_idle() override { idle_restart_ = true; }
  void on_recovered(std::uint32_t) override { restore_ = true; }
  void on_timeout_repaired() override { restore_ = true; }

  enum class Phase : std::uint8_t { kStartup, kDrain, kProbeBandwidth, kProbeRoundTrip };
  Phase phase() const { return phase_; }

 private:
  // Losses say nothing about the bandwidth: what is in flight is kept, and the window comes back afterwards.
  std::uint32_t threshold(TimePoint, std::uint32_t) override { return prior_window_ = std::max(prior_window_, cwnd()); }
  void avoid(const AckSample&) override {}
  void restart() override {}
  void undo() override {}

  std::uint64_t bandwidth() const { return bandwidth_.value(); }
  std::uint32_t bdp(double gain) const;
  void update_round(const RateSample& sample);
  void check_full_pipe(const RateSample& sample);
  void update_phase(const RateSample& sample);
  void advance_cycle(const RateSample& sample);
  void enter_probe_bandwidth(TimePoint now);
  void update_min_rtt(const RateSample& sample);
  void leave_probe_round_trip(const RateSample& sample);
  void set_pacing_rate(Duration srtt);
  void update_window(const RateSample& sample);

  Phase phase_ = Phase::kStartup;
  WindowedMax bandwidth_;  ///< Bytes per second, over rounds.
  std::uint64_t round_ = 0;
  std::uint64_t round_end_ = 0;  ///< The round is over when what leaves after so many delivered bytes is delivered.
  bool round_start_ = false;

  std::uint64_t full_bandwidth_ = 0;
  unsigned full_rounds_ = 0;
  bool pipe_full_ = false;

  Duration min_rtt_{0};
  TimePoint min_rtt_at_;
  bool has_min_rtt_ = false;
  TimePoint probe_round_trip_until_;
  bool probe_round_trip_timed_ = false;

  unsigned cycle_ = 0;
  TimePoint cycle_start_;
  std::uint32_t prior_window_ = 0;  ///< Before a loss or a probe of the round trip,
  bool restore_ = false;            ///< which is over.
  std::uint64_t pacing_rate_ = 0;
  bool idle_restart_ = false;
};

}  // namespace sockwire::tcp
