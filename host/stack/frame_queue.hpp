// SPDX-License-Identifier: Apache-2.0
// Whole frames of the network layer that wait for the card, in order and bounded: a flood of questions goes unanswered
// beyond that.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <utility>

#include "host/stack/descriptor.hpp"

namespace sockwire::stack {

class FrameQueue {
 public:
  /// dropped: counts what finds no place; outlives the queue.
  explicit FrameQueue(std::uint64_t& dropped, std::size_t max_frames = 256)
      : dropped_(dropped), max_frames_(max_frames) {}

  void push(TxFrame frame) {
    if (frames_.size() >= max_frames_) {
      ++dropped_;
      return;
    }
    frames_.push_back(std::move(frame));
  }
  [[nodiscard]] std::optional<TxFrame> pop() {
    if (frames_.empty()) return std::nullopt;
    std::optional<TxFrame> frame = std::move(frames_.front());
    frames_.pop_front();
    return frame;
  }
  bool empty() const { return frames_.empty(); }

 private:
  std::uint64_t& dropped_;
  std::size_t max_frames_;
  std::deque<TxFrame> frames_;
};

}  // namespace sockwire::stack
