// SPDX-License-Identifier: Apache-2.0
#include "pair.hpp"

#include <algorithm>

namespace sockwire::tcp::test {

namespace {
/// Preamble, Ethernet header, FCS, gap, IPv4 and TCP header; options come on top.
constexpr std::size_t kOverheadBytes = 8 + 14 + 4 + 12 + 20 + 20;
constexpr std::size_t kMinWireBytes = 84;

Duration time_of(std::size_t bytes, double bits_per_second) {
  return Duration(static_cast<std::int64_t>(static_cast<double>(bytes) * 8e9 / bits_per_second));
}
}  // namespace

std::uint8_t pattern(int side, std::uint64_t offset) {
  std::uint64_t x = (offset >> 3) * 0x9e3779b97f4a7c15u + static_cast<std::uint64_t>(side + 1) * 0xbf58476d1ce4e5b9u;
  x ^= x >> 29;
  x *= 0x94d049bb133111ebu;
  return static_cast<std::uint8_t>(x >> (8 * (offset & 7)));
}

bool Side::has_event(Event event) const { return std::find(events.begin(), events.end(), event) != events.end(); }

void Pair::connect() {
  a().connection = Connection::connect(config_a, kLocalA, kLocalB, iss_a, now_);
  pump(0);
}

void Pair::connect_both() {
  a().connection = Connection::connect(config_a, kLocalA, kLocalB, iss_a, now_);
  b().connection = Connection::connect(config_b, kLocalB, kLocalA, iss_b, now_);
  pump(0);
  pump(1);
}

void Pair::establish() {
  connect();
  run_until([&] { return b().has_event(Event::kConnected); });
}

void Pair::after(Duration delay, std::function<void()> action) {
  agenda_.emplace(std::make_pair(now_ + delay, order_++), std::move(action));
}

bool Pair::step(TimePoint limit) {
  TimePoint next = agenda_.empty() ? kNever : agenda_.begin()->first.first;
  for (const Side& side : sides_) {
    if (side.connection) next = std::min(next, side.connection->next_deadline());
  }
  if (next == kNever || next > limit) return false;
  now_ = std::max(now_, next);
  if (!agenda_.empty() && agenda_.begin()->first.first <= now_) {
    const auto action = std::move(agenda_.begin()->second);
    agenda_.erase(agenda_.begin());
    action();
    return true;
  }
  for (int i = 0; i < 2; ++i) {
    if (!sides_[i].connection || sides_[i].connection->next_deadline() > now_) continue;
    sides_[i].connection->on_timeout(now_);
    pump(i);
  }
  return true;
}

bool Pair::run_for(Duration duration) {
  const TimePoint limit = now_ + duration;
  while (step(limit)) {
  }
  const bool idle = agenda_.empty();
  now_ = limit;
  return idle;
}

bool Pair::run_until(const std::function<bool()>& done, Duration limit) {
  const TimePoint end = now_ + limit;
  while (!done()) {
    if (!step(end)) return done();
  }
  return true;
}

void Pair::application(int index) {
  Side& side = sides_[index];
  Connection& connection = *side.connection;
  std::array<std::uint8_t, 16384> chunk;
  while (side.sent < side.to_send) {
    const std::size_t bytes = std::min<std::uint64_t>(chunk.size(), side.to_send - side.sent);
    for (std::size_t i = 0; i < bytes; ++i) chunk[i] = pattern(index, side.sent + i);
    const std::size_t accepted = connection.send(now_, {chunk.data(), bytes});
    side.sent += accepted;
    if (accepted < bytes) break;
  }
  if (side.close_when_sent && side.sent == side.to_send) connection.shutdown_write(now_);
  while (side.reading && connection.readable_bytes() > 0) {
    const std::size_t bytes = connection.recv(now_, chunk);
    for (std::size_t i = 0; i < bytes; ++i) side.mismatch |= chunk[i] != pattern(1 - index, side.received + i);
    side.received += bytes;
    sides_[1 - index].last_delivery = now_;
  }
  if (side.close_at_end && connection.end_of_stream() && side.sent == side.to_send) connection.close(now_);
}

void Pair::pump(int index) {
  Side& side = sides_[index];
  if (!side.connection) return;
  application(index);
  for (;;) {
    const std::size_t room = side.wire.card_room - std::min(side.wire.card_room, side.queued_bytes);
    const auto transmit = side.connection->poll_transmit(now_, room);
    if (!transmit) break;
    submit(index, *transmit);
  }
  while (const auto event = side.connection->poll_event()) side.events.push_back(*event);
}

void Pair::submit(int index, const Transmit& transmit) {
  Side& side = sides_[index];
  if (side.log_transmits) side.transmits.push_back(transmit);
  if (transmit.kind != TransmitKind::kPureAck) {
    side.slot_ack = transmit.ack;
    side.slot_window = transmit.window;
    side.slot_tsecr = transmit.options.timestamps ? transmit.options.timestamps->tsecr : 0;
  }
  if (transmit.kind == TransmitKind::kRefresh) return;
  Side::Entry entry{transmit, {}, 0};
  entry.bytes.resize(transmit.payload_bytes);
  if (side.connection->copy_payload(transmit.seq, entry.bytes) != transmit.payload_bytes) side.mismatch = true;
  if (transmit.kind == TransmitKind::kPureAck) {
    Packet packet;
    packet.segment.seq = transmit.seq;
    packet.segment.ack = transmit.ack;
    packet.segment.flags = transmit.flags();
    packet.segment.window = transmit.window;
    packet.segment.options = transmit.options;
    packet.pure_ack_lane = true;
    side.lane.push_back(std::move(packet));
  } else {
    side.queued_bytes += transmit.payload_bytes;
    side.slot.push_back(std::move(entry));
  }
  // Not from within the poll loop: what was polled departs when the host is done.
  after(Duration(0), [this, index] { wake_card(index); });
}

void Pair::wake_card(int index) {
  Side& side = sides_[index];
  if (side.transmitting) return;
  side.transmitting = true;
  start_transmission(index);
}

Packet Pair::cut_segment(Side& side, std::optional<std::uint32_t>& finished) {
  Packet packet;
  Side::Entry& entry = side.slot.front();
  const Transmit& t = entry.transmit;
  const std::size_t bytes = std::min<std::size_t>(t.mss, entry.bytes.size() - entry.cut);
  const bool first = entry.cut == 0;
  const bool last = entry.cut + bytes == entry.bytes.size();
  packet.segment.seq = t.seq + static_cast<std::uint32_t>(entry.cut);
  packet.segment.flags = static_cast<std::uint8_t>((t.flags_first & wire::kTcpAckFlag) | (first ? t.flags_first : 0) |
                                                   (last ? t.flags_last : 0));
  packet.segment.ack = side.wire.soft_state ? side.slot_ack : t.ack;
  packet.segment.window = side.wire.soft_state ? side.slot_window : t.window;
  packet.segment.options = t.options;
  packet.segment.ecn = t.ect ? EcnCodepoint::kEct0 : EcnCodepoint::kNotEct;
  if (t.syn() || t.rst()) {
    packet.segment.ack = t.ack;
    packet.segment.window = t.window;
  } else if (side.wire.soft_state && packet.segment.options.timestamps) {
    packet.segment.options.timestamps->tsecr = side.slot_tsecr;
  }
  const auto begin = entry.bytes.begin() + static_cast<std::ptrdiff_t>(entry.cut);
  packet.bytes.assign(begin, begin + static_cast<std::ptrdiff_t>(bytes));
  entry.cut += bytes;
  side.slot_next = now_ + Duration(t.pacing_gap_ns);
  if (last) {
    finished = t.tag;
    side.queued_bytes -= t.payload_bytes;
    side.slot.pop_front();
  }
  return packet;
}

void Pair::start_transmission(int index) {
  Side& side = sides_[index];
  Packet packet;
  std::optional<std::uint32_t> finished;
  if (!side.lane.empty()) {
    packet = std::move(side.lane.front());
    side.lane.pop_front();
  } else if (!side.slot.empty() && side.slot_next <= now_) {
    packet = cut_segment(side, finished);
  } else {
    side.transmitting = false;
    if (!side.slot.empty()) after(side.slot_next - now_, [this, index] { wake_card(index); });
    return;
  }
  packet.wire_bytes =
      std::max(kMinWireBytes, kOverheadBytes + encoded_options_bytes(packet.segment.options) + packet.bytes.size());
  Duration duration{0};
  if (side.wire.bits_per_second > 0) duration = time_of(packet.wire_bytes, side.wire.bits_per_second);
  after(duration, [this, index, packet = std::move(packet), finished]() mutable {
    put_on_wire(index, std::move(packet));
    if (finished) {
      sides_[index].connection->on_sent(now_, *finished, now_);
      pump(index);
    }
    start_transmission(index);
  });
}

/// How long it takes, or nothing if the queue has no room.
std::optional<Duration> Pair::pass_bottleneck(Side& side, Packet& packet) {
  if (side.wire.bottleneck_bits_per_second == 0) return Duration(0);
  const Duration wait = std::max(side.bottleneck_free - now_, Duration(0));
  const double queued = std::chrono::duration<double>(wait).count() * side.wire.bottleneck_bits_per_second / 8;
  if (queued + static_cast<double>(packet.wire_bytes) > static_cast<double>(side.wire.bottleneck_bytes)) {
    ++side.queue_drops;
    return std::nullopt;
  }
  const bool mark = side.wire.mark_bytes > 0 && queued > static_cast<double>(side.wire.mark_bytes);
  if (mark && packet.segment.ecn == EcnCodepoint::kEct0) packet.segment.ecn = EcnCodepoint::kCongestionExperienced;
  const Duration passed = wait + time_of(packet.wire_bytes, side.wire.bottleneck_bits_per_second);
  side.bottleneck_free = now_ + passed;
  return passed;
}

void Pair::put_on_wire(int index, Packet packet) {
  Side& side = sides_[index];
  packet.sent = now_;
  const std::uint64_t number = side.packets++;
  side.payload_bytes += packet.bytes.size();
  if (packet.bytes.empty() && packet.pure_ack_lane) ++side.pure_acks;
  if (side.tamper) side.tamper(packet);
  if (side.drop && side.drop(packet, number)) return;
  if (side.wire.loss > 0 && uniform() < side.wire.loss) return;
  const auto passed = pass_bottleneck(side, packet);
  if (!passed) return;
  const int copies = side.wire.duplicate > 0 && uniform() < side.wire.duplicate ? 2 : 1;
  for (int i = 0; i < copies; ++i) {
    const bool late = side.wire.reorder > 0 && uniform() < side.wire.reorder;
    after(*passed + side.wire.latency * (late ? 4 : 1), [this, index, packet] { deliver(1 - index, packet); });
  }
}

void Pair::deliver(int to, const Packet& packet) {
  Side& side = sides_[to];
  if (!side.connection) {
    if (!packet.segment.syn() || packet.segment.has_ack()) return;
    side.connection = Connection::accept(to == 0 ? config_a : config_b, to == 0 ? kLocalA : kLocalB,
                                         to == 0 ? kLocalB : kLocalA, to == 0 ? iss_a : iss_b, packet.view(), now_);
  } else {
    side.connection->on_segment(now_, packet.view());
  }
  pump(to);
}

void Pair::inject(int to, Segment segment, std::vector<std::uint8_t> payload) {
  Packet packet;
  packet.segment = segment;
  packet.bytes = std::move(payload);
  deliver(to, packet);
}

}  // namespace sockwire::tcp::test
