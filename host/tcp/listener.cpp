// SPDX-License-Identifier: Apache-2.0
#include "host/tcp/listener.hpp"

#include <algorithm>
#include <cassert>

namespace sockwire::tcp {

namespace {

/// A cookie is good until the end of the period after its own.
constexpr Duration kCookieLife = std::chrono::seconds(128);

}  // namespace

Listener::Listener(const Config& config, const Endpoint& local, std::size_t backlog, const SynCookies* cookies)
    : config_(config), local_(local), backlog_(std::max<std::size_t>(backlog, 1)), cookies_(cookies) {}

std::unique_ptr<Connection> Listener::open(const Arrival& arrival, SeqNum iss, const Segment& syn) {
  Config config = config_;
  config.mss = std::min(config.mss, arrival.max_mss);
  return Connection::accept(configs_.share(config), arrival.timestamp_offset, arrival.local, arrival.remote, iss, syn,
                            arrival.now);
}

Listener::Answer Listener::on_segment(TimePoint now, const Segment& segment, const Endpoint& local,
                                      const Endpoint& remote, SeqNum iss, std::uint32_t timestamp_offset,
                                      std::uint16_t max_mss) {
  const Arrival arrival{now, segment, local, remote, timestamp_offset, max_mss};
  Answer answer;
  if (segment.rst()) {
    ++counters_.stray_reset;
  } else if (segment.has_ack()) {
    if (now < cookies_until_ && !segment.syn()) answer.connection = take_cookie(arrival);
    if (answer.connection) return answer;
    ++counters_.stray_ack;
    answer.reset = reset_for(segment);
  } else if (!segment.syn()) {
    ++counters_.not_a_syn;
  } else if (full() && cookies_ != nullptr && ready_.size() < backlog_) {
    answer.syn_ack = answer_with_cookie(arrival);
  } else if (full()) {
    ++counters_.backlog_full;
  } else {
    answer.connection = open(arrival, iss, segment);
    ++half_open_;
  }
  return answer;
}

std::optional<Transmit> Listener::answer_with_cookie(const Arrival& arrival) {
  const Segment reduced = SynCookies::reduced(arrival.segment);
  const SeqNum iss = cookies_->iss(arrival.local, arrival.remote, arrival.now, reduced);
  // A connection that lives as long as its SYN-ACK takes to write.
  auto syn_ack = open(arrival, iss, reduced)->poll_transmit(arrival.now);
  if (!syn_ack) return std::nullopt;
  if (auto& timestamps = syn_ack->options.timestamps) timestamps->tsval = SynCookies::tsval(timestamps->tsval, reduced);
  syn_ack->kind = TransmitKind::kPureAck;  // nobody waits for its departure
  cookies_until_ = arrival.now + kCookieLife;
  ++counters_.cookies_sent;
  return syn_ack;
}

std::unique_ptr<Connection> Listener::take_cookie(const Arrival& arrival) {
  const Segment& ack = arrival.segment;
  const auto syn = cookies_->syn_of(arrival.local, arrival.remote, arrival.now, ack);
  if (!syn) {
    ++counters_.cookies_bad;
    return nullptr;
  }
  if (ready_.size() >= backlog_) {
    ++counters_.backlog_full;
    return nullptr;
  }
  auto connection = open(arrival, ack.ack - 1, *syn);
  // Its SYN-ACK left long ago.
  const TimePoint now = arrival.now;
  if (const auto sent = connection->poll_transmit(now)) connection->on_sent(now, sent->tag, now);
  connection->on_segment(now, ack);
  ++half_open_;
  ++counters_.cookies_returned;
  return connection;
}

void Listener::on_connected(Id id) {
  assert(half_open_ > 0);
  --half_open_;
  ready_.push_back(id);
  ++counters_.accepted;
}

void Listener::on_closed(Id id, bool connected) {
  if (connected) {
    // One that the peer has closed again is still accepted: it may have sent data. The caller removes it only
    // when it was reset.
    std::erase(ready_, id);
  } else {
    assert(half_open_ > 0);
    --half_open_;
    ++counters_.failed;
  }
}

std::optional<Listener::Id> Listener::accept() {
  if (ready_.empty()) return std::nullopt;
  const Id id = ready_.front();
  ready_.pop_front();
  return id;
}

}  // namespace sockwire::tcp
