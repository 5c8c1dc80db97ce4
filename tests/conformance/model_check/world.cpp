// SPDX-License-Identifier: Apache-2.0
#include "world.hpp"

#include <algorithm>
#include <array>
#include <sstream>

namespace sockwire::tcp::model {

namespace {

constexpr std::array<Endpoint, 2> kEnds{Endpoint{IpAddress::from_ipv4(0x0a000001), 40000},
                                        Endpoint{IpAddress::from_ipv4(0x0a000002), 80}};
constexpr unsigned kMaxWriteBytes = 64;
constexpr std::array<std::uint32_t, 2> kIss{1000, 0xffffffffu};  // the second wraps with its first byte

std::uint64_t mix(std::uint64_t hash, std::uint64_t value) {
  hash ^= value + 0x9e3779b97f4a7c15u + (hash << 12) + (hash >> 4);
  hash *= 0xbf58476d1ce4e5b9u;
  return hash ^ (hash >> 31);
}

/// Byte `offset` of the stream of `side`.
std::uint8_t pattern(int side, unsigned offset) { return static_cast<std::uint8_t>(0x41 + 32 * side + offset); }

std::uint64_t hash_of(const Segment& segment, const std::vector<std::uint8_t>& bytes) {
  std::uint64_t hash = mix(segment.seq.value(), segment.ack.value());
  hash = mix(hash, segment.flags | std::uint64_t{segment.window} << 8);
  const Options& options = segment.options;
  hash = mix(hash, options.mss.value_or(0) | std::uint64_t{options.window_scale.value_or(255)} << 16);
  if (options.timestamps)
    hash = mix(hash, options.timestamps->tsval + (std::uint64_t{options.timestamps->tsecr} << 32));
  for (const std::uint8_t byte : bytes) hash = mix(hash, byte);
  return hash;
}

std::string text_of(const Segment& segment) {
  std::ostringstream text;
  text << (segment.syn() ? "S" : "") << (segment.fin() ? "F" : "") << (segment.rst() ? "R" : "")
       << (segment.has_ack() ? "." : "") << " seq " << segment.seq.value() << " len " << segment.payload.size()
       << " ack " << segment.ack.value() << " win " << segment.window;
  return text.str();
}

}  // namespace

World::World(const Scenario& scenario)
    : scenario_(scenario),
      losses_(scenario.losses),
      duplicates_(scenario.duplicates),
      early_timers_(scenario.early_timers),
      slow_reads_(scenario.slow_reads) {
  config_.nodelay = true;
  config_.send_buffer_bytes = 64;
  config_.receive_buffer_bytes = scenario.receive_buffer_bytes;
  for (int i = 0; i < 2; ++i) sides_[i].history = static_cast<std::uint64_t>(i);
  open(0, nullptr);
  if (scenario.simultaneous) open(1, nullptr);
}

void World::open(int index, const Segment* syn) {
  Side& side = sides_[index];
  const SeqNum iss(kIss[index] + side.incarnations * 100000);
  ++side.incarnations;
  side.connection = syn != nullptr ? Connection::accept(config_, kEnds[index], kEnds[1 - index], iss, *syn, now_)
                                   : Connection::connect(config_, kEnds[index], kEnds[1 - index], iss, now_);
  settle(index);
}

bool World::application_can_act(int index) const {
  const Side& side = sides_[index];
  const Application& application = scenario_.application[index];
  if (!side.connection || side.incarnations > 1 || side.closed || side.broken_off) return false;
  if (side.sent < application.bytes) return side.connection->send_space() > 0;
  if (side.write_ended || application.ending == Ending::kAfterPeer) return side.stream_ended;
  // close() in SYN-SENT only forgets the attempt (RFC 9293 3.10.4); the peer's reset is then as it should be.
  return application.ending != Ending::kClose || side.connection->state() != State::kSynSent;
}

bool World::can_read(int index) const {
  return scenario_.reads_are_steps && sides_[index].connection && sides_[index].connection->readable_bytes() > 0;
}

const unsigned* World::price_of_a_timer() const {
  for (int i = 0; i < 2; ++i) {
    if (!sides_[i].arriving.empty() || application_can_act(i)) return &early_timers_;
  }
  return can_read(0) || can_read(1) ? &slow_reads_ : nullptr;
}

void World::list_choices(std::vector<Choice>& choices) const {
  choices.clear();
  for (std::uint8_t i = 0; i < 2; ++i) {
    if (application_can_act(i)) choices.push_back({Act::kApplication, i});
    if (can_read(i)) choices.push_back({Act::kRead, i});
  }
  for (std::uint8_t i = 0; i < 2; ++i) {
    const auto& arriving = sides_[i].arriving;
    for (std::uint8_t k = 0; k < arriving.size(); ++k) {
      const auto same = [&](const InFlight& other) { return other.hash == arriving[k].hash; };
      if (std::any_of(arriving.begin(), arriving.begin() + k, same)) continue;
      choices.push_back({Act::kDeliver, i, k});
      if (duplicates_ > 0) choices.push_back({Act::kDuplicate, i, k});
      if (losses_ > 0) choices.push_back({Act::kLose, i, k});
    }
  }
  const unsigned* budget = price_of_a_timer();
  if (budget != nullptr && *budget == 0) return;
  std::array<TimePoint, 2> deadlines{kNever, kNever};
  for (int i = 0; i < 2; ++i) {
    if (sides_[i].connection) deadlines[i] = sides_[i].connection->next_deadline();
  }
  const TimePoint earliest = std::min(deadlines[0], deadlines[1]);
  for (std::uint8_t i = 0; i < 2; ++i) {
    if (earliest != kNever && deadlines[i] == earliest) choices.push_back({Act::kTimer, i});
  }
}

void World::apply(const Choice& choice) {
  Side& side = sides_[choice.side];
  switch (choice.act) {
    case Act::kApplication:
      act(choice.side);
      break;
    case Act::kRead:
      note(choice.side, 1);
      read(choice.side);
      break;
    case Act::kDeliver:
    case Act::kDuplicate: {
      const InFlight flight = side.arriving[choice.index];
      if (choice.act == Act::kDuplicate) {
        --duplicates_;
      } else {
        side.arriving.erase(side.arriving.begin() + choice.index);
      }
      arrive(choice.side, flight);
      break;
    }
    case Act::kLose:
      --losses_;
      side.arriving.erase(side.arriving.begin() + choice.index);
      return;
    case Act::kTimer:
      if (const unsigned* budget = price_of_a_timer()) --(budget == &early_timers_ ? early_timers_ : slow_reads_);
      now_ = std::max(now_, side.connection->next_deadline());
      note(choice.side, 2);
      side.connection->on_timeout(now_);
      break;
  }
  settle(choice.side);
}

void World::act(int index) {
  Side& side = sides_[index];
  note(index, 3);
  const Application& application = scenario_.application[index];
  if (side.sent < application.bytes) {
    std::array<std::uint8_t, kMaxWriteBytes> bytes;
    const unsigned count = std::min(application.write_bytes, application.bytes - side.sent);
    for (unsigned i = 0; i < count; ++i) bytes[i] = pattern(index, side.sent + i);
    side.sent += static_cast<unsigned>(side.connection->send(now_, {bytes.data(), count}));
  } else if (application.ending == Ending::kHalfClose && !side.write_ended) {
    side.write_ended = true;
    side.connection->shutdown_write(now_);
  } else {
    side.write_ended = side.closed = true;
    side.connection->close(now_);
  }
}

void World::read(int index) {
  Side& side = sides_[index];
  std::array<std::uint8_t, 16> bytes;
  while (const std::size_t count = side.connection->recv(now_, bytes)) {
    if (side.stream_ended) violate(index, "data after the end of the stream");
    for (std::size_t i = 0; i < count; ++i) {
      if (bytes[i] != pattern(1 - index, side.received++)) violate(index, "a wrong byte");
    }
    if (side.received > sides_[1 - index].sent) violate(index, "a byte that was never sent");
  }
}

void World::arrive(int index, const InFlight& flight) {
  Side& side = sides_[index];
  Segment segment = flight.segment;
  segment.payload = flight.bytes;
  note(index, flight.hash);
  if (side.connection && !side.connection->is_closed()) {
    side.connection->on_segment(now_, segment);
    return;
  }
  const bool listens = index == 1 && !scenario_.simultaneous && (side.incarnations == 0 || scenario_.listener_stays);
  if (listens && segment.syn() && !segment.has_ack() && !segment.rst()) {
    open(index, &segment);
  } else if (const auto reset = reset_for(segment)) {
    put_on_wire(index, *reset);
  }
}

void World::settle(int index) {
  Side& side = sides_[index];
  if (!side.connection) return;
  if (!scenario_.reads_are_steps) read(index);
  while (const auto transmit = side.connection->poll_transmit(now_)) {
    put_on_wire(index, *transmit);
    if (transmit->kind == TransmitKind::kSegment) side.connection->on_sent(now_, transmit->tag, now_);
  }
  while (const auto event = side.connection->poll_event()) take_event(index, *event);
  check(index);
}

void World::put_on_wire(int from, const Transmit& transmit) {
  if (transmit.kind == TransmitKind::kRefresh) return;
  InFlight flight;
  flight.segment.seq = transmit.seq;
  flight.segment.ack = transmit.ack;
  flight.segment.flags = transmit.flags();
  flight.segment.window = transmit.window;
  flight.segment.options = transmit.options;
  if (transmit.payload_bytes > 0) {
    flight.bytes.resize(transmit.payload_bytes);
    const std::size_t there = sides_[from].connection->copy_payload(transmit.seq, flight.bytes);
    if (there != transmit.payload_bytes) violate(from, "a segment whose payload is gone");
  }
  flight.hash = hash_of(flight.segment, flight.bytes);
  sides_[1 - from].arriving.push_back(std::move(flight));
}

void World::note(int index, std::uint64_t input) {
  std::uint64_t& history = sides_[index].history;
  history = mix(mix(history, input), static_cast<std::uint64_t>(now_.time_since_epoch().count()));
}

void World::take_event(int index, Event event) {
  Side& side = sides_[index];
  switch (event) {
    case Event::kConnected:
      if (side.incarnations > 1) violate(index, "an old SYN made a connection");
      break;
    case Event::kReset:
    case Event::kRefused:
    case Event::kTimedOut:
    case Event::kUnreachable:
      side.broken_off = true;
      if (side.incarnations == 1 && !scenario_.resets_allowed)
        violate(index, event == Event::kTimedOut ? "timed out" : "reset");
      break;
    default:
      break;
  }
}

void World::check(int index) {
  Side& side = sides_[index];
  const Side& peer = sides_[1 - index];
  if (side.incarnations > 1) return;
  const Connection& connection = *side.connection;
  if (!side.stream_ended && connection.end_of_stream() && !side.broken_off) {
    side.stream_ended = true;
    const bool nobody_reads = side.closed && scenario_.application[index].ending == Ending::kClose;
    if (!nobody_reads && (!peer.write_ended || side.received != peer.sent))
      violate(index, "the stream ended too early");
  }
  if (!peer.connection || peer.incarnations > 1 || connection.state() == State::kSynSent) return;
  if (peer.connection->state() == State::kSynSent) return;
  if (connection.snd_una() > peer.connection->rcv_nxt()) violate(index, "acknowledged what did not arrive");
  if (connection.rcv_nxt() > peer.connection->snd_nxt()) violate(index, "received what was not sent");
}

void World::check_end() {
  for (int i = 0; i < 2; ++i) {
    const Side& side = sides_[i];
    if (!side.connection) {
      violate(i, "never opened");
    } else if (!side.connection->is_closed()) {
      violate(i, "deadlock in " + std::string(to_string(side.connection->state())));
    } else if (side.incarnations == 1 && !side.broken_off && (!side.closed || side.received != sides_[1 - i].sent)) {
      violate(i, "closed before all was done");
    }
  }
}

void World::violate(int index, const std::string& rule) {
  if (violation_.empty()) violation_ = "side " + std::to_string(index) + ": " + rule;
}

std::uint64_t World::past_of(const Side& side) {
  if (!side.connection || !side.connection->is_closed() || !side.closed) return side.history;
  // A connection that is gone remembers nothing: how it came to its end makes no difference any more.
  const Connection& gone = *side.connection;
  const std::uint64_t ends = gone.rcv_nxt().value() | std::uint64_t{gone.snd_una().value()} << 32;
  return mix(mix(side.incarnations, ends), side.received | std::uint64_t{side.broken_off} << 32);
}

std::uint64_t World::fingerprint() const {
  std::uint64_t hash = mix(losses_ | duplicates_ << 8 | early_timers_ << 16 | slow_reads_ << 24,
                           static_cast<std::uint64_t>(now_.time_since_epoch().count()));
  for (const Side& side : sides_) {
    hash = mix(hash, past_of(side));
    // A set: the channel keeps no order.
    std::uint64_t sum = 0;
    for (const InFlight& flight : side.arriving) sum += mix(1, flight.hash);
    hash = mix(hash, sum);
  }
  return hash;
}

std::string World::describe(const Choice& choice) const {
  const Side& side = sides_[choice.side];
  std::ostringstream text;
  const auto state = side.connection ? to_string(side.connection->state()) : std::string_view("none");
  text << static_cast<double>(now_.time_since_epoch().count()) / 1e9 << " s, side " << int{choice.side} << " (" << state
       << "): ";
  switch (choice.act) {
    case Act::kApplication:
      text << (side.sent < scenario_.application[choice.side].bytes ? "sends a byte" : "ends its stream");
      break;
    case Act::kRead:
      text << "reads";
      break;
    case Act::kTimer:
      text << "timer";
      break;
    default: {
      const InFlight& flight = side.arriving[choice.index];
      Segment segment = flight.segment;
      segment.payload = flight.bytes;
      text << (choice.act == Act::kDeliver ? "gets "
               : choice.act == Act::kLose  ? "loses "
                                           : "gets a copy of ")
           << text_of(segment);
    }
  }
  return text.str();
}

}  // namespace sockwire::tcp::model
