// SPDX-License-Identifier: Apache-2.0
#include "host/stack/dhcp/dhcp_client.hpp"

#include <algorithm>
#include <utility>

namespace sockwire::stack::dhcp {

namespace {

constexpr Ipv4Address kEverybody{255, 255, 255, 255};

TimePoint after(TimePoint start, Duration time) { return time == Lease::kForever ? kNever : start + time; }

}  // namespace

const char* to_string(ClientState state) {
  constexpr const char* kNames[] = {"STOPPED",  "INIT",  "SELECTING", "REQUESTING", "REBOOTING",
                                    "CHECKING", "BOUND", "RENEWING",  "REBINDING"};
  return kNames[static_cast<std::size_t>(state)];
}

Client::Client(const ClientConfig& config, Counters& counters)
    : config_(config), counters_(counters), random_(config.secret, 'd') {}

// --- the application's calls -----------------------------------------------------------------------------------------

void Client::start(TimePoint now) {
  // What it had before is not its own any more.
  if (const auto lost = std::exchange(lease_, std::nullopt)) events_.push_back({ClientEvent::Kind::kLost, *lost});
  failures_ = 0;
  begin(now, ClientState::kInit);
  deadline_ = now;
  if (config_.max_start_delay > Duration::zero()) {
    deadline_ += random_.between(std::min(config_.min_start_delay, config_.max_start_delay), config_.max_start_delay);
  }
  if (deadline_ <= now) on_timeout(now);
}

void Client::reboot(TimePoint now, Ipv4Address address) {
  // What it had before is not its own any more.
  if (const auto lost = std::exchange(lease_, std::nullopt)) events_.push_back({ClientEvent::Kind::kLost, *lost});
  failures_ = 0;
  previous_ = address;
  begin(now, ClientState::kRebooting);
  send_request(now);
}

void Client::release(TimePoint now) {
  if (const auto lost = std::exchange(lease_, std::nullopt)) {
    begin(now, state_);  // an xid of its own
    ClientMessage message;
    message.type = MessageType::kRelease;
    message.client_address = lost->interface.address;
    message.server = lost->server;
    send(message, lost->server);
    events_.push_back({ClientEvent::Kind::kLost, *lost});
  }
  state_ = ClientState::kStopped;
  deadline_ = kNever;
}

// --- states ----------------------------------------------------------------------------------------------------------

void Client::begin(TimePoint now, ClientState state) {
  state_ = state;
  xid_ = random_.next32();
  began_ = now;
  sent_ = 0;
}

void Client::restart(TimePoint now, Duration at_least) {
  begin(now, ClientState::kInit);
  sent_ = failures_;
  deadline_ = now + std::max(at_least, failures_ == 0 ? Duration::zero() : interval());
  failures_ = std::min(failures_ + 1, 10U);
  sent_ = 0;
  if (deadline_ <= now) on_timeout(now);
}

void Client::lose(TimePoint now) {
  if (const auto lost = std::exchange(lease_, std::nullopt)) events_.push_back({ClientEvent::Kind::kLost, *lost});
  restart(now);
}

void Client::decline(TimePoint now, const Lease& lease) {
  ++counters_.dhcp_declines;
  ClientMessage message;
  message.type = MessageType::kDecline;
  message.requested_address = lease.interface.address;
  message.server = lease.server;
  message.message = "the address answers ARP";
  send(message, kEverybody);
  restart(now, config_.decline_wait);
}

void Client::on_timeout(TimePoint now) {
  if (now < deadline_) return;
  switch (state_) {
    case ClientState::kInit:
      begin(now, ClientState::kSelecting);
      [[fallthrough]];
    case ClientState::kSelecting:
      send_discover(now);
      break;
    case ClientState::kRequesting:
    case ClientState::kRebooting: {
      const unsigned most = state_ == ClientState::kRequesting ? config_.max_requests : config_.max_reboot_requests;
      if (sent_ >= most) {
        ++counters_.dhcp_unanswered;
        restart(now);
      } else {
        send_request(now);
      }
      break;
    }
    case ClientState::kBound:
      begin(now, ClientState::kRenewing);
      send_request(now);
      break;
    case ClientState::kRenewing:
      if (now >= t2_) begin(now, ClientState::kRebinding);
      send_request(now);
      break;
    case ClientState::kRebinding:
      if (now >= lease_ends_) {
        lose(now);
      } else {
        send_request(now);
      }
      break;
    case ClientState::kStopped:
    case ClientState::kChecking:
      deadline_ = kNever;
      break;
  }
}

// --- what servers say ------------------------------------------------------------------------------------------------

void Client::on_message(TimePoint now, std::span<const std::uint8_t> bytes) {
  ++counters_.dhcp_in;
  const auto message = parse(bytes);
  if (!message) {
    ++counters_.dhcp_malformed;
  } else if (message->xid != xid_ || message->mac != config_.mac) {
    ++counters_.dhcp_not_ours;
  } else if (message->type == MessageType::kOffer) {
    on_offer(now, *message);
  } else if (message->type == MessageType::kAck) {
    on_ack(now, *message);
  } else {
    on_nak(now, *message);
  }
}

void Client::on_offer(TimePoint now, const ServerMessage& message) {
  if (state_ != ClientState::kSelecting) {
    ++counters_.dhcp_unexpected;  // of the other servers; the first is taken
    return;
  }
  if (!message.lease) {
    ++counters_.dhcp_unusable;
    return;
  }
  candidate_ = *message.lease;
  state_ = ClientState::kRequesting;  // with the OFFER's xid (RFC 2131 4.4.1)
  sent_ = 0;
  send_request(now);
}

bool Client::awaits_answer_from(Ipv4Address server) const {
  switch (state_) {
    case ClientState::kRequesting:
      return server == candidate_.server;
    case ClientState::kRenewing:
      return lease_ && server == lease_->server;
    case ClientState::kRebooting:
    case ClientState::kRebinding:
      return true;
    default:
      return false;
  }
}

void Client::on_ack(TimePoint now, const ServerMessage& message) {
  if (!awaits_answer_from(message.server)) {
    ++counters_.dhcp_unexpected;
    return;
  }
  Ipv4Address asked = state_ == ClientState::kRebooting ? previous_ : candidate_.interface.address;
  if (lease_) asked = lease_->interface.address;
  if (!message.lease || message.lease->interface.address != asked) {
    ++counters_.dhcp_unusable;
    return;
  }
  if (lease_) {
    bind(now, *message.lease, ClientEvent::Kind::kRenewed);
    return;
  }
  candidate_ = *message.lease;
  state_ = ClientState::kChecking;
  deadline_ = kNever;
  events_.push_back({ClientEvent::Kind::kCheck, candidate_});
}

void Client::on_nak(TimePoint now, const ServerMessage& message) {
  if (!awaits_answer_from(message.server)) {
    ++counters_.dhcp_unexpected;
    return;
  }
  ++counters_.dhcp_naks;
  refusal_ = message.text;
  if (lease_) {
    lose(now);
  } else {
    restart(now);
  }
}

void Client::on_checked(TimePoint now, bool in_use) {
  if (state_ != ClientState::kChecking) return;
  if (in_use) {
    decline(now, candidate_);
  } else {
    bind(now, candidate_, ClientEvent::Kind::kBound);
  }
}

void Client::on_conflict(TimePoint now) {
  const auto lost = std::exchange(lease_, std::nullopt);
  if (!lost) return;
  events_.push_back({ClientEvent::Kind::kLost, *lost});
  decline(now, *lost);
}

void Client::bind(TimePoint now, const Lease& lease, ClientEvent::Kind kind) {
  state_ = ClientState::kBound;
  failures_ = 0;
  lease_ = lease;
  // RFC 2131 4.4.5: from when the REQUEST was sent, and not all hosts at the same time.
  const Duration fuzz = lease.t1 == Lease::kForever ? Duration::zero() : lease.t1 / 20;
  t1_ = after(requested_, lease.t1);
  if (t1_ != kNever) t1_ = std::max(now, t1_ - random_.between(Duration::zero(), fuzz));
  t2_ = after(requested_, lease.t2);
  lease_ends_ = after(requested_, lease.duration);
  deadline_ = t1_;
  events_.push_back({kind, lease});
}

// --- what it says ----------------------------------------------------------------------------------------------------

Duration Client::interval() {
  Duration interval = config_.first_interval;
  for (unsigned i = 1; i < sent_ && interval < config_.max_interval; ++i) interval *= 2;
  interval = std::min(interval, config_.max_interval);
  return interval + random_.between(-config_.interval_fuzz, config_.interval_fuzz);
}

std::uint16_t Client::seconds_since_begin(TimePoint now) const {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now - began_).count();
  return static_cast<std::uint16_t>(std::min<std::int64_t>(seconds, 0xffff));
}

