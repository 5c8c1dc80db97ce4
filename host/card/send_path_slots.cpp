// SPDX-License-Identifier: Apache-2.0
// Which connection holds a slot, and how large its ring is. The send buffer is divided evenly among the connections
// that have something to send, or had a moment ago: one alone has all of it, two have a half each, and so on in powers
// of two. A ring changes its size only when nothing in it waits to leave. When there are more of them than slots, they
// take turns, with as many bytes each.
#include <algorithm>
#include <bit>
#include <cassert>

#include "host/card/send_path.hpp"

namespace sockwire::card {
namespace {

int log2_floor(std::uint32_t value) { return static_cast<int>(std::bit_width(value)) - 1; }

}  // namespace

void SendPath::start(const CardInfo& info) {
  info_ = info;
  slots_.clear();
  slots_.resize(std::min<std::size_t>(info.slots, kSlots));
  rings_.reset(info.send_buffer_bytes);
  ring_log2_most_ = std::clamp(log2_floor(info.send_buffer_bytes), kRingLog2Min, kRingLog2Max);
  write_bytes_ = config_.write_bytes != 0 ? config_.write_bytes
                                          : std::max<std::size_t>(2048, std::size_t{256} * info.bytes_per_beat);
  write_bytes_ = std::min<std::size_t>(write_bytes_, kWriteBytesMax);
  used_ = next_slot_ = next_write_ = 0;
  payload_sent_ = 0;
  payload_taken_.reset();
  for (ConnectionId id = 0; id < connections_.size(); ++id) {
    if (connections_[id] && !connections_[id]->pending.empty()) want_slot(id);
  }
}

void SendPath::lose() {
  for (Slot& slot : slots_) {
    if (slot.connection == kNoConnection) continue;
    Connection& connection = at(slot.connection);
    for (; !slot.issued.empty(); slot.issued.pop_back()) {
      connection.pending.insert(connection.pending.begin(), slot.issued.back().send);
    }
    connection.slot = -1;
  }
  slots_.clear();
  used_ = 0;
  for (const ConnectionId id : waiting_) {
    if (connections_[id]) at(id).waiting = false;
  }
  waiting_.clear();
}

ConnectionId SendPath::open() {
  if (free_ids_.size() > 64) {  // Numbers rest for a while before they are used again.
    const ConnectionId id = free_ids_.front();
    free_ids_.pop_front();
    connections_[id] = std::make_unique<Connection>();
    return id;
  }
  connections_.push_back(std::make_unique<Connection>());
  return static_cast<ConnectionId>(connections_.size() - 1);
}

void SendPath::close(ConnectionId id) {
  Connection& connection = at(id);
  if (connection.slot >= 0) {
    Slot& slot = slots_[static_cast<std::size_t>(connection.slot)];
    slot.connection = kNoConnection;
    slot.preparing = false;
    slot.rewrites.clear();
    while (!slot.issued.empty() && slot.issued.back().skipped) slot.issued.pop_back();
    if (slot.issued.empty()) {
      give_up(connection.slot);
    } else {
      // The card may wait for bytes that will never be written: it is told to forget them.
      slot.release_due = true;
      slot.release_seq = slot.goal;
      for (const Issued& one : slot.issued) {
        if (static_cast<std::int32_t>(one.send.seq_end() - slot.release_seq) > 0) slot.release_seq = one.send.seq_end();
      }
    }
  }
  connections_[id].reset();
  free_ids_.push_back(id);
}

std::size_t SendPath::room(ConnectionId id) const {
  const Connection& connection = at(id);
  const unsigned depth = info_.queue_depth != 0 ? info_.queue_depth : static_cast<unsigned>(slot_queue_depth(1));
  if (connection.slot < 0) {
    if (connection.pending.size() >= depth) return 0;
    // Nothing is known of its ring yet; a SEND that is too long will be cut.
    const std::uint32_t buffer = info_.send_buffer_bytes != 0 ? info_.send_buffer_bytes : 32768u;
    return std::min<std::uint32_t>(buffer / 2, kSendBytesMax);
  }
  const Slot& slot = slots_[static_cast<std::size_t>(connection.slot)];
  if (connection.pending.size() + queued(slot) >= depth) return 0;
  // What the ring has no place for would only wait.
  std::uint32_t waiting = 0;
  for (const Send& send : connection.pending) waiting += send.request.bytes;
  for (const Issued& one : slot.issued) waiting += one.skipped ? 0 : one.send.request.bytes;
  const std::uint32_t most = std::min<std::uint32_t>(slot.ring.bytes() / 2, kSendBytesMax);
  return waiting + most <= slot.ring.bytes() ? most : 0;
}

bool SendPath::active(const Connection& connection, TimePoint now) const {
  if (!connection.pending.empty()) return true;
  if (connection.slot < 0) return false;
  return !slots_[static_cast<std::size_t>(connection.slot)].issued.empty() ||
         now - connection.last_active < config_.slot_idle;
}

int SendPath::share_log2(TimePoint now) const {
  std::size_t contenders = waiting_.size();
  for (const Slot& slot : slots_) {
    if (!slot.open) continue;
    if (slot.connection == kNoConnection || active(at(slot.connection), now)) ++contenders;
  }
  contenders = std::clamp<std::size_t>(contenders, 1, slots_.size());
  int log2 = log2_floor(info_.send_buffer_bytes);
  for (std::size_t rings = 1; rings < contenders; rings *= 2) --log2;
  return std::clamp(log2, kRingLog2Min, kRingLog2Max);
}

void SendPath::want_slot(ConnectionId id) {
  Connection& connection = at(id);
  if (connection.waiting || connection.slot >= 0) return;
  connection.waiting = true;
  waiting_.push_back(id);
}

void SendPath::assign_slots(TimePoint now) {
  if (slots_.empty()) return;
  while (!waiting_.empty()) {
    // It may have been closed since.
    if (const auto& first = connections_[waiting_.front()]; !first || !first->waiting) {
      waiting_.pop_front();
      continue;
    }
    const int log2 = share_log2(now);
    if (!assign_slot(now, waiting_.front(), log2)) {
      // Whoever has more than its share gives it back when it can.
      for (Slot& slot : slots_) {
        if (slot.open && slot.ring.log2 > log2) slot.draining = true;
      }
      return;
    }
    at(waiting_.front()).waiting = false;
    waiting_.pop_front();
  }
}

bool SendPath::assign_slot(TimePoint now, ConnectionId id, int log2) {
  for (;;) {
    const auto free = std::find_if(slots_.begin(), slots_.end(), [](const Slot& slot) { return !slot.open; });
    if (free != slots_.end()) {
      if (const auto ring = rings_.allocate(log2)) {
        free->open = true;
        used_ = std::max(used_, static_cast<std::size_t>(free - slots_.begin()) + 1);
        free->connection = id;
        free->ring = *ring;
        free->last_active = now;
        at(id).slot = static_cast<int>(free - slots_.begin());
        assigned_ = true;
        ++counters_.slots_opened;
        return true;
      }
    }
    const int idle = idle_slot();
    if (idle < 0) return false;
    give_up(idle);
    ++counters_.slots_taken;
  }
}

int SendPath::idle_slot() const {
  int best = -1;
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    const Slot& slot = slots_[i];
    if (!slot.open || !slot.issued.empty() || slot.preparing) continue;
    if (slot.connection != kNoConnection && !at(slot.connection).pending.empty()) continue;
    if (best < 0 || slot.last_active < slots_[static_cast<std::size_t>(best)].last_active) best = static_cast<int>(i);
  }
  return best;
}

