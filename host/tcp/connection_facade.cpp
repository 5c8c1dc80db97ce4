// SPDX-License-Identifier: Apache-2.0
// A connection, whether something happens on it or not: wakes it for what it cannot do at rest.
#include <cassert>
#include <utility>

#include "host/tcp/active_connection.hpp"
#include "host/tcp/connection.hpp"
#include "host/tcp/resting_connection.hpp"

namespace sockwire::tcp {

namespace {

Config with_offset(const Config& config, std::uint32_t timestamp_offset) {
  Config made = config;
  made.timestamp_offset = timestamp_offset;
  return made;
}

}  // namespace

Connection::Connection(std::shared_ptr<const Config> config, const Endpoint& local, const Endpoint& remote)
    : local_(local), remote_(remote), config_(std::move(config)) {}

Connection::~Connection() = default;

std::unique_ptr<Connection> Connection::connect(const Config& config, const Endpoint& local, const Endpoint& remote,
                                                SeqNum iss, TimePoint now) {
  return connect(std::make_shared<const Config>(config), config.timestamp_offset, local, remote, iss, now);
}

std::unique_ptr<Connection> Connection::connect(std::shared_ptr<const Config> config, std::uint32_t timestamp_offset,
                                                const Endpoint& local, const Endpoint& remote, SeqNum iss,
                                                TimePoint now) {
  std::unique_ptr<Connection> made(new Connection(std::move(config), local, remote));
  made->active_ = std::make_unique<ActiveConnection>(with_offset(*made->config_, timestamp_offset),
                                                     remote.address.is_ipv4(), iss, now);
  return made;
}

std::unique_ptr<Connection> Connection::accept(const Config& config, const Endpoint& local, const Endpoint& remote,
                                               SeqNum iss, const Segment& syn, TimePoint now) {
  return accept(std::make_shared<const Config>(config), config.timestamp_offset, local, remote, iss, syn, now);
}

std::unique_ptr<Connection> Connection::accept(std::shared_ptr<const Config> config, std::uint32_t timestamp_offset,
                                               const Endpoint& local, const Endpoint& remote, SeqNum iss,
                                               const Segment& syn, TimePoint now) {
  assert(syn.syn() && !syn.has_ack() && !syn.rst());
  std::unique_ptr<Connection> made(new Connection(std::move(config), local, remote));
  made->active_ = std::make_unique<ActiveConnection>(with_offset(*made->config_, timestamp_offset),
                                                     remote.address.is_ipv4(), iss, syn, now);
  return made;
}

bool Connection::rest(TimePoint now) {
  if (resting_) return true;
  if (!active_->may_rest(now)) return false;
  resting_ = std::make_unique<RestingConnection>(active_->rest());
  active_.reset();
  return true;
}

ActiveConnection& Connection::awake() {
  if (resting_) {
    active_ = std::make_unique<ActiveConnection>(*config_, remote_.address.is_ipv4(), *resting_);
    resting_.reset();
  }
  return *active_;
}

template <typename Ask>
auto Connection::answer(Ask ask) const {
  if (!resting_) return ask(std::as_const(*active_));
  return ask(std::as_const(*std::make_unique<ActiveConnection>(*config_, remote_.address.is_ipv4(), *resting_)));
}

// --- what wakes it

void Connection::on_segment(TimePoint now, const Segment& segment) { awake().on_segment(now, segment); }
void Connection::on_path_mss(TimePoint now, std::uint16_t mss) { awake().on_path_mss(now, mss); }
std::size_t Connection::send(TimePoint now, std::span<const std::uint8_t> data) { return awake().send(now, data); }
bool Connection::send_zero_copy(TimePoint now, std::span<const std::uint8_t> data, std::uint64_t token) {
  return awake().send_zero_copy(now, data, token);
}
std::size_t Connection::send_urgent(TimePoint now, std::span<const std::uint8_t> data) {
  return awake().send_urgent(now, data);
}
void Connection::set_dscp(std::uint8_t dscp) { awake().set_dscp(dscp); }
void Connection::shutdown_write(TimePoint now) { awake().shutdown_write(now); }
void Connection::close(TimePoint now) { awake().close(now); }
void Connection::abort(TimePoint now) { awake().abort(now); }
void Connection::set_nodelay(TimePoint now, bool nodelay) { awake().set_nodelay(now, nodelay); }
void Connection::set_cork(TimePoint now, bool cork) { awake().set_cork(now, cork); }
void Connection::set_quick_acks(unsigned segments) { awake().set_quick_acks(segments); }
void Connection::update_window() { awake().update_window(); }
void Connection::set_keepalive(TimePoint now, const KeepaliveConfig& keepalive) {
  awake().set_keepalive(now, keepalive);
}
void Connection::set_user_timeout(TimePoint now, Duration timeout) { awake().set_user_timeout(now, timeout); }
void Connection::on_timeout(TimePoint now) {
  if (next_deadline() <= now) awake().on_timeout(now);
}

// --- what need not: nothing is queued, waits, or is there to be read

bool Connection::waits_for_budget() const { return active_ && active_->waits_for_budget(); }
void Connection::on_sent(TimePoint now, std::uint32_t tag, TimePoint departed) {
  if (active_) active_->on_sent(now, tag, departed);
}
void Connection::on_card_lost(TimePoint now) {
  if (active_) active_->on_card_lost(now);
}
void Connection::on_unreachable(TimePoint now) {
  if (active_) active_->on_unreachable(now);
}
void Connection::on_soft_error(TimePoint now) {
  if (active_) active_->on_soft_error(now);
}
std::size_t Connection::recv(TimePoint now, std::span<std::uint8_t> out) {
  return active_ ? active_->recv(now, out) : 0;
}
std::size_t Connection::peek(std::span<std::uint8_t> out) const { return active_ ? active_->peek(out) : 0; }
std::optional<Transmit> Connection::poll_transmit(TimePoint now, std::size_t payload_room) {
  return active_ ? active_->poll_transmit(now, payload_room) : std::nullopt;
}
std::optional<Event> Connection::poll_event() { return active_ ? active_->poll_event() : std::nullopt; }
TimePoint Connection::next_deadline() const { return active_ ? active_->next_deadline() : resting_->deadline; }
std::size_t Connection::copy_payload(SeqNum seq, std::span<std::uint8_t> out) const {
  return active_ ? active_->copy_payload(seq, out) : 0;
}
std::optional<std::uint64_t> Connection::take_completion() {
  return active_ ? active_->take_completion() : std::nullopt;
}
bool Connection::has_completion() const { return active_ && active_->has_completion(); }
State Connection::state() const { return active_ ? active_->state() : resting_->state; }
std::size_t Connection::readable_bytes() const { return active_ ? active_->readable_bytes() : 0; }
std::uint32_t Connection::urgent_bytes() const { return active_ ? active_->urgent_bytes() : 0; }
bool Connection::end_of_stream() const { return active_ ? active_->end_of_stream() : resting_->receiver.fin_received; }
bool Connection::all_acked() const { return !active_ || active_->all_acked(); }
bool Connection::has_undeparted() const { return active_ && active_->has_undeparted(); }
SeqNum Connection::snd_una() const { return active_ ? active_->snd_una() : resting_->sender.snd_una; }
SeqNum Connection::snd_nxt() const { return active_ ? active_->snd_nxt() : resting_->sender.snd_una; }
SeqNum Connection::rcv_nxt() const { return active_ ? active_->rcv_nxt() : resting_->receiver.rcv_nxt; }

std::size_t Connection::send_space() const {
  if (active_) return active_->send_space();
  return resting_->sender.fin_sent ? 0 : SeqRing::capacity_for(config_->send_buffer_bytes);
}
bool Connection::may_be_replaced_by(const Segment& syn) const {
  if (state() != State::kTimeWait) return false;
  return answer([&](const ActiveConnection& active) { return active.may_be_replaced_by(syn); });
}
Info Connection::info() const {
  return answer([](const ActiveConnection& active) { return active.info(); });
}

}  // namespace sockwire::tcp
