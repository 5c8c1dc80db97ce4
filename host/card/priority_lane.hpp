// SPDX-License-Identifier: Apache-2.0
// Frames on their way into the card's priority lane: queues in the host that wait for the lane's credits.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "host/card/driver.hpp"
#include "host/card/message.hpp"

namespace sockwire::card {

class PriorityLane {
 public:
  PriorityLane(const DriverConfig& config, DriverCounters& counters, std::deque<Notice>& notices)
      : config_(config), counters_(counters), notices_(notices) {}

  /// A new epoch: nothing is in the card's lane.
  void start(unsigned control_credits, unsigned ack_credits);
  /// The card has gone. What it had and was to report is reported as skipped; what waits here stays.
  void lose(TimePoint now);

  Result<void, FrameError> queue(const FrameRequest& request);
  bool room() const { return control_queue_.size() < config_.control_queue_frames; }
  /// The credits of an event.
  void on_credit(std::uint8_t control, std::uint8_t ack);
  /// A SENT for the lane. False if it was not asked for.
  bool on_sent(std::uint16_t tag, TimePoint time);
  /// Nobody wants to hear of this connection any more.
  void forget(ConnectionId connection);
  /// The next frame that has a credit.
  bool poll(std::uint8_t epoch, Message& message);

 private:
  struct Waiting {
    Message message;  // FRAME but for epoch and tag.
    ConnectionId connection;
    std::uint32_t tag;
    bool report;
    bool supersedes;
  };
  struct Reported {
    std::uint16_t card_tag;
    ConnectionId connection;
    std::uint32_t tag;
  };

  bool supersede(const FrameRequest& request);
  void take(std::deque<Waiting>& queue, std::uint8_t epoch, Message& message);

  const DriverConfig& config_;
  DriverCounters& counters_;
  std::deque<Notice>& notices_;
  std::deque<Waiting> control_queue_;
  std::deque<Waiting> ack_queue_;
  std::deque<Reported> reported_;
  std::uint16_t next_tag_ = 0;
  unsigned control_credits_ = 0;
  unsigned ack_credits_ = 0;
  std::uint64_t control_sent_ = 0;
  std::uint64_t ack_sent_ = 0;
  WrappingCounter<8> control_left_;
  WrappingCounter<8> ack_left_;
};

}  // namespace sockwire::card
