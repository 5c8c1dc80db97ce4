// SPDX-License-Identifier: Apache-2.0
// A card in software, written from the contract alone: it checks every rule that the host must keep, and shows what
// would be on the wire. It shares nothing with the driver but hls/card/layout.hpp.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "hls/card/layout.hpp"

namespace sockwire::test {

/// A segment or frame as it left.
struct WireFrame {
  bool lane = false;
  unsigned slot = 0;
  std::uint16_t tag = 0;
  std::uint32_t seq = 0;
  std::vector<std::uint8_t> bytes;  ///< Template and payload, or the frame.
  std::size_t template_bytes = 0;
  unsigned index = 0;  ///< In its SEND.
  bool first = false;
  bool last = false;
  std::uint8_t kept_flags = 0;  ///< TCP flags after first-only and last-only ones were dropped.
  std::uint16_t ip_id = 0;
  std::uint32_t rcv_nxt = 0;
  std::uint16_t window = 0;
  std::uint32_t tsecr = 0;
  std::uint64_t time_ns = 0;
};

class SoftCard {
 public:
  SoftCard(std::uint32_t boot_id, int bytes_per_beat, std::uint64_t seed)
      : boot_id_(boot_id),
        bytes_per_beat_(bytes_per_beat),
        random_(seed),
        buffer_(card::send_buffer_bytes(bytes_per_beat)) {
    counters_.fill(0);
  }

  /// The host hands over a message; the card looks at it when it comes to it.
  void push(std::span<const std::uint8_t> message);
  /// Does one thing of those that it could do; false if there was none.
  bool step(std::uint64_t now_ns);
  /// The oldest event message.
  std::optional<std::vector<std::uint8_t>> pop_event();
  void receive(std::uint64_t now_ns, std::span<const std::uint8_t> frame, std::uint8_t status, std::uint8_t l4_offset,
               std::uint8_t payload_offset);

  std::vector<WireFrame> take_wire() { return std::exchange(wire_, {}); }
  /// Rules that the host has broken, in words.
  const std::vector<std::string>& faults() const { return faults_; }
  std::uint32_t register_value(std::uint16_t address) const;
  void set_counter(card::Counter counter, std::uint32_t value) { counters_[static_cast<std::size_t>(counter)] = value; }
  /// Nothing leaves the lane / the slots / no command is looked at, until it is undone.
  void hold_lane(bool hold) { hold_lane_ = hold; }
  void hold_slots(bool hold) { hold_slots_ = hold; }
  void hold_commands(bool hold) { hold_commands_ = hold; }
  void set_layout_hash(std::uint32_t hash) { layout_hash_ = hash; }
  std::size_t commands_of(card::Command type) const {
    const auto found = command_counts_.find(type);
    return found == command_counts_.end() ? 0 : found->second;
  }
  unsigned slot_ring_log2(unsigned slot) const { return slots_[slot].log2; }
  std::uint8_t epoch() const { return epoch_; }

 private:
  struct Cell {
    bool valid = false;
    std::uint32_t seq = 0;
    std::uint8_t byte = 0;
  };
  struct Send {
    std::uint16_t tag = 0;
    std::uint8_t flags = 0;
    std::uint32_t seq = 0;
    std::uint32_t end = 0;
    std::uint16_t mss = 0;
    std::vector<std::uint8_t> parameters;
    std::vector<std::uint8_t> header;
    std::uint32_t next = 0;
    unsigned index = 0;
    unsigned left = 0;
    bool done = false;
  };
  struct Slot {
    bool open = false;
    std::uint32_t base = 0;
    unsigned log2 = 0;
    std::uint32_t written = 0;
    bool any_released = false;
    std::uint32_t released = 0;
    bool state_valid = false;
    std::uint32_t rcv_nxt = 0;
    std::uint16_t window = 0;
    std::uint32_t tsecr = 0;
    std::deque<Send> queue;
  };
  struct LaneFrame {
    std::vector<std::uint8_t> message;
    bool ack = false;
  };

  std::uint64_t field(const std::vector<std::uint8_t>& m, int offset, int bytes) const;
  void fault(const std::string& text) { faults_.push_back(text); }
  void execute(const std::vector<std::uint8_t>& message);
  void execute_write(const std::vector<std::uint8_t>& message);
  void execute_send(const std::vector<std::uint8_t>& message);
  void execute_register(const std::vector<std::uint8_t>& message);
  bool leave_lane(std::uint64_t now_ns);
  bool leave_slot(std::uint64_t now_ns, unsigned index);
  void segment_leaves(std::uint64_t now_ns, unsigned index, Send& send, std::uint32_t end);
  void hello();
  std::vector<std::uint8_t> event(card::Event type, std::uint64_t time_ns, std::size_t body_bytes);
  void sent(std::uint64_t time_ns, std::uint8_t slot, std::uint16_t tag, std::uint32_t seq_end, unsigned segments);

  std::uint32_t boot_id_;
  int bytes_per_beat_;
  std::mt19937_64 random_;
  std::uint32_t layout_hash_ = card::layout_hash();
  std::uint8_t epoch_ = 0;
  bool greeted_ = false;
  std::deque<std::vector<std::uint8_t>> inbox_;
  std::deque<std::vector<std::uint8_t>> outbox_;
  std::uint64_t payload_pushed_ = 0;  // WRITE payload in and behind the inbox.
  std::uint64_t payload_taken_ = 0;
  std::uint8_t control_left_ = 0;
  std::uint8_t ack_left_ = 0;
  std::vector<Cell> buffer_;
  std::array<Slot, card::kSlots> slots_;
  std::deque<LaneFrame> lane_;
  std::map<std::uint16_t, std::uint32_t> registers_;
  std::array<std::uint32_t, card::kCounterCount> counters_{};
  std::vector<WireFrame> wire_;
  std::vector<std::string> faults_;
  std::map<card::Command, std::size_t> command_counts_;
  bool hold_lane_ = false;
  bool hold_slots_ = false;
  bool hold_commands_ = false;
};

}  // namespace sockwire::test