void Client::send_discover(TimePoint now) {
  ClientMessage message;
  message.type = MessageType::kDiscover;
  message.seconds = seconds_since_begin(now);
  message.broadcast = true;
  send(message, kEverybody);
  ++sent_;
  deadline_ = now + interval();
}

void Client::send_request(TimePoint now) {
  ClientMessage message;
  message.type = MessageType::kRequest;
  message.seconds = seconds_since_begin(now);
  Ipv4Address to = kEverybody;
  if (lease_) {
    message.client_address = lease_->interface.address;
    if (state_ == ClientState::kRenewing) to = lease_->server;
  } else if (state_ == ClientState::kRebooting) {
    message.requested_address = previous_;
  } else {
    message.requested_address = candidate_.interface.address;
    message.server = candidate_.server;
  }
  // Until it has an address it hears no unicast (RFC 2131 4.1).
  message.broadcast = !lease_;
  send(message, to);
  ++sent_;
  requested_ = now;
  if (lease_) {
    wait_for_renewal(now, state_ == ClientState::kRenewing ? t2_ : lease_ends_);
  } else {
    deadline_ = now + interval();
  }
}

void Client::wait_for_renewal(TimePoint now, TimePoint until) {
  // RFC 2131 4.4.5: half of what is left, at least a minute.
  deadline_ = std::min(until, now + std::max((until - now) / 2, config_.min_renewal_interval));
}

void Client::send(ClientMessage message, Ipv4Address destination) {
  message.xid = xid_;
  message.mac = config_.mac;
  const bool asks = message.type == MessageType::kDiscover || message.type == MessageType::kRequest;
  if (asks) message.host_name = config_.host_name;
  ++counters_.dhcp_out;
  output_.push_back({destination, write(message)});
}

std::optional<ClientTransmit> Client::poll_transmit() {
  if (output_.empty()) return std::nullopt;
  ClientTransmit transmit = std::move(output_.front());
  output_.pop_front();
  return transmit;
}

std::optional<ClientEvent> Client::poll_event() {
  if (events_.empty()) return std::nullopt;
  ClientEvent event = std::move(events_.front());
  events_.pop_front();
  return event;
}

}  // namespace sockwire::stack::dhcp
