// SPDX-License-Identifier: Apache-2.0
// Round-trip time and the retransmission time-out, RFC 6298.
#pragma once

#include <algorithm>

#include "host/base/time.hpp"

namespace sockwire::tcp {

/// SRTT, RTTVAR and RTO. The clock is in nanoseconds, so the granularity G of RFC 6298 2 vanishes beside the floor.
class RttEstimator {
 public:
  RttEstimator(Duration min_rto, Duration initial_rto, Duration max_rto);

  /// A measurement of a segment that was sent once (RFC 6298 3, Karn). Ends the backing off.
  void on_sample(TimePoint now, Duration rtt);
  /// The timer expired: the next time-out is twice as long (RFC 6298 5.5), up to the maximum.
  void back_off();
  void reset_backoff() { backoff_ = 0; }
  /// Data starts, and the SYN had been lost: RTO is 3 s, without back-off (RFC 6298 5.7). No effect once there is a
  /// sample.
  void on_syn_timed_out();

  /// Goes on with what was measured before, without back-off.
  void resume(Duration srtt, Duration rttvar, Duration min_rtt);

  Duration rto() const;
  Duration srtt() const { return srtt_; }
  Duration rttvar() const { return rttvar_; }
  /// The least of the last minutes, so that a path that became longer is noticed (RFC 8985 6.2, step 1).
  Duration min_rtt() const { return std::min(min_rtt_, earlier_min_rtt_); }
  bool has_sample() const { return has_sample_; }
  unsigned backoff() const { return backoff_; }

 private:
  Duration min_rto_;
  Duration max_rto_;
  Duration rto_;
  Duration srtt_{0};
  Duration rttvar_{0};
  Duration min_rtt_{0};          ///< Since min_rtt_since_,
  Duration earlier_min_rtt_{0};  ///< and in the period before that.
  TimePoint min_rtt_since_;
  unsigned backoff_ = 0;
  bool has_sample_ = false;
};

}  // namespace sockwire::tcp
