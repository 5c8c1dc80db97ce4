// SPDX-License-Identifier: Apache-2.0
// From ranges of connections to SLOT, UPDATE, SEND, WRITE and RELEASE.
//
// A SEND goes out before its payload, so that its first segment leaves while the rest is being written; unless bytes
// that had been written before were evicted since: those are written again first (kRewrite), because the card takes
// everything behind its writing position for present. Nothing is written over bytes of a SEND that has not left.
//
//   connection: pending SENDs --> slot: preparing (rewrites) --> issued (at most queue_depth) --> SENT
//                                                  writes follow behind, in chunks, round robin over slots
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "host/card/driver.hpp"
#include "host/card/message.hpp"
#include "host/card/ring_allocator.hpp"
#include "host/card/ring_content.hpp"

namespace sockwire::card {

class SendPath {
 public:
  SendPath(PayloadSource& source, const DriverConfig& config, DriverCounters& counters, std::deque<Notice>& notices);

  // --- life: as in Driver ---
  void start(const CardInfo& info);
  void lose();

  // --- connections: as in Driver ---
  ConnectionId open();
  void close(ConnectionId id);
  std::size_t room(ConnectionId id) const;
  void send(TimePoint now, ConnectionId id, const SendRequest& request);
  void update(ConnectionId id, const SoftState& state);
  void release(ConnectionId id, std::uint32_t snd_una);
  bool has_unsent(ConnectionId id) const;

  // --- the card ---
  void on_payload_credit(std::uint16_t units) { payload_taken_.update(units); }
  /// False if nothing asked for it.
  bool on_sent(TimePoint now, unsigned slot, std::uint16_t tag, TimePoint time);
  /// Soft state and releases of what the card has.
  bool poll_urgent(std::uint8_t epoch, Message& message);
  /// SLOT and SEND.
  bool poll_send(TimePoint now, std::uint8_t epoch, Message& message);
  bool poll_write(std::uint8_t epoch, Message& message);

 private:
  /// A SendRequest that keeps its template. One that is cut into pieces is shortened from the front.
  struct Send {
    SendRequest request;
    std::array<std::uint8_t, kTemplateBytesMax> bytes{};
    std::uint8_t template_bytes = 0;
    bool report = true;  // To the caller; false for all pieces but the last.

    std::uint32_t seq_end() const { return request.seq + request.bytes; }
  };
  struct Issued {
    Send send;
    std::uint16_t card_tag = 0;
    bool skipped = false;         // Released before it was handed over.
    bool retransmission = false;  // Begins below what was sent before.
    bool left = false;            // The card has reported it, before an earlier one.
    TimePoint time{};             // When, if left.
  };
  struct Connection {
    std::vector<Send> pending;  // In order; seldom more than queue_depth, so that the front is soon taken off.
    int slot = -1;
    bool waiting = false;  // For a slot.
    bool has_snd_una = false;
    bool has_sent = false;
    std::uint32_t snd_una = 0;
    std::uint32_t sent_high = 0;  // The highest sequence number ever handed over, if has_sent.
    SoftState state;
    TimePoint last_active{};
  };
  struct Slot {
    bool open = false;                        // Has a ring.
    ConnectionId connection = kNoConnection;  // None while a closed connection's SENDs drain.
    Ring ring;
    bool announced = false;  // SLOT has gone out.
    bool draining = false;   // Gives its ring back as soon as nothing is issued.
    bool state_known = false;
    SoftState state;            // What the card has.
    std::uint32_t written = 0;  // The card's writing position.
    std::uint32_t goal = 0;     // Where issued SENDs end.
    RingContent content;
    bool preparing = false;
    std::deque<SeqRange> rewrites;
    std::vector<Issued> issued;    // In order; at most queue_depth that are not skipped.
    std::uint32_t turn_bytes = 0;  // Handed over since the slot was assigned.
    bool release_due = false;
    std::uint32_t release_seq = 0;
    TimePoint last_active{};
  };

  // Slots (send_path_slots.cpp).
  int share_log2(TimePoint now) const;
  bool active(const Connection& connection, TimePoint now) const;
  void want_slot(ConnectionId id);
  void assign_slots(TimePoint now);
  bool assign_slot(TimePoint now, ConnectionId id, int log2);
  int idle_slot() const;
  void give_up(int index);
  /// What a connection may send in a turn while others wait for a slot, in one SEND of whole segments. A larger ring is
  /// no reason to let them wait longer.
  static constexpr std::uint32_t kTurnBytes = 6144;
  /// Whether its connection has had its share, should others wait for a slot: a SEND of segments of up to 2 kB fills
  /// two thirds of a turn at least.
  static bool turn_over(const Slot& slot) {
    return slot.turn_bytes >= std::min(slot.ring.bytes() / 2, kTurnBytes * 2 / 3);
  }
  bool resize_due(Slot& slot, TimePoint now);
  std::uint32_t piece_limit(const Slot& slot, const SendRequest& request) const;

  // Sending.
  /// Of a number that is past the last slot in use at most once around.
  std::size_t wrap(std::size_t index) const { return index < used_ ? index : index - used_; }
  bool issue(TimePoint now, int index, std::uint8_t epoch, Message& message);
  bool released(const Connection& connection, const Send& send) const;
  bool skip_released(Connection& connection, Slot& slot);
  bool prepare(Slot& slot, std::uint32_t begin, std::uint32_t end);
  Send take_piece(Connection& connection, std::uint32_t limit);
  void encode_send(int index, const Issued& issued, std::uint8_t epoch, Message& message) const;
  void encode_update(int index, std::uint8_t epoch, Message& message);
  bool write_from(int index, std::uint8_t epoch, Message& message);
  void copy_payload(ConnectionId id, std::uint32_t seq, std::span<std::uint8_t> out);
  void report(ConnectionId id, const Send& send, TimePoint time, bool skipped);
  void report_in_order(Slot& slot, TimePoint time);
  unsigned queued(const Slot& slot) const;

  Connection& at(ConnectionId id) { return *connections_[id]; }
  const Connection& at(ConnectionId id) const { return *connections_[id]; }

  PayloadSource& source_;
  const DriverConfig& config_;
  DriverCounters& counters_;
  std::deque<Notice>& notices_;

  std::vector<std::unique_ptr<Connection>> connections_;
  std::deque<ConnectionId> free_ids_;
  std::deque<ConnectionId> waiting_;  // For a slot. What was closed is passed over when its turn comes.
  std::vector<Slot> slots_;
  std::size_t used_ = 0;  // One past the last slot that was ever open: the lowest free one is taken.
  RingAllocator rings_;
  CardInfo info_;
  int ring_log2_most_ = kRingLog2Min;  // Of a connection that is alone.
  std::size_t write_bytes_ = 2048;
  bool assigned_ = false;       // A slot was assigned.
  std::size_t next_slot_ = 0;   // Round robin of SENDs
  std::size_t next_write_ = 0;  // and of WRITEs.
  std::uint16_t next_tag_ = 0;
  std::uint64_t payload_sent_ = 0;
  WrappingCounter<16> payload_taken_;
};

}  // namespace sockwire::card
