// SPDX-License-Identifier: Apache-2.0
#include "host/card/driver.hpp"

#include <cstdio>
#include <deque>

#include "host/card/message.hpp"
#include "host/card/priority_lane.hpp"
#include "host/card/register_access.hpp"
#include "host/card/send_path.hpp"
#include "host/card/time_map.hpp"

namespace sockwire::card {

struct Driver::Impl {
  enum class Phase : std::uint8_t { kStopped, kHello, kReady, kFailed };

  Impl(PayloadSource& payload_source, const DriverConfig& driver_config)
      : config(driver_config),
        lane(config, counters, notices),
        registers(counters, notices),
        send_path(payload_source, config, counters, notices),
        time_map(config.own_clock) {}

  TimePoint time_of(TimePoint now, std::span<const std::uint8_t> message);
  void on_hello(std::span<const std::uint8_t> message);
  void on_sent(TimePoint now, std::span<const std::uint8_t> message);
  void on_receive(TimePoint now, std::span<const std::uint8_t> message);
  void fail(std::string text);
  void lose(TimePoint now);

  DriverConfig config;
  DriverCounters counters;
  std::deque<Notice> notices;
  PriorityLane lane;
  RegisterAccess registers;
  SendPath send_path;
  TimeMap time_map;

  Phase phase = Phase::kStopped;
  std::uint8_t epoch = 0;
  bool hello_due = false;
  // poll_command() has found nothing, and unless something is called there is nothing before this time. (Time alone may
  // free a slot.)
  TimePoint quiet_until{};
  unsigned hellos = 0;
  TimePoint hello_deadline = kNever;
  bool known = false;  // info is valid.
  CardInfo info;
};

namespace {

constexpr Duration kQuietTime = std::chrono::milliseconds(1);

}  // namespace

TimePoint Driver::Impl::time_of(TimePoint now, std::span<const std::uint8_t> message) {
  return time_map.to_host(now, load(message, event::kTime, event::kTimeBytes));
}

void Driver::Impl::fail(std::string text) {
  phase = Phase::kFailed;
  hello_due = false;
  hello_deadline = kNever;
  notices.push_back(Failed{std::move(text)});
}

void Driver::Impl::lose(TimePoint now) {
  ++counters.card_losses;
  lane.lose(now);
  registers.lose();
  send_path.lose();
}

void Driver::Impl::on_hello(std::span<const std::uint8_t> message) {
  if (phase != Phase::kHello) {  // A second answer to a HELLO that was repeated.
    ++counters.events_unexpected;
    return;
  }
  const auto body = message.subspan(kHeaderBytes);
  if (body.size() < static_cast<std::size_t>(hello::kBytes)) {
    ++counters.events_malformed;
    return;
  }
  const auto get = [&body](int offset, int bytes) { return static_cast<std::uint32_t>(load(body, offset, bytes)); };
  CardInfo card;
  card.boot_id = get(hello::kBootId, hello::kBootIdBytes);
  card.layout_hash = get(hello::kLayoutHash, hello::kLayoutHashBytes);
  card.send_buffer_bytes = get(hello::kSendBufferBytes, hello::kSendBufferBytesBytes);
  card.payload_window_bytes = get(hello::kPayloadWindow, hello::kPayloadWindowBytes);
  card.bytes_per_beat = get(hello::kBytesPerBeat, hello::kBytesPerBeatBytes);
  card.slots = get(hello::kSlotCount, hello::kSlotCountBytes);
  card.queue_depth = get(hello::kQueueDepth, hello::kQueueDepthBytes);
  card.control_credits = get(hello::kControlCredits, hello::kControlCreditsBytes);
  card.ack_credits = get(hello::kAckCredits, hello::kAckCreditsBytes);
  card.capabilities = static_cast<std::uint8_t>(get(hello::kCapabilities, hello::kCapabilitiesBytes));
  card.frame_bytes = get(hello::kFrameBytes, hello::kFrameBytesBytes);
  if (card.layout_hash != layout_hash()) {
    char text[160];
    std::snprintf(text, sizeof text,
                  "the card speaks another version of the contract (layout %08x, this program's is %08x): load the "
                  "bitstream that was built with this program",
                  static_cast<unsigned>(card.layout_hash), static_cast<unsigned>(layout_hash()));
    fail(text);
    return;
  }
  if (card.slots == 0 || card.queue_depth == 0 || card.control_credits == 0 || card.ack_credits == 0 ||
      card.payload_window_bytes < 1024 || card.send_buffer_bytes < static_cast<std::uint32_t>(kSlots) << kRingLog2Min) {
    fail("the card says that it has no room to send from: reset it");
    return;
  }
  const bool same_boot = known && info.boot_id == card.boot_id;
  info = card;
  known = true;
  phase = Phase::kReady;
  hello_due = false;
  hello_deadline = kNever;
  lane.start(card.control_credits, card.ack_credits);
  registers.start(same_boot);
  send_path.start(card);
  notices.push_back(Ready{});
}

void Driver::Impl::on_sent(TimePoint now, std::span<const std::uint8_t> message) {
  const auto body = message.subspan(kHeaderBytes);
  if (body.size() < static_cast<std::size_t>(sent::kBytes)) {
    ++counters.events_malformed;
    return;
  }
  const auto slot = static_cast<unsigned>(load(body, sent::kSlot, sent::kSlotBytes));
  const auto tag = static_cast<std::uint16_t>(load(body, sent::kTag, sent::kTagBytes));
  const TimePoint time = time_of(now, message);
  const bool expected = slot == 0xFF ? lane.on_sent(tag, time) : send_path.on_sent(now, slot, tag, time);
  if (!expected) ++counters.events_unexpected;
}

/// Where the TCP header of a COALESCED event is: Ethernet without a tag, IPv4 without options.
constexpr std::uint8_t kCoalescedL4Offset = 34;

void Driver::Impl::on_receive(TimePoint now, std::span<const std::uint8_t> message) {
  Received received;
  received.frame = message.subspan(kHeaderBytes);
  received.time = time_of(now, message);
  received.status = static_cast<std::uint8_t>(load(message, event::kStatus, event::kStatusBytes));
  received.l4_offset = static_cast<std::uint8_t>(load(message, event::kL4Offset, event::kL4OffsetBytes));
  received.payload_offset = static_cast<std::uint8_t>(load(message, event::kPayloadOffset, event::kPayloadOffsetBytes));
  if (static_cast<Event>(message[event::kType]) == Event::kCoalesced) {
    received.segments = received.l4_offset;
    received.l4_offset = kCoalescedL4Offset;
    counters.segments_coalesced += received.segments;
  }
  notices.push_back(received);
}

Driver::Impl& Driver::change() {
  impl_->quiet_until = TimePoint();
  return *impl_;
}

Driver::Driver(PayloadSource& source, const DriverConfig& config) : impl_(std::make_unique<Impl>(source, config)) {}
Driver::~Driver() = default;

// --- life ------------------------------------------------------------------------------------------------------------

void Driver::start(TimePoint now, std::uint8_t epoch) {
  change();
  if (impl_->phase == Impl::Phase::kReady) impl_->lose(now);
  impl_->phase = Impl::Phase::kHello;
  impl_->time_map.restart();
  impl_->epoch = epoch;
  impl_->hello_due = true;
  impl_->hellos = 1;
  impl_->hello_deadline = now + impl_->config.hello_timeout;
}

bool Driver::ready() const { return impl_->phase == Impl::Phase::kReady; }

void Driver::on_card_lost(TimePoint now) {
  if (impl_->phase == Impl::Phase::kReady) impl_->lose(now);
  impl_->phase = Impl::Phase::kStopped;
  impl_->hello_due = false;
  impl_->hello_deadline = kNever;
}

const CardInfo& Driver::info() const { return impl_->info; }

// --- the link --------------------------------------------------------------------------------------------------------

void Driver::on_event(TimePoint now, std::span<const std::uint8_t> message) {
  Impl& impl = change();
  ++impl.counters.events;
  if (message.size() < static_cast<std::size_t>(kHeaderBytes) ||
      message.size() - kHeaderBytes != load(message, event::kBodyBytes, event::kBodyBytesBytes)) {
    ++impl.counters.events_malformed;
    return;
  }
  const bool in_epoch = impl.phase == Impl::Phase::kReady || impl.phase == Impl::Phase::kHello;
  if (!in_epoch || load(message, event::kEpoch, event::kEpochBytes) != impl.epoch) {
    ++impl.counters.events_other_epoch;
    return;
  }
  const auto type = static_cast<Event>(load(message, event::kType, event::kTypeBytes));
  if (type == Event::kHello) {
    impl.on_hello(message);
    return;
  }
  if (impl.phase != Impl::Phase::kReady) {  // An epoch begins with its HELLO; this is of an older one of that number.
    ++impl.counters.events_other_epoch;
    return;
  }
  impl.lane.on_credit(static_cast<std::uint8_t>(load(message, event::kControlCredit, event::kControlCreditBytes)),
                      static_cast<std::uint8_t>(load(message, event::kAckCredit, event::kAckCreditBytes)));
  impl.send_path.on_payload_credit(
      static_cast<std::uint16_t>(load(message, event::kPayloadCredit, event::kPayloadCreditBytes)));
  switch (type) {
    case Event::kSent:
      impl.on_sent(now, message);
      return;
    case Event::kReceive:
    case Event::kCoalesced:
      impl.on_receive(now, message);
      return;
    case Event::kRegister: {
      const auto body = message.subspan(kHeaderBytes);
      if (body.size() < static_cast<std::size_t>(register_value::kBytes)) {
        ++impl.counters.events_malformed;
        return;
      }
      impl.registers.on_register(
          static_cast<std::uint16_t>(load(body, register_value::kAddress, register_value::kAddressBytes)),
          static_cast<std::uint16_t>(load(body, register_value::kTag, register_value::kTagBytes)),
          static_cast<std::uint32_t>(load(body, register_value::kValue, register_value::kValueBytes)));
      return;
    }
    case Event::kHello:
    case Event::kCredit:
      return;
  }
  ++impl.counters.events_unknown;
}

// What is short and urgent comes before payload, and payload comes in chunks: an ACK waits for one chunk at most.
bool Driver::poll_command(TimePoint now, Message& message) {
  Impl& impl = *impl_;
  if (impl.hello_due) {
    begin_command(message, {.type = Command::kHello, .epoch = impl.epoch, .arg = layout_hash()}, 0);
    impl.hello_due = false;
    ++impl.counters.commands;
    return true;
  }
  if (impl.phase != Impl::Phase::kReady || now < impl.quiet_until) return false;
  const bool any = impl.lane.poll(impl.epoch, message) || impl.send_path.poll_urgent(impl.epoch, message) ||
                   impl.registers.poll(impl.epoch, message) || impl.send_path.poll_send(now, impl.epoch, message) ||
                   impl.send_path.poll_write(impl.epoch, message);
  if (any) ++impl.counters.commands;
  if (!any) impl.quiet_until = now + kQuietTime;
  return any;
}

std::optional<Notice> Driver::poll_notice() {
  if (impl_->notices.empty()) return std::nullopt;
  Notice notice = std::move(impl_->notices.front());
  impl_->notices.pop_front();
  return notice;
}

void Driver::on_timeout(TimePoint now) {
  if (now < impl_->hello_deadline) return;
  if (impl_->hellos >= impl_->config.hello_attempts) {
    impl_->fail("the card does not answer: check that it is powered, connected and loaded");
    return;
  }
  // Another number: were the first HELLO only late, a second one of its epoch would wipe out what came between.
  ++impl_->epoch;
  ++impl_->hellos;
  impl_->hello_due = true;
  impl_->hello_deadline = now + impl_->config.hello_timeout;
}

TimePoint Driver::next_deadline() const { return impl_->hello_deadline; }

// --- connections -----------------------------------------------------------------------------------------------------

ConnectionId Driver::open_connection() { return impl_->send_path.open(); }

void Driver::close_connection(TimePoint, ConnectionId connection) {
  change().lane.forget(connection);
  impl_->send_path.close(connection);
  std::erase_if(impl_->notices, [connection](const Notice& notice) {
    const Sent* one = std::get_if<Sent>(&notice);
    return one != nullptr && one->connection == connection;
  });
}

std::size_t Driver::send_room(ConnectionId connection) const { return impl_->send_path.room(connection); }

void Driver::send(TimePoint now, ConnectionId connection, const SendRequest& request) {
  change().send_path.send(now, connection, request);
}

void Driver::update(ConnectionId connection, const SoftState& state) { change().send_path.update(connection, state); }

void Driver::release(TimePoint, ConnectionId connection, std::uint32_t snd_una) {
  change().send_path.release(connection, snd_una);
}

bool Driver::has_unsent(ConnectionId connection) const { return impl_->send_path.has_unsent(connection); }

// --- frames and registers --------------------------------------------------------------------------------------------

Result<void, FrameError> Driver::frame(TimePoint, const FrameRequest& request) { return change().lane.queue(request); }
bool Driver::frame_room() const { return impl_->lane.room(); }

void Driver::configure_mac(const MacSettings& settings) { change().registers.configure_mac(settings); }
void Driver::read_register(std::uint16_t address) { change().registers.read(address); }
void Driver::write_register(std::uint16_t address, std::uint32_t value) { change().registers.write(address, value); }
void Driver::read_counters() { change().registers.read_counters(); }
const std::array<std::uint64_t, kCounterCount>& Driver::counters() const { return impl_->registers.counters(); }
const DriverCounters& Driver::driver_counters() const { return impl_->counters; }

}  // namespace sockwire::card
