// SPDX-License-Identifier: Apache-2.0
// TCP: what the network brings.
#include <algorithm>

#include "hls/wire/icmp.hpp"
#include "hls/wire/tcp.hpp"
#include "host/base/byte_order.hpp"
#include "host/stack/tcp_layer.hpp"

namespace sockwire::stack {

namespace {

/// A smaller MTU than this is not believed (an attacker's, or a misconfiguration); what a router means that does not
/// say how much it takes (RFC 1191 5) is taken to be this, too.
constexpr std::uint16_t kMinPathMtu = 552;

}  // namespace

Unreachable reason_of(const IcmpError& error) {
  if (error.type != wire::kIcmpDestinationUnreachable) return Unreachable::kOther;
  switch (error.code) {
    case wire::kIcmpNetUnreachable:
      return Unreachable::kNetwork;
    case wire::kIcmpHostUnreachable:
      return Unreachable::kHost;
    case wire::kIcmpProtocolUnreachable:
      return Unreachable::kProtocol;
    case wire::kIcmpPortUnreachable:
      return Unreachable::kPort;
    default:
      return Unreachable::kOther;
  }
}

void TcpLayer::on_segment(TimePoint now, const Ipv4Packet& packet) {
  Counters& counters = network_.counters();
  const auto parsed = tcp::parse_header(packet.payload);
  if (!parsed) {
    ++counters.tcp_malformed;
    return;
  }
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
  record.connection->on_segment(now, parsed->segment);
  touch(id, record);
}

void TcpLayer::to_listener(TimePoint now, const tcp::Segment& segment, const Tuple& tuple) {
  const auto listening = std::find_if(listeners_.begin(), listeners_.end(), [&](const auto& item) {
    return item.second.listener.local().port == tuple.local.port;
  });
  if (listening == listeners_.end()) {
    ++network_.counters().tcp_no_connection;
    if (const auto reset = tcp::reset_for(segment)) answer_with_reset(now, *reset, tuple);
    return;
  }
  auto answer = listening->second.listener.on_segment(now, segment, tuple.local, tuple.remote,
                                                      isns_.iss(tuple.local, tuple.remote, now),
                                                      isns_.timestamp_offset(tuple.local, tuple.remote));
  if (answer.reset) answer_with_reset(now, *answer.reset, tuple);
  if (!answer.connection) return;
  // The SYN came from somewhere, but there may be no way back.
  const auto hop = network_.next_hop(Ipv4Address(tuple.remote.address));
  const ConnectionId id = add(std::move(answer.connection), tuple, hop.value_or(Ipv4Address()));
  Record& record = *find(id);
  record.listener = listening->first;
  if (!hop) record.connection->abort(now);
  touch(id, record);
}

void TcpLayer::answer_with_reset(TimePoint now, const tcp::Transmit& reset, const Tuple& tuple) {
  ++network_.counters().tcp_resets_out;
  TxFrame frame = to_frame(MacAddress(), tuple, reset);
  frame.is_ack = true;
  network_.send(now, Ipv4Address(tuple.remote.address), std::move(frame));
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
  if (error.type == wire::kIcmpDestinationUnreachable && error.code == wire::kIcmpFragmentationNeeded) {
    const std::uint16_t mtu = std::max(error.next_hop_mtu, kMinPathMtu);
    if (mtu < network_.config().mtu) {
      ++counters.path_mtu_lowered;
      record.connection->on_path_mss(now, static_cast<std::uint16_t>(mtu - 40));
    }
  } else {
    record.unreachable = reason_of(error);
    record.connection->on_unreachable(now);
  }
  touch(id, record);
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
  touch(key.connection, *record);
}

void TcpLayer::on_card_lost(TimePoint now) {
  for (auto& [id, record] : records_) {
    record.sends.clear();
    record.card_knows = false;
    record.connection->on_card_lost(now);
    touch(id, record);
  }
}

void TcpLayer::on_neighbour(TimePoint now, const ArpCache::Outcome& outcome) {
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
    touch(id, record);
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
      touch(due.id, *record);
    } else {
      timers_.arm(due.id, record->connection->next_deadline(), record->armed);
    }
  }
}

}  // namespace sockwire::stack
