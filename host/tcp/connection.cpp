// SPDX-License-Identifier: Apache-2.0
// The application's side of a connection, its timers and its questions.
#include "host/tcp/active_connection.hpp"

#include <algorithm>

namespace sockwire::tcp {

namespace {
/// RFC 9293 3.8.3: so many retransmissions of the same data make the path doubtful.
constexpr unsigned kR1 = 3;
/// RFC 9293 3.10.1: the user timeout, where the application has asked for none.
constexpr Duration kUserTimeout = std::chrono::minutes(5);
}  // namespace

ActiveConnection::ActiveConnection(const Config& config, bool ipv4, SeqNum iss, State state)
    : config_(config),
      state_(state),
      ipv4_(ipv4),
      passive_(state == State::kSynReceived),
      offer_window_scale_(config.window_scale),
      offer_timestamps_(config.timestamps),
      offer_sack_(config.sack),
      sender_(config_, iss, timers_),
      receiver_(config_),
      ack_(config.delayed_ack, config.quick_acks),
      ecn_(config.ecn) {}

ActiveConnection::ActiveConnection(const Config& config, bool ipv4, SeqNum iss, TimePoint now)
    : ActiveConnection{config, ipv4, iss, State::kSynSent} {
  sender_.queue_syn();
  expect_departure(now);
}

ActiveConnection::ActiveConnection(const Config& config, bool ipv4, SeqNum iss, const Segment& syn, TimePoint now)
    : ActiveConnection{config, ipv4, iss, State::kSynReceived} {
  segments_in_ = 1;
  take_syn(now, syn);
  sender_.queue_syn();
}

// --- the application
// ---------------------------------------------------------------------------------------------------

bool ActiveConnection::takes_data() const {
  return state_ == State::kSynSent || state_ == State::kSynReceived || state_ == State::kEstablished ||
         state_ == State::kCloseWait;
}

std::size_t ActiveConnection::send(TimePoint now, std::span<const std::uint8_t> data) {
  if (!takes_data()) return 0;
  const std::size_t accepted = sender_.append(data);
  expect_departure(now);
  if (accepted < data.size()) want_writable_ = true;
  return accepted;
}

bool ActiveConnection::send_zero_copy(TimePoint now, std::span<const std::uint8_t> data, std::uint64_t token) {
  if (!takes_data() || !sender_.lend(data, token)) return false;
  expect_departure(now);
  return true;
}

std::size_t ActiveConnection::send_urgent(TimePoint now, std::span<const std::uint8_t> data) {
  const std::size_t accepted = send(now, data);
  if (accepted > 0) urgent_out_.raise(sender_.buffer().end());
  sender_.set_urgent(urgent_out_.active());
  return accepted;
}

std::size_t ActiveConnection::recv(TimePoint, std::span<std::uint8_t> out) {
  const std::size_t bytes = receiver_.read(out);
  urgent_in_.pass(receiver_.read_nxt());
  const bool more_may_come = state_ == State::kEstablished || state_ == State::kFinWait1 || state_ == State::kFinWait2;
  if (bytes > 0 && more_may_come && receiver_.window_update_due()) ack_.demand();
  return bytes;
}

std::size_t ActiveConnection::peek(std::span<std::uint8_t> out) const { return receiver_.peek(out); }

void ActiveConnection::shutdown_write(TimePoint now) {
  if (sender_.fin_queued()) return;
  switch (state_) {
    case State::kSynSent:
    case State::kSynReceived:
      break;  // become_established() goes on
    case State::kEstablished:
      state_ = State::kFinWait1;
      break;
    case State::kCloseWait:
      state_ = State::kLastAck;
      break;
    default:
      return;
  }
  sender_.queue_fin();
  expect_departure(now);
}

void ActiveConnection::close(TimePoint now) {
  if (nobody_reads_ || state_ == State::kClosed) return;
  nobody_reads_ = true;
  if (state_ == State::kSynSent) {
    end(std::nullopt);
    return;
  }
  if (receiver_.readable_bytes() > 0) {
    // RFC 2525 2.17: the peer must learn that data was lost.
    abort(now);
    return;
  }
  shutdown_write(now);
  sender_.return_lent();
  if (state_ == State::kFinWait2) timers_.set(Timer::kFinWait2, now + config_.fin_wait_2);
}

void ActiveConnection::abort(TimePoint now) {
  if (state_ == State::kClosed) return;
  // RFC 9293 3.10.5: nothing to reset before the peer has answered or after both FINs.
  if (state_ != State::kSynSent && state_ != State::kTimeWait) send_reset(now, sender_.snd_nxt(), true);
  end(std::nullopt);
}

void ActiveConnection::set_nodelay(TimePoint, bool nodelay) { sender_.set_nodelay(nodelay); }
void ActiveConnection::set_cork(TimePoint, bool cork) { sender_.set_cork(cork); }

void ActiveConnection::set_keepalive(TimePoint now, const KeepaliveConfig& keepalive) {
  config_.keepalive = keepalive;
  if (!synchronized() || state_ == State::kTimeWait) return;
  keepalive_.on_heard(now);
  timers_.set(Timer::kKeepalive, keepalive_.deadline(config_.keepalive));
}

void ActiveConnection::set_user_timeout(TimePoint now, Duration timeout) {
  config_.user_timeout = timeout;
  if (state_ != State::kClosed) arm_user_timeout(now, true);
}

// --- the card and the clock
// ----------------------------------------------------------------------------------------------

void ActiveConnection::on_sent(TimePoint now, std::uint32_t tag, TimePoint departed) {
  if (state_ != State::kClosed) sender_.on_sent(now, tag, departed);
}

void ActiveConnection::on_card_lost(TimePoint now) {
  if (state_ != State::kClosed) sender_.on_all_sent(now);
}

void ActiveConnection::on_unreachable(TimePoint now) {
  if (state_ == State::kSynSent) {
    end(Event::kUnreachable);
  } else {
    on_soft_error(now);
  }
}

void ActiveConnection::on_soft_error(TimePoint) {
  if (state_ != State::kClosed) push(Event::kSoftError);
}

void ActiveConnection::on_path_mss(TimePoint, std::uint16_t mss) {
  sender_.on_path_mss(static_cast<std::uint16_t>(mss - std::min<unsigned>(mss, paws_.enabled() ? 12 : 0)));
}

void ActiveConnection::on_timeout(TimePoint now) {
  if (timers_.take_expired(Timer::kDelayedAck, now)) ack_.demand();
  if (timers_.take_expired(Timer::kTimeWait, now) || timers_.take_expired(Timer::kFinWait2, now)) {
    end(std::nullopt);
    return;
  }
  if (timers_.take_expired(Timer::kUserTimeout, now)) {
    // RFC 9293 3.10.8: the connection is aborted.
    send_reset(now, sender_.snd_nxt(), true);
    end(Event::kTimedOut);
    return;
  }
  if (timers_.take_expired(Timer::kKeepalive, now)) on_keepalive_timeout(now);
  if (state_ == State::kClosed) return;
  (void)timers_.take_expired(Timer::kMarked, now);  // poll_transmit() goes on
  if (timers_.take_expired(Timer::kCork, now)) sender_.on_cork_timeout();
  if (timers_.take_expired(Timer::kReordering, now)) sender_.on_reordering_timeout(now);
  if (timers_.take_expired(Timer::kTailLoss, now)) sender_.on_tail_loss_timeout(now);
  if (timers_.take_expired(Timer::kRetransmit, now)) {
    const unsigned before = sender_.timeouts_in_row();
    if (!sender_.on_retransmit_timeout(now)) {
      end(Event::kTimedOut);
      return;
    }
    if (before + 1 == kR1 && sender_.timeouts_in_row() == kR1) push(Event::kTroubled);
    expect_departure(now);
  }
  if (timers_.take_expired(Timer::kPersist, now)) {
    if (!sender_.on_persist_timeout()) {
      end(Event::kTimedOut);
      return;
    }
    expect_departure(now);
  }
}

void ActiveConnection::on_keepalive_timeout(TimePoint now) {
  switch (keepalive_.on_timeout(config_.keepalive, now, sender_.in_use(), config_.user_timeout)) {
    case Keepalive::Due::kNothing:
      break;
    case Keepalive::Due::kProbe:
      keepalive_probe_wanted_ = true;
      break;
    case Keepalive::Due::kGiveUp:
      send_reset(now, sender_.snd_nxt(), true);
      end(Event::kTimedOut);
      return;
  }
  timers_.set(Timer::kKeepalive, keepalive_.deadline(config_.keepalive));
}

void ActiveConnection::arm_user_timeout(TimePoint now, bool progress) {
  if (config_.user_timeout == Duration(0) || !sender_.in_use()) {
    timers_.stop(Timer::kUserTimeout);
  } else if (progress || !timers_.is_set(Timer::kUserTimeout)) {
    timers_.set(Timer::kUserTimeout, now + config_.user_timeout);
  }
}

/// What waits now may wait for a card that is gone: then nothing leaves, no retransmission is counted, and this timer
/// alone ends it. Whatever leaves or comes sets it as it should be.
void ActiveConnection::expect_departure(TimePoint now) {
  const bool waits = sender_.in_use() || !sender_.syn_acked() || (sender_.fin_queued() && !sender_.fin_acked());
  if (timers_.is_set(Timer::kUserTimeout) || state_ == State::kClosed || !waits) return;
  const bool asked = config_.user_timeout != Duration(0);
  timers_.set(Timer::kUserTimeout, now + (asked ? config_.user_timeout : kUserTimeout));
}

// --- transitions
// ---------------------------------------------------------------------------------------------------------

void ActiveConnection::become_established(TimePoint now, const Segment& segment) {
  sender_.on_established(now, segment);
  state_ = sender_.fin_queued() ? State::kFinWait1 : State::kEstablished;
  arm_user_timeout(now, true);  // it counted for the SYN
  keepalive_.on_heard(now);
  timers_.set(Timer::kKeepalive, keepalive_.deadline(config_.keepalive));
  push(Event::kConnected);
}

void ActiveConnection::enter_time_wait(TimePoint now) {
  state_ = State::kTimeWait;
  timers_.stop_all();
  timers_.set(Timer::kTimeWait, now + 2 * config_.msl);
}

void ActiveConnection::end(std::optional<Event> why) {
  state_ = State::kClosed;
  sender_.on_over();
  timers_.stop_all();
  if (why) push(*why);
  push(Event::kClosed);
}

void ActiveConnection::send_reset(TimePoint now, SeqNum seq, bool with_ack) {
  Transmit reset;
  // A RST that overtakes queued data is not at the peer's RCV.NXT, and would be challenged (RFC 5961 3.2).
  reset.kind = sender_.has_undeparted() ? TransmitKind::kSegment : TransmitKind::kPureAck;
  if (reset.kind == TransmitKind::kSegment) reset.tag = sender_.take_tag();
  reset.seq = seq;
  reset.mss = sender_.mss();
  reset.flags_last = static_cast<std::uint8_t>(wire::kTcpRst | (with_ack ? wire::kTcpAckFlag : 0));
  reset.flags_first = reset.flags_last;
  if (with_ack) reset.ack = receiver_.rcv_nxt();
  reset.dscp = config_.dscp;
  // RFC 7323 3.2: it should have them, too.
  if (paws_.enabled()) reset.options.timestamps = Timestamps{timestamp(now), paws_.ts_recent()};
  reset_ = reset;
}

std::optional<Event> ActiveConnection::poll_event() { return events_.pop(); }

// --- questions
// -----------------------------------------------------------------------------------------------------------

TimePoint ActiveConnection::next_deadline() const { return timers_.earliest(); }
std::size_t ActiveConnection::copy_payload(SeqNum seq, std::span<std::uint8_t> out) const {
  return sender_.buffer().copy(seq, out);
}
State ActiveConnection::state() const { return state_; }
std::size_t ActiveConnection::readable_bytes() const { return receiver_.readable_bytes(); }
bool ActiveConnection::end_of_stream() const {
  return receiver_.readable_bytes() == 0 && (receiver_.fin_received() || state_ == State::kClosed);
}
std::size_t ActiveConnection::send_space() const { return sender_.fin_queued() ? 0 : sender_.buffer().space(); }
bool ActiveConnection::all_acked() const { return sender_.all_acked(); }
SeqNum ActiveConnection::snd_una() const { return sender_.snd_una(); }
SeqNum ActiveConnection::snd_nxt() const { return sender_.snd_nxt(); }
SeqNum ActiveConnection::rcv_nxt() const { return receiver_.rcv_nxt(); }
bool ActiveConnection::has_undeparted() const { return sender_.has_undeparted(); }

bool ActiveConnection::may_be_replaced_by(const Segment& syn) const {
  if (state_ != State::kTimeWait || !syn.syn() || syn.has_ack() || syn.rst()) return false;
  // RFC 6191 2: newer by its timestamp, or by its sequence number.
  if (paws_.enabled() && syn.options.timestamps) {
    const std::uint32_t tsval = syn.options.timestamps->tsval;
    if (tsval != paws_.ts_recent()) return ((paws_.ts_recent() - tsval) >> 31) != 0;
  }
  return syn.seq > receiver_.rcv_nxt();
}

Info ActiveConnection::info() const {
  Info info;
  sender_.fill(info);
  info.state = state_;
  info.rcv_mss = receiver_.rcv_mss();
  info.rcv_nxt = receiver_.rcv_nxt();
  info.rcv_wnd_bytes = receiver_.window_bytes();
  info.rcv_wscale = receiver_.shift();
  info.timestamps = paws_.enabled();
  info.ecn = ecn_.agreed();
  info.keepalive_probes = keepalive_probes_;
  info.receive_queue_bytes = receiver_.readable_bytes();
  info.bytes_received = receiver_.bytes_received();
  info.pure_acks_out = pure_acks_out_;
  info.refreshes_out = refreshes_out_;
  info.segments_in = segments_in_;
  info.counters = counters_;
  return info;
}

}  // namespace sockwire::tcp
