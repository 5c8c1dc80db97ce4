// SPDX-License-Identifier: Apache-2.0
// From an active connection to one at rest, and back.
#include <array>

#include "host/tcp/active_connection.hpp"
#include "host/tcp/resting_connection.hpp"

namespace sockwire::tcp {

bool ActiveConnection::may_rest(TimePoint now) const {
  const bool state = state_ == State::kEstablished || state_ == State::kCloseWait || state_ == State::kFinWait2 ||
                     state_ == State::kTimeWait;
  const bool nothing_to_say = !reset_ && events_.empty() && !keepalive_probe_wanted_ && !keepalive_.probing() &&
                              !urgent_in_.active() && !urgent_out_.active() && !ack_.due() && !ack_.duplicate_due();
  const bool may_wait = timers_.none_but({Timer::kKeepalive}) || timers_.none_but({Timer::kTimeWait}) ||
                        timers_.none_but({Timer::kFinWait2});
  return state && nothing_to_say && may_wait && sender_.may_rest(now) && receiver_.may_rest();
}

RestingConnection ActiveConnection::rest() const {
  RestingConnection resting;
  resting.sender = sender_.rest();
  resting.receiver = receiver_.rest();
  resting.keepalive = config_.keepalive;
  resting.user_timeout = config_.user_timeout;
  resting.heard = keepalive_.heard();
  resting.ts_recent_since = paws_.recent_since();
  for (const Timer timer : {Timer::kKeepalive, Timer::kTimeWait, Timer::kFinWait2}) {
    if (!timers_.is_set(timer)) continue;
    resting.timer = timer;
    resting.deadline = timers_.deadline(timer);
  }
  resting.segments_in = segments_in_;
  resting.pure_acks_out = pure_acks_out_;
  resting.refreshes_out = refreshes_out_;
  if (counters_ != Counters{}) resting.counters = std::make_unique<Counters>(counters_);
  resting.keepalive_probes = keepalive_probes_;
  resting.ts_recent = paws_.ts_recent();
  resting.timestamp_offset = config_.timestamp_offset;
  resting.quick_acks = ack_.quick();
  resting.dscp = config_.dscp;
  resting.state = state_;
  resting.timestamps = paws_.enabled();
  resting.ecn_agreed = ecn_.agreed();
  resting.ecn_echo = ecn_.echo();
  resting.nobody_reads = nobody_reads_;
  resting.want_writable = want_writable_;
  return resting;
}

ActiveConnection::ActiveConnection(const Config& config, bool ipv4, const RestingConnection& resting)
    : ActiveConnection{config, ipv4, resting.sender.iss, resting.state} {
  config_.keepalive = resting.keepalive;
  config_.user_timeout = resting.user_timeout;
  config_.dscp = resting.dscp;
  config_.timestamp_offset = resting.timestamp_offset;
  sender_.resume(resting.sender);
  receiver_.resume(resting.receiver);
  keepalive_.on_heard(resting.heard);
  if (resting.timestamps) paws_.enable(resting.ts_recent_since, resting.ts_recent);
  timers_.set(resting.timer, resting.deadline);
  segments_in_ = resting.segments_in;
  pure_acks_out_ = resting.pure_acks_out;
  refreshes_out_ = resting.refreshes_out;
  if (resting.counters) counters_ = *resting.counters;
  keepalive_probes_ = resting.keepalive_probes;
  ack_.set_quick(resting.quick_acks);
  offer_sack_ = resting.sender.sack;
  ecn_.resume(resting.ecn_agreed, resting.ecn_echo);
  nobody_reads_ = resting.nobody_reads;
  want_writable_ = resting.want_writable;
}

}  // namespace sockwire::tcp