// Precondition: nothing is issued. Whoever still has something to send waits for another slot.
void SendPath::give_up(int index) {
  Slot& slot = slots_[static_cast<std::size_t>(index)];
  assert(slot.open && slot.issued.empty());
  const ConnectionId id = slot.connection;
  rings_.free(slot.ring);
  slot = Slot{};
  if (id == kNoConnection) return;
  at(id).slot = -1;
  if (!at(id).pending.empty()) want_slot(id);
}

// A ring below its share is worth changing if nothing waits in it, or if it is used to the full: then it is drained.
bool SendPath::resize_due(Slot& slot, TimePoint now) {
  if (slot.ring.log2 == ring_log2_most_ || !waiting_.empty() || slot.preparing) return false;
  if (share_log2(now) <= slot.ring.log2) return false;
  const Connection& connection = at(slot.connection);
  const SendRequest& next = connection.pending.front().request;
  if (!slot.issued.empty()) return next.bytes + next.mss > slot.ring.bytes() / 2;
  give_up(connection.slot);
  assign_slots(now);
  return true;
}

std::uint32_t SendPath::piece_limit(const Slot& slot, const SendRequest& request) const {
  if (request.bytes == 0) return 0;
  const std::uint32_t half = slot.ring.bytes() / 2;
  const std::uint32_t most = waiting_.empty() ? half : std::min(half, kTurnBytes);
  return std::max<std::uint32_t>(most / request.mss, 1) * request.mss;
}

}  // namespace sockwire::card
