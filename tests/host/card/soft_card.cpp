// SPDX-License-Identifier: Apache-2.0
#include "tests/host/card/soft_card.hpp"

#include <algorithm>
#include <utility>

namespace sockwire::test {
namespace {

bool before(std::uint32_t a, std::uint32_t b) { return static_cast<std::int32_t>(a - b) < 0; }

void put(std::vector<std::uint8_t>& message, int offset, int bytes, std::uint64_t value) {
  for (int i = 0; i < bytes; ++i)
    message.at(static_cast<std::size_t>(offset + i)) = static_cast<std::uint8_t>(value >> (8 * i));
}

}  // namespace

std::uint64_t SoftCard::field(const std::vector<std::uint8_t>& m, int offset, int bytes) const {
  std::uint64_t value = 0;
  for (int i = bytes - 1; i >= 0; --i) value = value << 8 | m.at(static_cast<std::size_t>(offset + i));
  return value;
}

void SoftCard::push(std::span<const std::uint8_t> message) {
  std::vector<std::uint8_t> copy(message.begin(), message.end());
  if (copy.size() < 16 || field(copy, 2, 2) != copy.size() - 16) {
    fault("length of a message");
    return;
  }
  if (copy[0] == static_cast<std::uint8_t>(card::Command::kWrite) && greeted_ && copy[1] == epoch_) {
    payload_pushed_ += copy.size() - 16;
    // What the host can know is in units of 64 bytes, rounded down.
    if (payload_pushed_ - payload_taken_ > static_cast<std::uint64_t>(card::payload_window_bytes(bytes_per_beat_)))
      fault("payload window");
  }
  inbox_.push_back(std::move(copy));
}

bool SoftCard::step(std::uint64_t now_ns) {
  std::vector<int> choices;
  if (!hold_commands_ && !inbox_.empty()) choices.push_back(-2);
  if (!hold_lane_ && !lane_.empty()) choices.push_back(-1);
  for (int slot = 0; slot < card::kSlots && !hold_slots_; ++slot) {
    if (!slots_[static_cast<std::size_t>(slot)].queue.empty()) choices.push_back(slot);
  }
  std::shuffle(choices.begin(), choices.end(), random_);
  for (const int choice : choices) {
    if (choice == -2) {
      const std::vector<std::uint8_t> message = std::move(inbox_.front());
      inbox_.pop_front();
      execute(message);
      return true;
    }
    if (choice == -1 ? leave_lane(now_ns) : leave_slot(now_ns, static_cast<unsigned>(choice))) return true;
  }
  return false;
}

std::optional<std::vector<std::uint8_t>> SoftCard::pop_event() {
  if (outbox_.empty()) return std::nullopt;
  std::vector<std::uint8_t> message = std::move(outbox_.front());
  outbox_.pop_front();
  return message;
}

std::vector<std::uint8_t> SoftCard::event(card::Event type, std::uint64_t time_ns, std::size_t body_bytes) {
  std::vector<std::uint8_t> message(16 + body_bytes);
  message[0] = static_cast<std::uint8_t>(type);
  message[1] = epoch_;
  put(message, 2, 2, body_bytes);
  message[4] = control_left_;
  message[5] = ack_left_;
  put(message, 6, 2, payload_taken_ / 64);
  put(message, 8, 5, time_ns);
  return message;
}

void SoftCard::sent(std::uint64_t time_ns, std::uint8_t slot, std::uint16_t tag, std::uint32_t seq_end,
                    unsigned segments) {
  std::vector<std::uint8_t> message = event(card::Event::kSent, time_ns, 8);
  put(message, 16, 4, seq_end);
  put(message, 20, 2, tag);
  message[22] = static_cast<std::uint8_t>(segments);
  message[23] = slot;
  outbox_.push_back(std::move(message));
}

void SoftCard::receive(std::uint64_t now_ns, std::span<const std::uint8_t> frame, std::uint8_t status,
                       std::uint8_t l4_offset, std::uint8_t payload_offset) {
  std::vector<std::uint8_t> message = event(card::Event::kReceive, now_ns, frame.size());
  message[13] = status;
  message[14] = l4_offset;
  message[15] = payload_offset;
  std::copy(frame.begin(), frame.end(), message.begin() + 16);
  outbox_.push_back(std::move(message));
}

void SoftCard::hello() {
  std::vector<std::uint8_t> message = event(card::Event::kHello, 0, 24);
  put(message, 16, 4, boot_id_);
  put(message, 20, 4, layout_hash_);
  put(message, 24, 4, buffer_.size());
  put(message, 28, 4, static_cast<std::uint64_t>(card::payload_window_bytes(bytes_per_beat_)));
  message[32] = static_cast<std::uint8_t>(bytes_per_beat_);
  message[33] = card::kSlots;
  message[34] = static_cast<std::uint8_t>(card::slot_queue_depth(bytes_per_beat_));
  message[35] = card::kControlFrames;
  message[36] = card::kAckFrames;
  message[37] = 0x0F;
  put(message, 38, 2, card::kFrameBytesMax);
  outbox_.push_back(std::move(message));
}

void SoftCard::execute(const std::vector<std::uint8_t>& message) {
  const auto type = static_cast<card::Command>(message[0]);
  ++command_counts_[type];
  if (type == card::Command::kHello) {
    epoch_ = message[1];
    greeted_ = true;
    for (Slot& slot : slots_) slot = {};
    lane_.clear();
    control_left_ = ack_left_ = 0;
    payload_taken_ = payload_pushed_ = 0;
    for (Cell& cell : buffer_) cell.valid = false;
    hello();
    return;
  }
  if (!greeted_ || message[1] != epoch_) return;
  Slot& slot = slots_.at(message[4]);
  switch (type) {
    case card::Command::kWrite:
      execute_write(message);
      return;
    case card::Command::kSend:
      execute_send(message);
      return;
    case card::Command::kFrame: {
      const bool ack = (message[5] & 0x04) != 0;
      lane_.push_back({message, ack});
      const auto count = std::count_if(lane_.begin(), lane_.end(), [ack](const LaneFrame& f) { return f.ack == ack; });
      if (count > (ack ? card::kAckFrames : card::kControlFrames)) fault("lane credit");
      if (ack && message.size() - 16 > 128) fault("an ACK frame is too long");
      return;
    }
    case card::Command::kUpdate:
      slot.state_valid = true;
      slot.rcv_nxt = static_cast<std::uint32_t>(field(message, 8, 4));
      slot.window = static_cast<std::uint16_t>(field(message, 6, 2));
      slot.tsecr = static_cast<std::uint32_t>(field(message, 12, 4));
      return;
    case card::Command::kSlot:
      if (!slot.queue.empty()) fault("a slot was opened while it had something to send");
      slot = {};
      slot.open = true;
      slot.base = static_cast<std::uint32_t>(field(message, 12, 4));
      slot.log2 = static_cast<unsigned>(field(message, 6, 2));
      slot.written = static_cast<std::uint32_t>(field(message, 8, 4));
      if (slot.base % (1u << slot.log2) != 0 || slot.base + (1u << slot.log2) > buffer_.size()) fault("ring");
      for (unsigned i = 0; i < 1u << slot.log2; ++i) buffer_[slot.base + i].valid = false;
      return;
    case card::Command::kRelease:
      slot.any_released = true;
      slot.released = static_cast<std::uint32_t>(field(message, 8, 4));
      return;
    default:
      execute_register(message);
  }
}

void SoftCard::execute_write(const std::vector<std::uint8_t>& message) {
  Slot& slot = slots_[message[4]];
  const std::size_t bytes = message.size() - 16;
  payload_taken_ += bytes;
  if (!slot.open) return fault("WRITE to a closed slot");
  const auto seq = static_cast<std::uint32_t>(field(message, 8, 4));
  const bool rewrite = (message[5] & 1) != 0;
  if (!rewrite && seq != slot.written) fault("WRITE does not continue");
  const std::uint32_t ring = 1u << slot.log2;
  for (std::uint32_t i = 0; i < bytes; ++i) {
    Cell& cell = buffer_[slot.base + ((seq + i) & (ring - 1))];
    for (const Send& send : slot.queue) {
      const bool needed = cell.valid && !before(cell.seq, send.next) && before(cell.seq, send.end);
      const bool released = slot.any_released && before(cell.seq, slot.released);
      if (needed && !released && cell.seq != seq + i) fault("WRITE over what has not left");
    }
    cell = {true, seq + i, message[16 + i]};
  }
  if (!rewrite) slot.written += static_cast<std::uint32_t>(bytes);
}

void SoftCard::execute_send(const std::vector<std::uint8_t>& message) {
  Slot& slot = slots_[message[4]];
  if (!slot.open) return fault("SEND in a closed slot");
  if (slot.queue.size() >= static_cast<std::size_t>(card::slot_queue_depth(bytes_per_beat_))) fault("slot queue");
  Send send;
  send.tag = static_cast<std::uint16_t>(field(message, 6, 2));
  send.flags = message[5];
  send.seq = send.next = static_cast<std::uint32_t>(field(message, 8, 4));
  send.end = send.seq + static_cast<std::uint32_t>(field(message, 12, 2));
  send.mss = static_cast<std::uint16_t>(field(message, 14, 2));
  send.parameters.assign(message.begin() + 16, message.begin() + 32);
  send.header.assign(message.begin() + 32, message.end());
  if (send.header.size() != send.parameters[0]) fault("template length");
  if (send.end - send.seq > 1u << slot.log2) fault("a SEND longer than its ring");
  if ((send.flags & 0x04) != 0 && !slot.state_valid) fault("SEND before UPDATE");
  slot.queue.push_back(std::move(send));
}

void SoftCard::execute_register(const std::vector<std::uint8_t>& message) {
  const auto address = static_cast<std::uint16_t>(field(message, 8, 4));
  if (static_cast<card::Command>(message[0]) == card::Command::kWriteRegister) {
    registers_[address] = static_cast<std::uint32_t>(field(message, 12, 4));
    return;
  }
  std::vector<std::uint8_t> reply = event(card::Event::kRegister, 0, 8);
  put(reply, 16, 2, address);
  put(reply, 18, 2, field(message, 6, 2));
  put(reply, 20, 4, register_value(address));
  outbox_.push_back(std::move(reply));
}

std::uint32_t SoftCard::register_value(std::uint16_t address) const {
  if (address >= 0x40 && address < 0x40 + card::kCounterCount) return counters_[address - 0x40u];
  const auto found = registers_.find(address);
  return found == registers_.end() ? 0 : found->second;
}

bool SoftCard::leave_lane(std::uint64_t now_ns) {
  const LaneFrame frame = std::move(lane_.front());
  lane_.pop_front();
  ++(frame.ack ? ack_left_ : control_left_);
  WireFrame out;
  out.lane = true;
  out.time_ns = now_ns;
  out.bytes.assign(frame.message.begin() + 16, frame.message.end());
  wire_.push_back(std::move(out));
  if ((frame.message[5] & 0x08) != 0) {
    sent(now_ns, 0xFF, static_cast<std::uint16_t>(field(frame.message, 6, 2)), 0, 1);
  } else {
    outbox_.push_back(event(card::Event::kCredit, now_ns, 0));
  }
  return true;
}

bool SoftCard::leave_slot(std::uint64_t now_ns, unsigned index) {
  Slot& slot = slots_[index];
  Send& send = slot.queue.front();
  const std::uint32_t end = send.next + std::min<std::uint32_t>(send.mss, send.end - send.next);
  if (slot.any_released && !before(slot.released, end)) {
    send.next = end;
    ++send.index;
  } else {
    if (before(slot.written, end)) return false;
    segment_leaves(now_ns, index, send, end);
  }
  if (send.next == send.end) {
    if ((send.flags & 0x08) != 0) sent(now_ns, static_cast<std::uint8_t>(index), send.tag, send.end, send.left);
    slot.queue.pop_front();
  } else if (random_() % 2 == 0) {
    outbox_.push_back(event(card::Event::kCredit, now_ns, 0));
  }
  return true;
}

void SoftCard::segment_leaves(std::uint64_t now_ns, unsigned index, Send& send, std::uint32_t end) {
  const Slot& slot = slots_[index];
  WireFrame out;
  out.slot = index;
  out.tag = send.tag;
  out.seq = send.next;
  out.bytes = send.header;
  out.template_bytes = send.header.size();
  out.index = send.index;
  out.first = send.index == 0;
  out.last = end == send.end;
  out.kept_flags = send.header.at(static_cast<std::size_t>(send.parameters[2]) + 13);
  if (!out.first) out.kept_flags &= static_cast<std::uint8_t>(~send.parameters[8]);
  if (!out.last) out.kept_flags &= static_cast<std::uint8_t>(~send.parameters[9]);
  out.ip_id = static_cast<std::uint16_t>(field(send.parameters, 6, 2) + send.index);
  out.rcv_nxt = slot.rcv_nxt;
  out.window = slot.window;
  out.tsecr = slot.tsecr;
  out.time_ns = now_ns;
  for (std::uint32_t seq = send.next; seq != end; ++seq) {
    const Cell& cell = buffer_[slot.base + (seq & ((1u << slot.log2) - 1))];
    if (!cell.valid || cell.seq != seq) fault("a byte leaves that was evicted or never written");
    out.bytes.push_back(cell.byte);
  }
  wire_.push_back(std::move(out));
  send.next = end;
  ++send.index;
  ++send.left;
}

}  // namespace sockwire::test
