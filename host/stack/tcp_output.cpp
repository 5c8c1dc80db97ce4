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

void TcpLayer::on_room() {
  for (const ConnectionId id : starved_) {
    Record* record = find(id);
    if (record == nullptr || !record->starved) continue;
    record->starved = false;
    make_ready(id, *record);
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
    if (ready_.empty() || !room.frame()) return std::nullopt;
    const ConnectionId id = ready_.front();
    ready_.pop_front();
    Record* record = find(id);
    if (record == nullptr) continue;
    record->is_ready = false;
    bool again = false;
    auto output = poll_record(now, room, id, *record, again);
    take_events(now, id, *record);
    timers_.arm(id, record->connection->next_deadline(), record->armed);
    // A turn each: with more to send it goes to the end of the queue.
    if (again) make_ready(id, *record);
    if (!again) erase_if_over(id);
    if (output) return output;
  }
}

std::optional<Output> TcpLayer::poll_record(TimePoint now, Room& room, ConnectionId id, Record& record, bool& again) {
  tcp::Connection& connection = *record.connection;
  if (record.card_knows && connection.snd_una() > record.released) {
    record.released = connection.snd_una();
    again = true;
    return Release{id, record.released};
  }
  if (record.held) return poll_held(now, id, record, again);

  const std::size_t payload_room = room.payload(id);
  const auto transmit = connection.poll_transmit(now, payload_room);
  if (!transmit) {
    if (payload_room < network_.config().mtu && !record.starved) {
      record.starved = true;
      starved_.push_back(id);
    }
    return std::nullopt;
  }
  again = true;
  if (transmit->kind == tcp::TransmitKind::kRefresh) {
    if (record.sends.empty()) return std::nullopt;
    return soft_state(id, *transmit);
  }
  record.held = transmit;
  return poll_held(now, id, record, again);
}

/// Sends what was polled, if it may go:
/// - What has sequence space but no payload (FIN, RST) takes the priority lane, and so must wait until all that is
///   before it has left. Once the connection is closed nothing is worth waiting for.
/// - Nothing goes without the neighbour's address.
std::optional<Output> TcpLayer::poll_held(TimePoint now, ConnectionId id, Record& record, bool& again) {
  assert(record.held);
  const tcp::Transmit& transmit = *record.held;
  const bool in_order = transmit.kind == tcp::TransmitKind::kSegment && transmit.payload_bytes == 0;
  again = false;
  if (in_order && !record.sends.empty()) {
    if (!record.connection->is_closed()) return std::nullopt;  // on_sent() gives it another turn
    record.sends.clear();
    if (record.card_knows) {
      record.card_knows = false;
      again = true;
      return Close{id};
    }
  }
  const auto mac = network_.lookup(now, record.hop);
  if (!mac) {
    record.waits_for_neighbour = true;  // on_neighbour() gives it another turn
    return std::nullopt;
  }
  again = true;
  const tcp::Transmit going = transmit;
  record.held.reset();
  if (going.payload_bytes == 0) {
    TxFrame frame = to_frame(*mac, record.tuple, going);
    if (going.kind == tcp::TransmitKind::kSegment) frame.report = DepartureKey{id, going.tag};
    if (going.kind == tcp::TransmitKind::kPureAck) mark_ack(id, record, going, frame);
    return frame;
  }
  record.card_knows = true;
  record.sends.push_back(going.tag);
  return to_send(id, record, *mac, going);
}

void TcpLayer::mark_ack(ConnectionId id, Record& record, const tcp::Transmit& transmit, TxFrame& frame) {
  frame.is_ack = true;
  frame.connection = id;
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

TxSend TcpLayer::to_send(ConnectionId id, Record& record, const MacAddress& mac, const tcp::Transmit& transmit) {
  const Tuple& tuple = record.tuple;
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
  send.key = {id, transmit.tag};
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
  send.soft = soft_state(id, transmit);
  return send;
}

}  // namespace sockwire::stack
