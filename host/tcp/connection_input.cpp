// SPDX-License-Identifier: Apache-2.0
// SEGMENT ARRIVES: RFC 9293 3.10.7, in its order, with RFC 5961 and RFC 7323.
#include <algorithm>

#include "host/tcp/active_connection.hpp"

namespace sockwire::tcp {

namespace {
/// RFC 5961 7: challenge ACKs are counted for so long.
constexpr Duration kChallengePeriod = std::chrono::seconds(1);
/// RFC 9293 3.7.1: what a peer without the MSS option takes, over IPv4 and IPv6.
constexpr std::uint16_t kDefaultMss4 = 536;
constexpr std::uint16_t kDefaultMss6 = 1220;
}  // namespace

void ActiveConnection::on_segment(TimePoint now, const Segment& segment) {
  if (state_ == State::kClosed) return;
  ++segments_in_;
  if (state_ == State::kSynSent) {
    on_syn_sent(now, segment);
  } else {
    on_synchronized(now, segment);
  }
}

// RFC 9293 3.10.7.3
void ActiveConnection::on_syn_sent(TimePoint now, const Segment& segment) {
  const bool acks_syn = segment.has_ack() && segment.ack > sender_.iss() && segment.ack <= sender_.snd_nxt();
  if (segment.has_ack() && !acks_syn) {
    ++counters_.bad_ack;
    if (!segment.rst()) send_reset(now, segment.ack, false);
    return;
  }
  if (segment.rst()) {
    if (acks_syn) {
      end(Event::kRefused);
    } else {
      ++counters_.bad_reset;
    }
    return;
  }
  if (!segment.syn()) {
    ++counters_.no_ack_flag;
    return;
  }
  take_syn(now, segment);
  if (!acks_syn) {
    // Simultaneous open: our SYN is sent again, now with an ACK.
    state_ = State::kSynReceived;
    sender_.queue_syn_ack();
    return;
  }
  become_established(now, segment);
  ack_.demand();
  // What came with the SYN: data or a FIN (RFC 9293 allows both).
  Segment rest = segment;
  rest.flags &= static_cast<std::uint8_t>(~wire::kTcpSyn);
  ++rest.seq;
  if (rest.length() > 0) take_data(now, rest);
}

void ActiveConnection::take_syn(TimePoint now, const Segment& syn) {
  receiver_.start(syn.seq);
  const bool scaled = offer_window_scale_ && syn.options.window_scale.has_value();
  const bool timestamps = offer_timestamps_ && syn.options.timestamps.has_value();
  // A SYN-ACK repeats only what the SYN had (RFC 7323 2.2 and 3.2).
  offer_window_scale_ = scaled;
  offer_timestamps_ = timestamps;
  offer_sack_ = offer_sack_ && syn.options.sack_permitted;
  ecn_.on_syn(syn.flags, ecn_.offers(sender_.syn_repeated()));
  take_user_timeout(now, syn);
  if (scaled) receiver_.agree_on_scaling();
  if (scaled && syn.options.window_scale_was_larger) ++counters_.window_scale_limited;
  if (timestamps) paws_.enable(now, syn.options.timestamps->tsval);
  const std::uint16_t default_mss = ipv4_ ? kDefaultMss4 : kDefaultMss6;
  sender_.on_options_agreed({syn.options.mss.value_or(default_mss),
                             scaled ? *syn.options.window_scale : std::uint8_t{0}, timestamps, offer_sack_,
                             ecn_.agreed()});
}

// RFC 9293 3.10.7.4
void ActiveConnection::on_synchronized(TimePoint now, Segment segment) {
  if (state_ == State::kSynReceived && segment.syn() && segment.seq == receiver_.irs() && !segment.rst()) {
    if (!segment.has_ack()) {
      // The peer did not get our SYN-ACK. Sending that again tells it more than the ACK of the RFC's first check would.
      sender_.queue_syn();
      return;
    }
    // Simultaneous open, RFC 9293 figure 8: its SYN is known, its ACK is news.
    segment.flags &= static_cast<std::uint8_t>(~wire::kTcpSyn);
    ++segment.seq;
  }
  if (!passes_timestamps(now, segment)) return;
  keepalive_.on_heard(now);
  if (!receiver_.acceptable(segment)) {
    const bool zero_window_probe = segment.seq == receiver_.rcv_nxt() && !segment.rst() && !segment.syn();
    on_unacceptable(now, segment);
    if (!zero_window_probe) return;
    // "Special allowance should be made to accept valid ACKs" while the window is zero.
    segment.payload = {};
    segment.flags &= static_cast<std::uint8_t>(~wire::kTcpFin);
  }
  if (segment.rst()) {
    on_reset(segment);
    if (state_ != State::kClosed && segment.seq != receiver_.rcv_nxt()) challenge(now);
    return;
  }
  if (segment.syn()) {
    // RFC 5961 4.2
    ++counters_.unexpected_syn;
    challenge(now);
    return;
  }
  if (!segment.has_ack()) {
    ++counters_.no_ack_flag;
    return;
  }
  if (state_ == State::kSynReceived && !complete_handshake(now, segment)) return;
  if (!sender_.ack_acceptable(segment.ack)) {
    // RFC 5961 5.2
    ++counters_.bad_ack;
    challenge(now);
    return;
  }
  if (paws_.enabled()) paws_.update(now, segment, receiver_.last_ack_sent());
  take_ack(now, segment);
  if (state_ == State::kClosed) return;
  if ((segment.flags & wire::kTcpUrg) != 0) take_urgent(segment);
  if (!segment.payload.empty() || segment.fin()) take_data(now, segment);
}

bool ActiveConnection::passes_timestamps(TimePoint now, const Segment& segment) {
  if (!paws_.enabled() || segment.rst()) return true;
  if (!segment.options.timestamps) {
    // RFC 7323 3.2
    ++counters_.timestamps_missing;
    return false;
  }
  if (!paws_.is_old(now, segment.options.timestamps->tsval)) return true;
  ++counters_.paws_rejected;
  if (segment.length() > 0) {
    ack_.demand_duplicates(1);
  } else {
    challenge(now);
  }
  return false;
}

void ActiveConnection::on_unacceptable(TimePoint now, const Segment& segment) {
  ++counters_.out_of_window;
  if (segment.rst()) return;
  // The peer's FIN again: it did not get our last ACK.
  if (state_ == State::kTimeWait && segment.fin()) enter_time_wait(now);
  if (segment.length() > 0) {
    counters_.duplicate_bytes += segment.payload.size();
    const SeqNum data_end = segment.seq + static_cast<std::uint32_t>(segment.payload.size());
    if (segment.seq < data_end && data_end <= receiver_.rcv_nxt()) receiver_.on_duplicate(segment.seq, data_end);
    ack_.demand_duplicates(1);
  } else {
    challenge(now);  // limited, lest two confused ends acknowledge each other for ever
  }
}

void ActiveConnection::on_reset(const Segment& segment) {
  // RFC 1337 3, fix F1: else an old duplicate would end TIME-WAIT before its time.
  if (state_ == State::kTimeWait) return;
  // RFC 5961 3.2
  if (segment.seq != receiver_.rcv_nxt()) {
    ++counters_.bad_reset;
    return;
  }
  const bool refused = state_ == State::kSynReceived && !passive_;
  const bool orderly = state_ == State::kClosing || state_ == State::kLastAck;
  if (orderly) {
    end(std::nullopt);
  } else {
    end(refused ? Event::kRefused : Event::kReset);
  }
}

bool ActiveConnection::complete_handshake(TimePoint now, const Segment& segment) {
  if (segment.ack <= sender_.snd_una() || segment.ack > sender_.snd_nxt()) {
    ++counters_.bad_ack;
    send_reset(now, segment.ack, false);
    return false;
  }
  become_established(now, segment);
  return true;
}

// RFC 5482 3.1. Section 3.2 has the option in the first segments; where it comes later it counts as well.
void ActiveConnection::take_user_timeout(TimePoint now, const Segment& segment) {
  if (!config_.offer_user_timeout || !segment.options.user_timeout) return;
  const Duration theirs = UserTimeoutOption::decode(*segment.options.user_timeout);
  if (theirs == Duration::zero()) return;  // section 3.2: zero means nothing
  config_.user_timeout = agreed_user_timeout(config_.user_timeout, theirs);
  arm_user_timeout(now, true);
}

void ActiveConnection::take_ack(TimePoint now, const Segment& segment) {
  take_user_timeout(now, segment);
  std::optional<std::uint32_t> echo;
  if (paws_.enabled() && segment.options.timestamps) {
    echo = segment.options.timestamps->tsecr - config_.timestamp_offset;
  }
  const SeqNum una_before = sender_.snd_una();
  const std::size_t completions_before = sender_.buffer().completions();
  sender_.on_ack(now, segment, echo);
  urgent_out_.pass(sender_.snd_una());
  sender_.set_urgent(urgent_out_.active());
  arm_user_timeout(now, sender_.snd_una() != una_before);
  if (want_writable_ && sender_.buffer().space() >= sender_.buffer().capacity() / 4) {
    want_writable_ = false;
    push(Event::kWritable);
  }
  if (sender_.buffer().completions() > completions_before) push(Event::kCompletion);
  if (!sender_.fin_acked()) return;
  switch (state_) {
    case State::kFinWait1:
      state_ = State::kFinWait2;
      if (nobody_reads_) timers_.set(Timer::kFinWait2, now + config_.fin_wait_2);
      break;
    case State::kClosing:
      enter_time_wait(now);
      break;
    case State::kLastAck:
      end(std::nullopt);
      break;
    default:
      break;
  }
}

void ActiveConnection::take_data(TimePoint now, const Segment& segment) {
  switch (state_) {
    case State::kEstablished:
    case State::kFinWait1:
    case State::kFinWait2:
      break;
    default:
      ++counters_.data_after_fin;
      return;
  }
  const SeqNum data_end = segment.seq + static_cast<std::uint32_t>(segment.payload.size());
  if (nobody_reads_ && !segment.payload.empty() && data_end > receiver_.rcv_nxt()) {
    // RFC 9293 3.6.1 (MUST-17's spirit) and RFC 2525 2.17
    ++counters_.data_after_close;
    send_reset(now, sender_.snd_nxt(), true);
    end(Event::kReset);
    return;
  }
  if (ecn_.on_data(segment.ecn, segment.flags)) ack_.demand_duplicates(1);
  const Receiver::Accepted accepted = receiver_.accept(segment, counters_);
  if (accepted.out_of_order) ack_.demand_duplicates(std::max(segment.merged_segments, 1u));
  if (accepted.filled_gap && receiver_.has_holes()) {
    ack_.demand_duplicates(1);  // with SACK blocks, which data of ours has no place for
  } else if (accepted.filled_gap || accepted.fin) {
    ack_.demand();
  } else if (accepted.in_order_bytes > 0) {
    ack_.on_in_order(now, accepted.in_order_bytes, receiver_.rcv_mss(), timers_);
  }
  if (accepted.in_order_bytes > 0) push(Event::kReadable);
  if (accepted.fin) take_fin(now);
}

// RFC 9293 3.10.7.4, sixth, and RFC 6093 3.1: the pointer is to what follows the urgent data.
void ActiveConnection::take_urgent(const Segment& segment) {
  ++counters_.urgent;
  const bool readable = state_ == State::kEstablished || state_ == State::kFinWait1 || state_ == State::kFinWait2;
  const SeqNum up = segment.seq + segment.urgent;
  if (!readable || up <= receiver_.read_nxt()) return;
  if (urgent_in_.raise(up)) push(Event::kUrgent);
}

void ActiveConnection::take_fin(TimePoint now) {
  push(Event::kReadable);
  push(Event::kPeerClosed);
  switch (state_) {
    case State::kEstablished:
      state_ = State::kCloseWait;
      break;
    case State::kFinWait1:
      state_ = State::kClosing;
      break;  // our FIN's ACK was looked at before
    case State::kFinWait2:
      enter_time_wait(now);
      break;
    default:
      break;
  }
}

void ActiveConnection::challenge(TimePoint now) {
  if (now - challenge_period_ >= kChallengePeriod) {
    challenge_period_ = now;
    challenges_in_period_ = 0;
  }
  if (challenges_in_period_ >= config_.challenge_acks_per_second) {
    ++counters_.challenge_acks_limited;
    return;
  }
  ++challenges_in_period_;
  ++counters_.challenge_acks;
  ack_.demand_duplicates(1);
}

}  // namespace sockwire::tcp
