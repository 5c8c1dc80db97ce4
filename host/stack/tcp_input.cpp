// SPDX-License-Identifier: Apache-2.0
// TCP: what the network brings.
#include <algorithm>

#include "hls/wire/tcp.hpp"
#include "host/base/byte_order.hpp"
#include "host/stack/tcp_layer.hpp"

namespace sockwire::stack {

Unreachable reason_of(IcmpErrorKind kind) {
  switch (kind) {
    case IcmpErrorKind::kNetwork:
      return Unreachable::kNetwork;
    case IcmpErrorKind::kHost:
      return Unreachable::kHost;
    case IcmpErrorKind::kProtocol:
      return Unreachable::kProtocol;
    case IcmpErrorKind::kPort:
      return Unreachable::kPort;
    default:
      return Unreachable::kOther;
  }
}

void TcpLayer::on_segment(TimePoint now, const IpPacket& packet) {
  Counters& counters = network_.counters();
  auto parsed = tcp::parse_header(packet.payload);
  if (!parsed) {
    ++counters.tcp_malformed;
    return;
  }
  parsed->segment.ecn = static_cast<tcp::EcnCodepoint>(packet.traffic_class & 3);
  const Tuple tuple{{packet.destination, parsed->ports.destination}, {packet.source, parsed->ports.source}};
  const auto found = table_.find(tuple);
  if (found == table_.end()) {
    to_listener(now, parsed->segment, tuple);
    return;
  }
  const ConnectionId id = found->second;
  Record& record = *find(id);
  if (record.connection->may_be_replaced_by(parsed->segment)) {
    ++counters.tcp_time_wait_replaced;
    table_.erase(found);
    record.in_table = false;
    to_listener(now, parsed->segment, tuple);
    return;
  }
  const SeqNum una = record.connection->snd_una();
  record.connection->on_segment(now, parsed->segment);
  // What we sent has arrived, and so the next hop is there (RFC 4861 7.3.1, RFC 1122 2.3.2.1 (4)).
  if (record.connection->snd_una() != una) network_.confirm(now, record.hop);
  touch(now, id, record);
}

void TcpLayer::to_listener(TimePoint now, const tcp::Segment& segment, const Tuple& tuple) {
  const auto listening = listener_at(tuple.local);
  if (listening == listeners_.end()) {
    ++network_.counters().tcp_no_connection;
    if (const auto reset = tcp::reset_for(segment)) answer_with_reset(now, *reset, tuple);
    return;
  }
  auto answer = listening->second.listener.on_segment(
      now, segment, tuple.local, tuple.remote, isns_.iss(tuple.local, tuple.remote, now),
      isns_.timestamp_offset(tuple.local, tuple.remote), own_mss(tuple.local.address.is_ipv4()));
  if (answer.reset) answer_with_reset(now, *answer.reset, tuple);
  if (!answer.connection) return;
  // The SYN came from somewhere, but there may be no way back.
  const auto hop = network_.next_hop(tuple.remote.address);
  const ConnectionId id = add(std::move(answer.connection), tuple, hop.value_or(IpAddress()));
  Record& record = *find(id);
  record.listener = listening->first;
  if (!hop) record.connection->abort(now);
  touch(now, id, record);
}

void TcpLayer::answer_with_reset(TimePoint now, const tcp::Transmit& reset, const Tuple& tuple) {
  ++network_.counters().tcp_resets_out;
  TxFrame frame = to_frame(MacAddress(), tuple, reset);
  frame.is_ack = true;
  network_.send(now, tuple.remote.address, std::move(frame));
}

void TcpLayer::on_icmp_error(TimePoint now, const IcmpError& error) {
  Counters& counters = network_.counters();
  const std::uint8_t* at = error.original.payload.data();
  const Tuple tuple{{error.original.source, load_be16(at + wire::kTcpSourcePort)},
                    {error.original.destination, load_be16(at + wire::kTcpDestinationPort)}};
  const auto found = table_.find(tuple);
  if (found == table_.end()) {
    ++counters.icmp_errors_unmatched;
    return;
  }
  const ConnectionId id = found->second;
  Record& record = *find(id);
  // RFC 5927 4.1: who does not know what is in flight did not see our packet.
  const SeqNum seq(load_be32(at + wire::kTcpSequence));
  if (seq < record.connection->snd_una() || seq >= record.connection->snd_nxt()) {
    ++counters.tcp_icmp_unproved;
    return;
  }
  ++counters.icmp_errors_in;
  if (error.kind == IcmpErrorKind::kPacketTooBig) {
    on_packet_too_big(now, error);
    return;
  }
  // RFC 9293 3.9.2.2: a soft one only says why, should the connection time out.
  record.unreachable = reason_of(error.kind);
  if (is_hard(error.kind)) {
    record.connection->on_unreachable(now);
  } else {
    record.connection->on_soft_error(now);
  }
  touch(now, id, record);
}

/// RFC 1191 6.2: it concerns every connection to that destination.
void TcpLayer::on_packet_too_big(TimePoint now, const IcmpError& error) {
  const IpAddress& destination = error.original.destination;
  if (network_.lower_path_mtu(now, destination, error.next_hop_mtu) == 0) return;
  for (auto& [id, record] : records_) {
    if (record.tuple.remote.address != destination) continue;
    apply_path_mtu(now, record);
    touch(now, id, record);
  }
}

void TcpLayer::on_sent(TimePoint now, const DepartureKey& key, TimePoint departed) {
  Record* record = find(key.connection);
  if (record == nullptr) {
    ++network_.counters().departure_unknown;
    return;
  }
  // One that is skipped has left, too.
  while (!record->sends.empty() && static_cast<std::int32_t>(record->sends.front() - key.tag) <= 0) {
    record->sends.pop_front();
  }
  record->connection->on_sent(now, key.tag, departed);
  touch(now, key.connection, *record);
}

void TcpLayer::on_card_lost(TimePoint now) {
  for (auto& [id, record] : records_) {
    record.sends.clear();
    record.card_knows = false;
    record.connection->on_card_lost(now);
    touch(now, id, record);
  }
}

void TcpLayer::on_neighbour(TimePoint now, const NeighbourOutcome& outcome) {
  for (auto& [id, record] : records_) {
    if (record.hop != outcome.neighbour) continue;
    if (!outcome.found) {
      // What waited is lost, as it would be on the wire; the retransmission timer asks again.
      if (record.waits_for_neighbour && record.held) {
        if (record.held->kind == tcp::TransmitKind::kSegment) record.connection->on_sent(now, record.held->tag, now);
        record.held.reset();
      }
      record.unreachable = Unreachable::kNoNeighbour;
      record.connection->on_unreachable(now);
    }
    record.waits_for_neighbour = false;
    touch(now, id, record);
  }
}

void TcpLayer::on_timeout(TimePoint now) {
  TimerQueue::Due due;
  while (timers_.pop_due(now, due)) {
    Record* record = find(due.id);
    if (record == nullptr || record->armed != due.deadline) continue;
    record->armed = kNever;
    if (record->connection->next_deadline() <= now) {
      record->connection->on_timeout(now);
      touch(now, due.id, *record);
    } else {
      timers_.arm(due.id, record->connection->next_deadline(), record->armed);
    }
  }
}

}  // namespace sockwire::stack
