// SPDX-License-Identifier: Apache-2.0
#include "host/card/priority_lane.hpp"

#include <algorithm>

namespace sockwire::card {
namespace {

std::uint8_t bit(FrameFlag flag) { return static_cast<std::uint8_t>(flag); }

bool uses_ack_credit(const FrameRequest& request) {
  return request.ack && request.bytes.size() <= static_cast<std::size_t>(kAckFrameBytesMax);
}

void encode(Message& message, const FrameRequest& request) {
  std::uint8_t flags = 0;
  if (request.insert_l3) flags |= bit(FrameFlag::kInsertL3);
  if (request.insert_l4) flags |= bit(FrameFlag::kInsertL4);
  if (uses_ack_credit(request)) flags |= bit(FrameFlag::kAck);
  if (request.report) flags |= bit(FrameFlag::kReportFrame);
  if (request.udp_zero) flags |= bit(FrameFlag::kUdpZero);
  begin_command(message, {.type = Command::kFrame, .flags = flags}, request.bytes.size());
  store(message, frame::kL3Offset, frame::kL3OffsetBytes, request.l3_offset);
  store(message, frame::kL4Offset, frame::kL4OffsetBytes, request.l4_offset);
  store(message, frame::kChecksumOffset, frame::kChecksumOffsetBytes, request.checksum_offset);
  store(message, frame::kPseudoSum, frame::kPseudoSumBytes, request.pseudo_sum);
  std::copy(request.bytes.begin(), request.bytes.end(), message.begin() + kHeaderBytes);
}

}  // namespace

const char* message_of(FrameError error) {
  switch (error) {
    case FrameError::kQueueFull:
      return "the card takes no further frame for now: try again when one has left";
    case FrameError::kTooLong:
      return "a frame has 1 to 1518 bytes without its FCS: make it shorter";
  }
  return "unknown";
}

void PriorityLane::start(unsigned control_credits, unsigned ack_credits) {
  control_credits_ = control_credits;
  ack_credits_ = ack_credits;
  control_sent_ = ack_sent_ = 0;
  control_left_.reset();
  ack_left_.reset();
}

void PriorityLane::lose(TimePoint now) {
  for (const Reported& frame : reported_) {
    if (frame.connection == kNoConnection) continue;
    notices_.push_back(Sent{.connection = frame.connection, .tag = frame.tag, .time = now, .skipped = true});
  }
  reported_.clear();
  control_credits_ = ack_credits_ = 0;
}

// Only the newest waiting ACK of the connection may go: what lies before it was kept for a reason.
bool PriorityLane::supersede(const FrameRequest& request) {
  if (!request.supersedes || request.report || request.connection == kNoConnection) return false;
  for (auto waiting = ack_queue_.rbegin(); waiting != ack_queue_.rend(); ++waiting) {
    if (waiting->connection != request.connection) continue;
    if (!waiting->supersedes || waiting->report) return false;
    encode(waiting->message, request);
    ++counters_.acks_superseded;
    return true;
  }
  return false;
}

Result<void, FrameError> PriorityLane::queue(const FrameRequest& request) {
  if (request.bytes.empty() || request.bytes.size() > static_cast<std::size_t>(kFrameBytesMax)) {
    return Failure{FrameError::kTooLong};
  }
  const bool ack = uses_ack_credit(request);
  if (ack && supersede(request)) return {};
  std::deque<Waiting>& queue = ack ? ack_queue_ : control_queue_;
  if (queue.size() >= (ack ? config_.ack_queue_frames : config_.control_queue_frames)) {
    ++counters_.frames_refused;
    return Failure{FrameError::kQueueFull};
  }
  queue.push_back({.message = {},
                   .connection = request.connection,
                   .tag = request.tag,
                   .report = request.report,
                   .supersedes = ack && request.supersedes});
  encode(queue.back().message, request);
  return {};
}

void PriorityLane::on_credit(std::uint8_t control, std::uint8_t ack) {
  control_left_.update(control);
  ack_left_.update(ack);
}

bool PriorityLane::on_sent(std::uint16_t tag, TimePoint time) {
  const auto frame =
      std::find_if(reported_.begin(), reported_.end(), [tag](const Reported& one) { return one.card_tag == tag; });
  if (frame == reported_.end()) return false;
  if (frame->connection != kNoConnection) {
    notices_.push_back(Sent{.connection = frame->connection, .tag = frame->tag, .time = time});
  }
  reported_.erase(frame);
  return true;
}

void PriorityLane::forget(ConnectionId connection) {
  const auto clear = [connection](auto& queue) {
    for (auto& one : queue) {
      if (one.connection == connection) one.connection = kNoConnection;
    }
  };
  clear(control_queue_);
  clear(ack_queue_);
  clear(reported_);
}

void PriorityLane::take(std::deque<Waiting>& queue, std::uint8_t epoch, Message& message) {
  Waiting& frame = queue.front();
  message.swap(frame.message);
  store(message, command::kEpoch, command::kEpochBytes, epoch);
  if (frame.report) {
    store(message, command::kTag, command::kTagBytes, next_tag_);
    reported_.push_back({next_tag_++, frame.connection, frame.tag});
  }
  queue.pop_front();
  ++counters_.frames;
}

bool PriorityLane::poll(std::uint8_t epoch, Message& message) {
  if (!control_queue_.empty() && control_sent_ - control_left_.value() < control_credits_) {
    ++control_sent_;
    take(control_queue_, epoch, message);
    return true;
  }
  if (!ack_queue_.empty() && ack_sent_ - ack_left_.value() < ack_credits_) {
    ++ack_sent_;
    take(ack_queue_, epoch, message);
    return true;
  }
  return false;
}

}  // namespace sockwire::card
