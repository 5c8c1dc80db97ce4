// SPDX-License-Identifier: Apache-2.0
#include "host/card/send_path.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>

#include "hls/wire/seq_num.hpp"
#include "hls/wire/tcp.hpp"

namespace sockwire::card {
namespace {

/// A shorter WRITE than this is not worth its header unless it completes something.
constexpr std::size_t kWriteBytesMin = 512;

bool before(std::uint32_t a, std::uint32_t b) { return SeqNum(a) < SeqNum(b); }

std::uint8_t bit(SendFlag flag) { return static_cast<std::uint8_t>(flag); }

}  // namespace

SendPath::SendPath(PayloadSource& source, const DriverConfig& config, DriverCounters& counters,
                   std::deque<Notice>& notices)
    : source_(source), config_(config), counters_(counters), notices_(notices) {}

void SendPath::send(TimePoint now, ConnectionId id, const SendRequest& request) {
  assert(request.header_template.size() >= 14 && request.header_template.size() <= kTemplateBytesMax);
  assert(request.bytes <= static_cast<std::uint32_t>(kSendBytesMax) && (request.bytes == 0 || request.mss != 0));
  Connection& connection = at(id);
  Send& queued = connection.pending.emplace_back();
  queued.request = request;
  queued.request.header_template = {};
  queued.template_bytes = static_cast<std::uint8_t>(request.header_template.size());
  std::copy(request.header_template.begin(), request.header_template.end(), queued.bytes.begin());
  connection.last_active = now;
  if (connection.slot < 0) want_slot(id);
}

void SendPath::update(ConnectionId id, const SoftState& state) { at(id).state = state; }

void SendPath::release(ConnectionId id, std::uint32_t snd_una) {
  Connection& connection = at(id);
  connection.snd_una = snd_una;
  connection.has_snd_una = true;
  if (connection.slot < 0) return;
  Slot& slot = slots_[static_cast<std::size_t>(connection.slot)];
  // What is sent for the first time cannot have been acknowledged before it left.
  const bool useful = std::any_of(slot.issued.begin(), slot.issued.end(), [snd_una](const Issued& one) {
    return one.retransmission && !one.skipped && before(one.send.request.seq, snd_una);
  });
  if (!useful) return;
  // A SYN or FIN takes a sequence number that the card does not know of: RELEASE up to the end would cancel it.
  std::uint32_t seq = snd_una;
  for (const Issued& one : slot.issued) {
    if (!one.skipped && !released(connection, one.send) && seq == one.send.seq_end()) seq = one.send.seq_end() - 1;
  }
  slot.release_due = true;
  slot.release_seq = seq;
}

bool SendPath::has_unsent(ConnectionId id) const {
  const Connection& connection = at(id);
  if (!connection.pending.empty()) return true;
  return connection.slot >= 0 && !slots_[static_cast<std::size_t>(connection.slot)].issued.empty();
}

unsigned SendPath::queued(const Slot& slot) const {
  return static_cast<unsigned>(
      std::count_if(slot.issued.begin(), slot.issued.end(), [](const Issued& one) { return !one.skipped; }));
}

void SendPath::report(ConnectionId id, const Send& send, TimePoint time, bool skipped) {
  if (id == kNoConnection || !send.report) return;
  notices_.push_back(
      Sent{.connection = id, .tag = send.request.tag, .seq_end = send.seq_end(), .time = time, .skipped = skipped});
}

void SendPath::report_in_order(Slot& slot, TimePoint time) {
  while (!slot.issued.empty() && (slot.issued.front().skipped || slot.issued.front().left)) {
    const Issued& first = slot.issued.front();
    report(slot.connection, first.send, first.left ? first.time : time, first.skipped);
    slot.issued.erase(slot.issued.begin());
  }
}

bool SendPath::on_sent(TimePoint now, unsigned index, std::uint16_t tag, TimePoint time) {
  if (index >= slots_.size()) return false;
  Slot& slot = slots_[index];
  const auto found = std::find_if(slot.issued.begin(), slot.issued.end(), [tag](const Issued& one) {
    return !one.skipped && !one.left && one.card_tag == tag;
  });
  if (found == slot.issued.end()) return false;
  // A SEND that was released is reported while the last segment of the one before it may still be on its way to the
  // wire. It waits for that one here.
  found->left = true;
  found->time = time;
  report_in_order(slot, time);
  slot.last_active = now;
  if (slot.connection == kNoConnection) {
    if (slot.issued.empty()) give_up(static_cast<int>(index));
  } else {
    at(slot.connection).last_active = now;
  }
  return true;
}

// --- urgent ----------------------------------------------------------------------------------------------------------

bool SendPath::poll_urgent(std::uint8_t epoch, Message& message) {
  for (std::size_t i = 0; i < used_; ++i) {
    Slot& slot = slots_[i];
    if (!slot.open || !slot.announced || slot.issued.empty()) continue;
    if (slot.connection != kNoConnection && slot.state_known && slot.state != at(slot.connection).state) {
      encode_update(static_cast<int>(i), epoch, message);
      return true;
    }
    if (slot.release_due) {
      begin_command(
          message,
          {.type = Command::kRelease, .epoch = epoch, .slot = static_cast<std::uint8_t>(i), .seq = slot.release_seq},
          0);
      slot.release_due = false;
      ++counters_.releases;
      return true;
    }
  }
  return false;
}

void SendPath::encode_update(int index, std::uint8_t epoch, Message& message) {
  Slot& slot = slots_[static_cast<std::size_t>(index)];
  slot.state = at(slot.connection).state;
  slot.state_known = true;
  begin_command(message,
                {.type = Command::kUpdate,
                 .epoch = epoch,
                 .slot = static_cast<std::uint8_t>(index),
                 .tag = slot.state.window,
                 .seq = slot.state.rcv_nxt,
                 .arg = slot.state.tsecr},
                0);
  ++counters_.updates;
}

// --- SEND ------------------------------------------------------------------------------------------------------------

bool SendPath::poll_send(TimePoint now, std::uint8_t epoch, Message& message) {
  if (!waiting_.empty()) assign_slots(now);
  do {
    assigned_ = false;
    for (std::size_t i = 0; i < used_; ++i) {
      const std::size_t index = wrap(next_slot_ + i);
      if (slots_[index].connection == kNoConnection) continue;
      if (issue(now, static_cast<int>(index), epoch, message)) {
        next_slot_ = wrap(index + 1);
        return true;
      }
    }
  } while (assigned_);  // A slot that was given up and assigned again may have been passed by.
  return false;
}

// SYN and FIN come after the payload and are acknowledged with one more.
bool SendPath::released(const Connection& connection, const Send& send) const {
  if (!connection.has_snd_una) return false;
  const std::uint8_t flags =
      send.request.udp ? std::uint8_t{0} : send.bytes[static_cast<std::size_t>(send.request.l4_offset) + 13];
  const bool one_more = send.request.bytes == 0 || (flags & (wire::kTcpFin | wire::kTcpSyn)) != 0;
  return one_more ? before(send.seq_end(), connection.snd_una) : !before(connection.snd_una, send.seq_end());
}

bool SendPath::skip_released(Connection& connection, Slot& slot) {
  bool skipped = false;
  while (!connection.pending.empty() && released(connection, connection.pending.front())) {
    slot.issued.push_back({.send = connection.pending.front(), .skipped = true});
    connection.pending.erase(connection.pending.begin());
    ++counters_.sends_skipped;
    skipped = true;
  }
  return skipped;
}

bool SendPath::issue(TimePoint now, int index, std::uint8_t epoch, Message& message) {
  Slot& slot = slots_[static_cast<std::size_t>(index)];
  Connection& connection = at(slot.connection);
  if (connection.pending.empty() && waiting_.empty() && !slot.draining) return false;
  if (!slot.preparing && skip_released(connection, slot)) report_in_order(slot, now);
  if (!waiting_.empty() && turn_over(slot)) slot.draining = true;
  if (slot.draining && slot.issued.empty()) {
    give_up(index);
    assign_slots(now);
    return false;
  }
  if (connection.pending.empty() || slot.draining || queued(slot) >= info_.queue_depth) return false;
  if (resize_due(slot, now)) return false;

  const SendRequest& next = connection.pending.front().request;
  const std::uint32_t begin = next.seq;
  const std::uint32_t limit = piece_limit(slot, next);
  const std::uint32_t end = begin + std::min(next.bytes, limit);
  if (!slot.announced || before(slot.goal, begin)) {
    // A new ring, or a jump ahead of all that was given to it: writing starts here.
    if (!slot.issued.empty()) return false;
    slot.announced = true;
    slot.state_known = false;
    slot.written = slot.goal = begin;
    slot.content.reset(slot.ring.bytes());
    begin_command(message,
                  {.type = Command::kSlot,
                   .epoch = epoch,
                   .slot = static_cast<std::uint8_t>(index),
                   .tag = static_cast<std::uint16_t>(slot.ring.log2),
                   .seq = begin,
                   .arg = slot.ring.base},
                  0);
    return true;
  }
  if (!prepare(slot, begin, end)) return false;
  if (next.stamp && (!slot.state_known || slot.state != connection.state)) {
    encode_update(index, epoch, message);
    return true;
  }
  Issued& issued = slot.issued.emplace_back();
  issued.send = take_piece(connection, limit);
  issued.card_tag = next_tag_++;
  issued.retransmission = connection.has_sent && before(begin, connection.sent_high);
  if (!connection.has_sent || before(connection.sent_high, end)) connection.sent_high = end;
  connection.has_sent = true;
  if (before(slot.goal, end)) slot.goal = end;
  slot.preparing = false;
  slot.turn_bytes += end - begin;
  encode_send(index, issued, epoch, message);
  ++counters_.sends;
  return true;
}

// True if all that the card takes for written is there and stays there.
bool SendPath::prepare(Slot& slot, std::uint32_t begin, std::uint32_t end) {
  if (slot.preparing) return slot.rewrites.empty();
  // SENDs before this one are still to be written. If their bytes belong into cells that this one needs, then each
  // would wait for the other.
  const std::uint32_t unwritten = slot.goal - slot.written;
  if (unwritten != 0 && clearance(slot.written, {begin, end}, slot.ring.bytes()) < unwritten) return false;
  const std::uint32_t old_end = before(slot.written, end) ? slot.written : end;
  if (!before(begin, old_end)) return true;
  const std::vector<SeqRange> missing = slot.content.missing(begin, old_end);
  if (missing.empty()) return true;
  // What is still to be written for SENDs before this one would evict the range again, so it comes first.
  if (slot.written != slot.goal) return false;
  slot.preparing = true;
  slot.rewrites.assign(missing.begin(), missing.end());
  counters_.rewrites += missing.size();
  return false;
}

SendPath::Send SendPath::take_piece(Connection& connection, std::uint32_t limit) {
  Send& front = connection.pending.front();
  Send piece = front;
  if (front.request.bytes <= limit) {
    connection.pending.erase(connection.pending.begin());
    return piece;
  }
  piece.request.bytes = limit;
  piece.report = false;
  const std::size_t flags = static_cast<std::size_t>(front.request.l4_offset) + 13;
  if (!front.request.udp) {
    piece.bytes[flags] &= static_cast<std::uint8_t>(~front.request.last_flags);
    front.bytes[flags] &= static_cast<std::uint8_t>(~front.request.first_flags);
  }
  front.request.seq += limit;
  front.request.bytes -= limit;
  front.request.ip_id = static_cast<std::uint16_t>(front.request.ip_id + limit / front.request.mss);
  return piece;
}

void SendPath::encode_send(int index, const Issued& issued, std::uint8_t epoch, Message& message) const {
  const SendRequest& request = issued.send.request;
  std::uint8_t flags = bit(SendFlag::kReport);
  if (request.ipv6) flags |= bit(SendFlag::kIpv6);
  if (request.udp) flags |= bit(SendFlag::kUdp);
  if (request.stamp) flags |= bit(SendFlag::kStamp);
  begin_command(message,
                {.type = Command::kSend,
                 .epoch = epoch,
                 .slot = static_cast<std::uint8_t>(index),
                 .flags = flags,
                 .tag = issued.card_tag,
                 .seq = request.seq,
                 .arg = request.bytes | static_cast<std::uint32_t>(request.mss) << 16},
                static_cast<std::size_t>(send::kBytes) + issued.send.template_bytes);
  const auto put = [&message](int offset, int bytes, std::uint32_t value) {
    store(message, kHeaderBytes + offset, bytes, value);
  };
  put(send::kTemplateBytes, send::kTemplateBytesBytes, issued.send.template_bytes);
  put(send::kL3Offset, send::kL3OffsetBytes, request.l3_offset);
  put(send::kL4Offset, send::kL4OffsetBytes, request.l4_offset);
  put(send::kTsecrOffset, send::kTsecrOffsetBytes, request.tsecr_offset);
  put(send::kPseudoSum, send::kPseudoSumBytes, request.pseudo_sum);
  put(send::kIpId, send::kIpIdBytes, request.ip_id);
  put(send::kFirstFlags, send::kFirstFlagsBytes, request.first_flags);
  put(send::kLastFlags, send::kLastFlagsBytes, request.last_flags);
  put(send::kReserved, send::kReservedBytes, 0);
  put(send::kPacingGapNs, send::kPacingGapNsBytes, request.pacing_gap_ns);
  std::copy_n(issued.send.bytes.begin(), issued.send.template_bytes, message.begin() + kHeaderBytes + send::kBytes);
}

// --- WRITE -----------------------------------------------------------------------------------------------------------

bool SendPath::poll_write(std::uint8_t epoch, Message& message) {
  for (std::size_t i = 0; i < used_; ++i) {
    const std::size_t index = wrap(next_write_ + i);
    const Slot& slot = slots_[index];
    if (slot.connection == kNoConnection || (slot.rewrites.empty() && slot.written == slot.goal)) continue;
    if (!write_from(static_cast<int>(index), epoch, message)) continue;
    next_write_ = wrap(index + 1);
    return true;
  }
  return false;
}

bool SendPath::write_from(int index, std::uint8_t epoch, Message& message) {
  Slot& slot = slots_[static_cast<std::size_t>(index)];
  if (!slot.announced) return false;
  const bool rewrite = !slot.rewrites.empty();
  const std::uint32_t seq = rewrite ? slot.rewrites.front().begin : slot.written;
  std::size_t wanted = std::min<std::size_t>(write_bytes_, (rewrite ? slot.rewrites.front().end : slot.goal) - seq);
  // Nothing before it is on its way out: its first segment should not wait for a second one's bytes.
  if (!rewrite && slot.issued.size() == 1 && slot.issued.front().send.request.seq == seq) {
    wanted = std::min<std::size_t>(wanted, slot.issued.front().send.request.mss);
  }
  const std::uint64_t under_way =
      payload_sent_ - std::min(payload_sent_, payload_taken_.value() * kPayloadCreditUnitBytes);
  std::size_t bytes = std::min<std::size_t>(
      wanted, info_.payload_window_bytes - std::min<std::uint64_t>(under_way, info_.payload_window_bytes));
  for (const Issued& one : slot.issued) {
    if (one.skipped) continue;
    bytes = std::min<std::size_t>(bytes, clearance(seq, {one.send.request.seq, one.send.seq_end()}, slot.ring.bytes()));
  }
  if (bytes == 0 || (bytes < wanted && bytes < kWriteBytesMin)) return false;

  begin_command(message,
                {.type = Command::kWrite,
                 .epoch = epoch,
                 .slot = static_cast<std::uint8_t>(index),
                 .flags = rewrite ? static_cast<std::uint8_t>(WriteFlag::kRewrite) : std::uint8_t{0},
                 .seq = seq},
                bytes);
  copy_payload(slot.connection, seq, std::span(message).subspan(kHeaderBytes, bytes));
  slot.content.add(seq, static_cast<std::uint32_t>(bytes));
  payload_sent_ += bytes;
  ++counters_.writes;
  counters_.write_bytes += bytes;
  if (!rewrite) {
    slot.written += static_cast<std::uint32_t>(bytes);
    return true;
  }
  counters_.rewrite_bytes += bytes;
  slot.rewrites.front().begin += static_cast<std::uint32_t>(bytes);
  if (slot.rewrites.front().bytes() == 0) slot.rewrites.pop_front();
  return true;
}

// What was acknowledged meanwhile is gone from the host: the card's segments of it are as good with zeros, since
// nobody reads them.
void SendPath::copy_payload(ConnectionId id, std::uint32_t seq, std::span<std::uint8_t> out) {
  const std::size_t gone = out.size() - source_.copy_payload(id, seq, out);
  assert(gone <= out.size());
  std::memset(out.data(), 0, gone);
  counters_.payload_missing_bytes += gone;
}

}  // namespace sockwire::card
