// SPDX-License-Identifier: Apache-2.0
#include "host/socket/card_port.hpp"

namespace sockwire {

namespace {

stack::Verdict verdict(std::uint8_t status, card::ReceiveStatus good, card::ReceiveStatus bad) {
  if ((status & static_cast<std::uint8_t>(good)) != 0) return stack::Verdict::kGood;
  if ((status & static_cast<std::uint8_t>(bad)) != 0) return stack::Verdict::kBad;
  return stack::Verdict::kUnverified;
}

card::SoftState to_card_state(const stack::SoftState& state) {
  return {state.rcv_nxt.value(), state.window, state.tsecr};
}

}  // namespace

namespace {

card::DriverConfig config_for(const transport::Transport& link, card::DriverConfig config) {
  if (config.write_bytes == 0) config.write_bytes = link.write_bytes();
  config.own_clock = config.own_clock || link.own_clock();
  return config;
}

}  // namespace

CardPort::CardPort(transport::Transport& link, const MacAddress& mac, const card::DriverConfig& config)
    : link_(link), driver_(*this, config_for(link, config)) {
  mac_.address = mac.bytes();
  driver_.configure_mac(mac_);
}

CardPort::~CardPort() = default;

std::uint32_t CardPort::receive_bytes() const {
  // What is stored of a full segment beside its payload: the event's header, Ethernet, IPv4, TCP with timestamps.
  constexpr std::uint32_t kSegmentBytes = 1448;
  constexpr std::uint32_t kStoredBytes = kSegmentBytes + card::kHeaderBytes + 14 + 20 + 32;
  return link_.receive_bytes() / kStoredBytes * kSegmentBytes;
}

void CardPort::accept_groups(bool accept) {
  mac_.all_multicast = accept;
  driver_.configure_mac(mac_);
}

card::ConnectionId CardPort::to_card(stack::ConnectionId connection) {
  const auto known = to_card_.find(connection);
  if (known != to_card_.end()) return known->second;
  const card::ConnectionId opened = driver_.open_connection();
  to_card_[connection] = opened;
  if (opened >= to_stack_.size()) to_stack_.resize(opened + 1, stack::kNoConnection);
  to_stack_[opened] = connection;
  return opened;
}

std::size_t CardPort::payload(stack::ConnectionId connection) { return driver_.send_room(to_card(connection)); }

std::size_t CardPort::copy_payload(card::ConnectionId connection, std::uint32_t seq, std::span<std::uint8_t> out) {
  const stack::ConnectionId known = to_stack(connection);
  if (known == stack::kNoConnection || source_ == nullptr) return 0;
  return source_->copy_payload(known, SeqNum(seq), out);
}

void CardPort::start(TimePoint now, std::uint8_t epoch) {
  started_ = true;
  epoch_ = epoch;
  attached_ = false;
  follow_link(now);
}

/// Tells the driver of a card that is lost, and of one that is there. Returns whether there was something to tell.
bool CardPort::follow_link(TimePoint now) {
  // HELLO is repeated with epochs that follow; those of the next start() are behind all of them.
  constexpr std::uint8_t kEpochStep = 16;
  if (!started_) return false;
  const bool lost = link_.lost();
  if (attached_ && (lost || session_ != link_.session())) {
    attached_ = false;
    epoch_ = static_cast<std::uint8_t>(epoch_ + kEpochStep);
    driver_.on_card_lost(now);
    if (lost) return true;
  }
  if (attached_ || lost) return false;
  attached_ = true;
  session_ = link_.session();
  driver_.start(now, epoch_);
  return true;
}

bool CardPort::poll(TimePoint now, PortEvents& events) {
  bool any = follow_link(now);
  while (const auto notice = driver_.poll_notice()) {
    deliver(now, *notice, events);
    any = true;
  }
  for (auto message = link_.poll_event(); !message.empty(); message = link_.poll_event()) {
    driver_.on_event(now, message);
    while (const auto notice = driver_.poll_notice()) deliver(now, *notice, events);
    any = true;
  }
  if (driver_.next_deadline() <= now) {
    driver_.on_timeout(now);
    any = true;
  }
  return any;
}

void CardPort::deliver(TimePoint now, const card::Notice& notice, PortEvents& events) {
  if (const auto* received = std::get_if<card::Received>(&notice)) {
    stack::ReceivedFrame frame;
    frame.bytes = received->frame;
    frame.arrived = received->time;
    frame.l3 = verdict(received->status, card::ReceiveStatus::kL3Good, card::ReceiveStatus::kL3Bad);
    frame.l4 = verdict(received->status, card::ReceiveStatus::kL4Good, card::ReceiveStatus::kL4Bad);
    events.on_frame(frame);
  } else if (const auto* sent = std::get_if<card::Sent>(&notice)) {
    stack::DepartureKey key;
    key.tag = sent->tag;
    if (sent->connection != card::kNoConnection) {
      key.connection = to_stack(sent->connection);
      if (key.connection == stack::kNoConnection) return;
    }
    events.on_sent(key, sent->skipped ? now : sent->time);
  } else if (const auto* failed = std::get_if<card::Failed>(&notice)) {
    failure_ = failed->message;
  } else if (std::holds_alternative<card::Ready>(notice)) {
    failure_.reset();
  } else if (std::holds_alternative<card::CountersRead>(notice)) {
    ++counters_reads_;
  }
}

void CardPort::transmit(TimePoint now, stack::TxFrame frame) {
  card::FrameRequest request;
  request.bytes = frame.bytes;
  if (frame.insert_l3) request.l3_offset = frame.l3_offset;
  if (frame.insert_l4) {
    request.l4_offset = frame.l4_offset;
    request.checksum_offset = frame.checksum_offset;
  }
  request.pseudo_sum = frame.pseudo_sum;
  request.insert_l3 = frame.insert_l3;
  request.insert_l4 = frame.insert_l4;
  request.udp_zero = frame.udp_zero;
  request.ack = frame.is_ack;
  request.supersedes = frame.supersedes;
  if (frame.report) {
    request.report = true;
    request.tag = frame.report->tag;
    if (frame.report->connection != stack::kNoConnection) request.connection = to_card(frame.report->connection);
  } else if (frame.connection != stack::kNoConnection) {
    request.connection = to_card(frame.connection);
  }
  // Refused is dropped: the driver counts it, and whoever sent it repairs the loss of a frame anyway.
  static_cast<void>(driver_.frame(now, request));
}

void CardPort::transmit(TimePoint now, const stack::TxSend& send, const sockwire::PayloadSource& /*source*/) {
  const card::ConnectionId connection = to_card(send.key.connection);
  card::SendRequest request;
  request.tag = send.key.tag;
  request.seq = send.seq.value();
  request.bytes = send.payload_bytes;
  request.mss = send.mss;
  request.header_template = std::span(send.header).first(send.header_bytes);
  request.l3_offset = send.l3_offset;
  request.l4_offset = send.l4_offset;
  request.tsecr_offset = send.tsecr_offset;
  request.pseudo_sum = send.pseudo_sum;
  request.ip_id = send.ip_id;
  request.ipv6 = send.ipv6;
  request.pacing_gap_ns = send.pacing_gap_ns;
  request.first_flags = send.first_flags;
  request.last_flags = send.last_flags;
  driver_.update(connection, to_card_state(send.soft));
  driver_.send(now, connection, request);
}

void CardPort::update(TimePoint /*now*/, const stack::SoftState& state) {
  driver_.update(to_card(state.connection), to_card_state(state));
}

void CardPort::release(TimePoint now, const stack::Release& release) {
  driver_.release(now, to_card(release.connection), release.snd_una.value());
}

void CardPort::close(TimePoint now, stack::ConnectionId connection) {
  const auto known = to_card_.find(connection);
  if (known == to_card_.end()) return;
  driver_.close_connection(now, known->second);
  to_stack_[known->second] = stack::kNoConnection;
  to_card_.erase(known);
}

bool CardPort::flush(TimePoint now, const sockwire::PayloadSource& source) {
  source_ = &source;
  while (link_.can_send() && driver_.poll_command(now, command_)) link_.send(command_);
  source_ = nullptr;
  return false;
}

}  // namespace sockwire
