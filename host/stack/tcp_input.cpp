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
  const Index index = index_of(tuple.local, tuple.remote);
  if (index == kNone) {
    to_listener(now, parsed->segment, tuple);
    return;
  }
  Record& record = records_[index];
  if (record.connection->may_be_replaced_by(parsed->segment)) {
    ++counters.tcp_time_wait_replaced;
    take_out_of_table(index);
    to_listener(now, parsed->segment, tuple);
    return;
  }
  const SeqNum una = record.connection->snd_una();
  record.connection->on_segment(now, parsed->segment);
  // What we sent has arrived, and so the next hop is there (RFC 4861 7.3.1, RFC 1122 2.3.2.1 (4)).
  if (record.connection->snd_una() != una) network_.confirm(now, record.hop);
  touch(now, index);
}

void TcpLayer::to_listener(TimePoint now, const tcp::Segment& segment, const Tuple& tuple) {
  const ListenerId listening = listener_at(tuple.local);
  if (listening == 0) {
    ++network_.counters().tcp_no_connection;
    if (const auto reset = tcp::reset_for(segment)) answer_with_reset(now, *reset, tuple);
    return;
  }
  auto answer = listeners_.at(listening).listener.on_segment(
      now, segment, tuple.local, tuple.remote, isns_.iss(tuple.local, tuple.remote, now),
      isns_.timestamp_offset(tuple.local, tuple.remote), own_mss(tuple.local.address.is_ipv4()));
  if (answer.reset) answer_with_reset(now, *answer.reset, tuple);
  if (answer.syn_ack) {
    ++network_.counters().tcp_cookies_out;
    network_.send(now, tuple.remote.address, to_frame(MacAddress(), tuple, *answer.syn_ack));
  }
  if (!answer.connection) return;
  // The SYN came from somewhere, but there may be no way back.
  const auto hop = network_.next_hop(tuple.remote.address);
  const Index index = add(std::move(answer.connection), hop.value_or(IpAddress()));
  records_[index].listener = listening;
  if (!hop) records_[index].connection->abort(now);
  touch(now, index);
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
  const Index index = index_of({error.original.source, load_be16(at + wire::kTcpSourcePort)},
                               {error.original.destination, load_be16(at + wire::kTcpDestinationPort)});
  if (index == kNone) {
    ++counters.icmp_errors_unmatched;
    return;
  }
  Record& record = records_[index];
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
  touch(now, index);
}

/// RFC 1191 6.2: it concerns every connection to that destination.
void TcpLayer::on_packet_too_big(TimePoint now, const IcmpError& error) {
  const IpAddress& destination = error.original.destination;
  if (network_.lower_path_mtu(now, destination, error.next_hop_mtu) == 0) return;
  for_each_record([&](Index index, Record& record) {
    if (record.remote().address != destination) return;
    apply_path_mtu(now, record);
    touch(now, index);
  });
}

void TcpLayer::on_sent(TimePoint now, const DepartureKey& key, TimePoint departed) {
  const Index index = index_of(key.connection);
  if (index == kNone) {
    ++network_.counters().departure_unknown;
    return;
  }
  Record& record = records_[index];
  if (record.handed) {
    // One that is skipped has left, too.
    std::vector<std::uint32_t>& sends = record.handed->sends;
    const auto waits = std::find_if(sends.begin(), sends.end(),
                                    [&key](std::uint32_t tag) { return static_cast<std::int32_t>(tag - key.tag) > 0; });
    sends.erase(sends.begin(), waits);
  }
  record.connection->on_sent(now, key.tag, departed);
  touch(now, index);
}

void TcpLayer::on_card_lost(TimePoint now) {
  for_each_record([&](Index index, Record& record) {
    if (record.handed) record.handed->sends.clear();
    record.card_knows = false;
    record.connection->on_card_lost(now);
    touch(now, index);
  });
}

void TcpLayer::on_neighbour(TimePoint now, const NeighbourOutcome& outcome) {
  std::vector<ConnectionId> waited;
  waited.swap(without_neighbour_);
  for (const ConnectionId id : waited) {
    const Index index = index_of(id);
    if (index == kNone || !records_[index].waits_for_neighbour) continue;
    Record& record = records_[index];
    if (record.hop != outcome.neighbour) {
      without_neighbour_.push_back(id);
      continue;
    }
    record.waits_for_neighbour = false;
    // What waited is lost, as it would be on the wire; the retransmission timer asks again.
    if (!outcome.found && record.holds()) {
      const tcp::Transmit& lost = *record.handed->held;
      if (lost.kind == tcp::TransmitKind::kSegment) record.connection->on_sent(now, lost.tag, now);
      record.handed->held.reset();
    }
    touch(now, index);
  }
  if (!outcome.found) on_no_neighbour(now, outcome.neighbour);
}

void TcpLayer::on_no_neighbour(TimePoint now, const IpAddress& neighbour) {
  for_each_record([&](Index index, Record& record) {
    if (record.hop != neighbour) return;
    record.unreachable = Unreachable::kNoNeighbour;
    record.connection->on_unreachable(now);
    touch(now, index);
  });
}

void TcpLayer::on_timeout(TimePoint now) {
  arm_timers();
  while (const auto due = timers_.pop_due(now)) {
    Record& record = records_[*due];
    if (record.connection->next_deadline() <= now) {
      record.connection->on_timeout(now);
      touch(now, *due);
      continue;
    }
    if (record.rest_at <= now) put_to_rest(now, record);
    timers_.arm(*due, deadline_of(record));
  }
}

}  // namespace sockwire::stack
