// SPDX-License-Identifier: Apache-2.0
#include "host/tcp/rtt.hpp"

#include <algorithm>

namespace sockwire::tcp {

namespace {
/// However even round trips are, the next ACK may be held back: by 40 ms as a rule (RFC 9293 3.8.6.3 allows 500).
/// Without this the time-out of a path with a standing queue is its round trip to the millisecond, since a sample from
/// each ACK leaves no variance.
constexpr Duration kLeastVariation = std::chrono::milliseconds(40);
constexpr Duration kMinRttPeriod = std::chrono::minutes(3);
}  // namespace

RttEstimator::RttEstimator(Duration min_rto, Duration initial_rto, Duration max_rto)
    : min_rto_(min_rto), max_rto_(max_rto), rto_(initial_rto) {}

void RttEstimator::on_sample(TimePoint now, Duration rtt) {
  rtt = std::max(rtt, Duration(0));
  if (!has_sample_) {
    // RFC 6298 2.2
    srtt_ = rtt;
    rttvar_ = rtt / 2;
    min_rtt_ = earlier_min_rtt_ = rtt;
    min_rtt_since_ = now;
    has_sample_ = true;
  } else {
    // RFC 6298 2.3: alpha = 1/8, beta = 1/4; RTTVAR first, from the old SRTT.
    const Duration deviation = srtt_ > rtt ? srtt_ - rtt : rtt - srtt_;
    rttvar_ += (deviation - rttvar_) / 4;
    srtt_ += (rtt - srtt_) / 8;
    if (now - min_rtt_since_ >= kMinRttPeriod) {
      earlier_min_rtt_ = min_rtt_;
      min_rtt_ = rtt;
      min_rtt_since_ = now;
    }
    min_rtt_ = std::min(min_rtt_, rtt);
  }
  // 2.3, with the above in place of G.
  rto_ = std::clamp(srtt_ + std::max(4 * rttvar_, kLeastVariation), min_rto_, max_rto_);
  backoff_ = 0;
}

void RttEstimator::back_off() {
  if (rto() < max_rto_) ++backoff_;
}

void RttEstimator::on_syn_timed_out() {
  if (has_sample_) return;
  rto_ = std::clamp(Duration(std::chrono::seconds(3)), min_rto_, max_rto_);
  backoff_ = 0;
}

Duration RttEstimator::rto() const {
  Duration rto = rto_;
  for (unsigned i = 0; i < backoff_ && rto < max_rto_; ++i) rto *= 2;
  return std::min(rto, max_rto_);
}

void RttEstimator::resume(Duration srtt, Duration rttvar, Duration min_rtt) {
  has_sample_ = true;
  srtt_ = srtt;
  rttvar_ = rttvar;
  min_rtt_ = min_rtt;
  rto_ = std::clamp(srtt + 4 * rttvar, min_rto_, max_rto_);
}

}  // namespace sockwire::tcp
