// SPDX-License-Identifier: Apache-2.0
// TCP: what goes to the network.
#include <cassert>

#include "hls/wire/ipv4.hpp"
#include "hls/wire/tcp.hpp"
#include "host/base/byte_order.hpp"
#include "host/stack/internet_checksum.hpp"
#include "host/stack/tcp_layer.hpp"

namespace sockwire::stack {

namespace {

/// Of the echo value within an encoded timestamps option (RFC 7323 3.2).
constexpr std::size_t kTsecrInOption = 6;
/// More connections than this that wait for room on the card are asked no more often than that.
constexpr std::size_t kFewStarved = 64;
constexpr Duration kStarvedInterval = std::chrono::milliseconds(1);

/// Where the timestamp echo lies in a TCP header that we wrote; 0 if it has none.
std::size_t tsecr_offset(std::span<const std::uint8_t> header) {
  std::size_t i = wire::kTcpMinHeaderBytes;
  while (i + 1 < header.size() && header[i] != wire::kTcpOptionEnd) {
    if (header[i] == wire::kTcpOptionTimestamps) return i + kTsecrInOption;
    i += header[i] == wire::kTcpOptionNop ? 1 : header[i + 1];
  }
  return 0;
}

}  // namespace

void TcpLayer::on_room(TimePoint now) {
  starved_turn_at_ = kNever;
  // Each has its turn when something of its own has left. For what else makes room, many need not be asked every time.
  if (starved_.size() > kFewStarved && now < starved_turn_ + kStarvedInterval) {
    starved_turn_at_ = starved_turn_ + kStarvedInterval;
    return;
  }
  starved_turn_ = now;
  for (const ConnectionId id : starved_) {
    Record* record = find(id);
    if (record == nullptr || !record->starved) continue;
    record->starved = false;
    make_ready(*record);
  }
  starved_.clear();
}

std::optional<Output> TcpLayer::poll_transmit(TimePoint now, Room& room) {
  while (true) {
    if (!closes_.empty()) {
      const Close close = closes_.front();
      closes_.pop_front();
      return close;
    }
    if (ready_.empty()) open_windows();
    if (ready_.empty() || !room.frame()) {
      arm_timers();
      return std::nullopt;
    }
    const Index index = index_of(ready_.front());
    ready_.pop_front();
    if (index == kNone) continue;
    Record& record = records_[index];
    record.is_ready = false;
    bool again = false;
    auto output = poll_record(now, room, record, again);
    if (output) record.card_told = false;
    take_events(now, record);
    disturb(index);
    // A turn each: with more to send it goes to the end of the queue.
    if (again) make_ready(record);
    if (!again) erase_if_over(index);
    if (output) return output;
  }
}

void TcpLayer::open_windows() {
  if (!receive_budget_ || receive_budget_->waiting() == 0 || receive_budget_->granted() == windows_seen_) return;
  windows_seen_ = receive_budget_->granted();
  for_each_record([this](Index index, Record& record) {
    if (!record.connection->waits_for_budget()) return;
    record.connection->update_window();
    make_ready(record);
    disturb(index);
  });
}

std::optional<Output> TcpLayer::poll_record(TimePoint now, Room& room, Record& record, bool& again) {
  const ConnectionId id = record.id;
  tcp::Connection& connection = *record.connection;
  if (record.card_knows && connection.snd_una() > record.released) {
    record.released = connection.snd_una();
    again = true;
    return Release{id, record.released};
  }
  if (record.holds()) return poll_held(now, record, again);

  // To ask for room is to be known to the card.
  const bool may_send = !connection.is_closed() && !connection.resting();
  if (may_send) record.card_told = false;
  const std::size_t payload_room = may_send ? room.payload(id) : 0;
  const auto transmit = connection.poll_transmit(now, payload_room);
  if (!transmit) {
    record.no_room = may_send && payload_room == 0;
    if (may_send && payload_room < network_.config().mtu && !record.starved) {
      record.starved = true;
      starved_.push_back(id);
    }
    return std::nullopt;
  }
  again = true;
  if (transmit->kind == tcp::TransmitKind::kRefresh) {
    if (!record.handed || record.handed->sends.empty()) return std::nullopt;
    return soft_state(id, *transmit);
  }
  if (!record.handed) record.handed = std::make_unique<Handed>();
  record.handed->held = transmit;
  return poll_held(now, record, again);
}

/// Sends what was polled, if it may go:
/// - What has sequence space but no payload (FIN, RST) takes the priority lane, and so must wait until all that is
///   before it has left. Once the connection is closed nothing is worth waiting for.
/// - Nothing goes without the neighbour's address.
std::optional<Output> TcpLayer::poll_held(TimePoint now, Record& record, bool& again) {
  Handed& handed = *record.handed;
  assert(handed.held);
  const ConnectionId id = record.id;
  const tcp::Transmit& transmit = *handed.held;
  const bool in_order = transmit.kind == tcp::TransmitKind::kSegment && transmit.payload_bytes == 0;
  again = false;
  if (in_order && !handed.sends.empty()) {
    if (!record.connection->is_closed()) return std::nullopt;  // on_sent() gives it another turn
    handed.sends.clear();
    if (record.card_knows) {
      record.card_knows = false;
      again = true;
      return Close{id};
    }
  }
  const auto mac = network_.lookup(now, record.hop);
  if (!mac) {
    if (!record.waits_for_neighbour) without_neighbour_.push_back(id);
    record.waits_for_neighbour = true;  // on_neighbour() gives it another turn
    return std::nullopt;
  }
  again = true;
  const tcp::Transmit going = transmit;
  handed.held.reset();
  if (going.payload_bytes == 0) {
    TxFrame frame = to_frame(*mac, record.tuple(), going);
    if (going.kind == tcp::TransmitKind::kSegment) frame.report = DepartureKey{id, going.tag};
    if (going.kind == tcp::TransmitKind::kPureAck) mark_ack(record, going, frame);
    return frame;
  }
  record.card_knows = true;
  handed.sends.push_back(going.tag);
  return to_send(record, *mac, going);
}

void TcpLayer::mark_ack(Record& record, const tcp::Transmit& transmit, TxFrame& frame) {
  frame.is_ack = true;
  frame.connection = record.id;
  frame.supersedes =
      record.has_acked && !transmit.rst() &&
      (transmit.ack > record.last_ack || (transmit.ack == record.last_ack && transmit.window > record.last_window));
  record.has_acked = true;
  record.last_ack = transmit.ack;
  record.last_window = transmit.window;
}

SoftState TcpLayer::soft_state(ConnectionId id, const tcp::Transmit& transmit) {
  SoftState state;
  state.connection = id;
  state.rcv_nxt = transmit.ack;
  state.window = transmit.window;
  if (transmit.options.timestamps) state.tsecr = transmit.options.timestamps->tsecr;
  return state;
}

TxFrame TcpLayer::to_frame(const MacAddress& mac, const Tuple& tuple, const tcp::Transmit& transmit) {
  IpHeader header = network_.header_of(tuple.local.address, tuple.remote.address, wire::kIpProtocolTcp);
  header.traffic_class |= static_cast<std::uint8_t>(transmit.dscp << 2);
  TxFrame frame = network_.make_frame(mac, header, tcp::header_bytes(transmit), wire::kTcpChecksum, true);
  tcp::write_header(transmit, {tuple.local.port, tuple.remote.port}, std::span(frame.bytes).subspan(frame.l4_offset));
  return frame;
}

TxSend TcpLayer::to_send(const Record& record, const MacAddress& mac, const tcp::Transmit& transmit) {
  const Tuple tuple = record.tuple();
  const bool ipv4 = tuple.remote.address.is_ipv4();
  const std::size_t l4_bytes = tcp::header_bytes(transmit);
  const std::size_t l4_offset = ip_headers_bytes(network_.interface(), ipv4);
  assert(l4_offset + l4_bytes <= kMaxTemplateBytes);
  assert(transmit.mss > 0);
  const std::uint32_t segments = (transmit.payload_bytes + transmit.mss - 1) / transmit.mss;
  IpHeader header = network_.header_of(tuple.local.address, tuple.remote.address, wire::kIpProtocolTcp);
  if (ipv4) header.id = network_.take_ip_ids(segments);
  header.traffic_class |= static_cast<std::uint8_t>(transmit.dscp << 2);
  if (transmit.ect) header.traffic_class |= static_cast<std::uint8_t>(tcp::EcnCodepoint::kEct0);
  TxSend send;
  send.key = {record.id, transmit.tag};
  send.seq = transmit.seq;
  send.payload_bytes = transmit.payload_bytes;
  send.mss = transmit.mss;
  send.ip_id = header.id;
  send.ipv6 = !ipv4;
  send.pacing_gap_ns = transmit.pacing_gap_ns;
  write_ip_headers(network_.interface(), mac, header, l4_bytes, send.header.data());
  const auto tcp_header = std::span(send.header).subspan(l4_offset, l4_bytes);
  tcp::write_header(transmit, {tuple.local.port, tuple.remote.port}, tcp_header);
  send.header_bytes = static_cast<std::uint8_t>(l4_offset + l4_bytes);
  send.l3_offset = static_cast<std::uint8_t>(network_.interface().link_header_bytes());
  send.l4_offset = static_cast<std::uint8_t>(l4_offset);
  if (const std::size_t echo = tsecr_offset(tcp_header)) {
    send.tsecr_offset = static_cast<std::uint8_t>(l4_offset + echo);
  }
  send.pseudo_sum = pseudo_header_sum(tuple.local.address, tuple.remote.address, wire::kIpProtocolTcp, 0);
  // A segment that is both first and last keeps them all.
  send.first_flags = static_cast<std::uint8_t>(transmit.flags_first & ~transmit.flags_last);
  send.last_flags = static_cast<std::uint8_t>(transmit.flags_last & ~transmit.flags_first);
  send.soft = soft_state(record.id, transmit);
  return send;
}

}  // namespace sockwire::stack
