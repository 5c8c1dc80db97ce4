// SPDX-License-Identifier: Apache-2.0
// The join of stack and port. The socket calls are in host_io.cpp and host_options.cpp.
#include "host/socket/host.hpp"

#include <algorithm>
#include <type_traits>

#include "host/socket/text.hpp"

namespace sockwire {

namespace {
constexpr Duration kRoomInterval = std::chrono::milliseconds(1);
}  // namespace

Host::Host(const stack::Config& config, Port& port, Loop& loop, std::size_t max_sockets)
    : port_(port), loop_(loop), stack_(config), table_(max_sockets) {
  if (port_.receive_bytes() != 0) stack_.tcp().limit_windows(port_.receive_bytes());
  loop_.add(*this);
}

Host::~Host() { loop_.remove(*this); }

bool Host::service() {
  const TimePoint now = loop_.now();
  bool any = port_.poll(now, *this);
  if (stack_.next_deadline() <= now) {
    stack_.on_timeout(now);
    any = true;
  }
  // What makes room comes as news; that time alone does (a slot's idle owner loses it) need not be seen at once.
  if (any || now >= room_looked_at_ + kRoomInterval) {
    room_looked_at_ = now;
    stack_.on_room(now);
  }
  if (stack_.network().wants_groups() != groups_accepted_) {
    groups_accepted_ = !groups_accepted_;
    port_.accept_groups(groups_accepted_);
  }
  return push(now) || any;
}

bool Host::push(TimePoint now) {
  bool any = transmit_all(now);
  any |= port_.flush(now, *this);
  take_events();
  return any;
}

bool Host::transmit_all(TimePoint now) {
  bool any = false;
  while (auto output = stack_.poll_transmit(now, port_)) {
    any = true;
    if (auto* frame = std::get_if<stack::TxFrame>(&*output)) {
      port_.transmit(now, std::move(*frame));
    } else if (const auto* send = std::get_if<stack::TxSend>(&*output)) {
      port_.transmit(now, *send, *this);
    } else if (const auto* state = std::get_if<stack::SoftState>(&*output)) {
      port_.update(now, *state);
    } else if (const auto* release = std::get_if<stack::Release>(&*output)) {
      port_.release(now, *release);
    } else if (const auto* close = std::get_if<stack::Close>(&*output)) {
      port_.close(now, close->connection);
    }
  }
  return any;
}

TimePoint Host::next_deadline() const { return std::min(stack_.next_deadline(), port_.next_deadline()); }

void Host::on_frame(const stack::ReceivedFrame& frame) { stack_.on_frame(loop_.now(), frame); }

void Host::on_sent(const stack::DepartureKey& key, TimePoint departed) { stack_.on_sent(loop_.now(), key, departed); }

void Host::on_card_lost() { stack_.on_card_lost(loop_.now()); }

std::size_t Host::copy_payload(stack::ConnectionId connection, SeqNum seq, std::span<std::uint8_t> out) const {
  return stack_.copy_payload(connection, seq, out);
}

void Host::take_events() {
  while (const auto event = stack_.tcp().poll_event()) {
    SocketState* row = table_.find_connection(event->connection);
    if (row == nullptr) continue;
    ++row->activity;
    const auto peer = [row] { return to_string(row->remote); };
    switch (event->event) {
      case tcp::Event::kConnected:
        row->connected = true;
        break;
      case tcp::Event::kRefused:
        row->error = SocketError{SocketErrc::kRefused, "connection refused by " + peer()};
        break;
      case tcp::Event::kReset:
        row->error = reset_error(row->remote);
        break;
      case tcp::Event::kTimedOut:
        // What a router said meanwhile tells more than that time ran out (RFC 9293 3.9.2.2, soft errors).
        if (const auto why = stack_.tcp().unreachable(event->connection); why != stack::Unreachable::kNone) {
          row->error = unreachable_error(why, row->remote);
          break;
        }
        row->error = SocketError{SocketErrc::kTimedOut,
                                 row->connected ? peer() + " does not answer any more" : "no answer from " + peer()};
        break;
      case tcp::Event::kUnreachable:
        row->error = unreachable_error(stack_.tcp().unreachable(event->connection), row->remote);
        break;
      case tcp::Event::kClosed:
        row->ended = true;
        break;
      default:
        break;
    }
    const bool silence = event->event == tcp::Event::kTimedOut || event->event == tcp::Event::kUnreachable;
    if (silence && row->error && port_.away()) {
      row->error->message = "the card is gone, and nothing was heard of " + peer();
    }
  }
  while (const auto echo = stack_.icmp().poll_event()) echoes_.push_back(*echo);
  while (auto result = stack_.dns().poll_result()) {
    const auto waiting = names_.find(result->id);
    if (waiting != names_.end()) waiting->second.result = std::move(*result);
  }
}

SocketResult<SocketState*> Host::row(int descriptor) {
  if (SocketState* found = table_.find(descriptor)) return found;
  return bad_descriptor(descriptor);
}

SocketResult<const SocketState*> Host::row(int descriptor) const {
  if (const SocketState* found = table_.find(descriptor)) return found;
  return bad_descriptor(descriptor);
}

SocketResult<void> Host::wait(const std::optional<Duration>& timeout, const std::string& what,
                              const std::function<bool()>& ready) {
  const TimePoint deadline = timeout ? now() + *timeout : kNever;
  while (!ready()) {
    if (now() >= deadline) return Failure{SocketError{SocketErrc::kExpired, "timed out while " + what}};
    if (!loop_.run_once(deadline) && !ready()) {
      return Failure{SocketError{SocketErrc::kStalled, "nothing will ever end " + what}};
    }
  }
  return {};
}

std::vector<SocketRow> Host::list() const {
  std::vector<SocketRow> rows;
  const auto fill_connection = [](SocketRow& out, const tcp::Connection& connection) {
    out.state = connection.state();
    out.local = connection.local();
    out.remote = connection.remote();
    out.info = connection.info();
    out.receive_queue = out.info->receive_queue_bytes;
    out.send_queue = out.info->send_queue_bytes;
  };
  for (int descriptor = 0; descriptor < table_.limit(); ++descriptor) {
    const SocketState* socket = table_.find(descriptor);
    if (socket == nullptr) continue;
    SocketRow out;
    out.descriptor = descriptor;
    out.local = socket->local;
    out.remote = socket->remote;
    if (socket->role == SocketRole::kDatagram) {
      list_datagram(out, *socket);
    } else if (const tcp::Connection* connection = stack_.tcp().connection(socket->connection)) {
      fill_connection(out, *connection);
    } else if (const tcp::Listener* listener = stack_.tcp().listener(socket->listener)) {
      out.state = tcp::State::kListen;
      out.local = listener->local();
      out.receive_queue = listener->ready();
      out.send_queue = listener->backlog();
    }
    rows.push_back(out);
  }
  stack_.tcp().for_each([&](stack::ConnectionId id, const tcp::Connection& connection, bool /*owned*/) {
    if (table_.descriptor_of(id) >= 0) return;
    SocketRow out;
    fill_connection(out, connection);
    rows.push_back(out);
  });
  return rows;
}

bool Host::drain(Duration timeout) {
  const auto finished = [&] {
    bool all = true;
    stack_.tcp().for_each([&](stack::ConnectionId id, const tcp::Connection& connection, bool /*owned*/) {
      const tcp::State state = connection.state();
      if (table_.descriptor_of(id) < 0 && state != tcp::State::kTimeWait && state != tcp::State::kClosed) all = false;
    });
    return all;
  };
  return loop_.run_until(finished, now() + timeout);
}

SocketResult<PingReply> Host::ping(const IpAddress& to, std::uint16_t sequence, std::size_t data_bytes,
                                   Duration timeout) {
  const std::string name = to_string(to);
  if (!stack_.icmp().send_echo(now(), to, sequence, data_bytes)) {
    return Failure{SocketError{SocketErrc::kNetworkUnreachable, "no route to " + name}};
  }
  push(now());
  const auto answer = [&] {
    return std::find_if(echoes_.begin(), echoes_.end(), [&](const auto& echo) { return echo.sequence == sequence; });
  };
  const auto waited =
      wait(timeout, "waiting for a ping's answer from " + name, [&] { return answer() != echoes_.end(); });
  if (!waited) {
    stack_.icmp().forget_echo(sequence);
    return Failure{waited.error()};
  }
  const stack::EchoEvent event = *answer();
  echoes_.erase(answer());
  switch (event.kind) {
    case stack::EchoEvent::Kind::kNoNeighbour:
      return Failure{unreachable_error(stack::Unreachable::kNoNeighbour, Endpoint{event.from, 0})};
    case stack::EchoEvent::Kind::kUnreachable:
      return Failure{
          SocketError{SocketErrc::kHostUnreachable, to_string(event.from) + " says that " + name + " is unreachable"}};
    case stack::EchoEvent::Kind::kReply:
      break;
  }
  return PingReply{event.from, event.sequence, event.ttl, event.bytes, event.rtt};
}

}  // namespace sockwire
