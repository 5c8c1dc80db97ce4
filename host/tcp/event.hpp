// SPDX-License-Identifier: Apache-2.0
// What a connection tells the application.
#pragma once

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdint>
#include <optional>

namespace sockwire::tcp {

/// What happened, for the application. Each is reported once per occurrence.
enum class Event : std::uint8_t {
  kConnected,    ///< The handshake is complete.
  kReadable,     ///< readable_bytes() has become more, or end_of_stream() true.
  kWritable,     ///< send_space() has become more after send() had accepted less than it was given.
  kCompletion,   ///< take_completion() has something.
  kPeerClosed,   ///< The peer sent FIN: what is readable is the last.
  kRefused,      ///< RST in answer to our SYN.
  kReset,        ///< RST from the peer.
  kTimedOut,     ///< Retransmissions exhausted (or the handshake's).
  kUnreachable,  ///< on_unreachable() ended the attempt.
  kTroubled,     ///< The same data was sent again three times (R1 of RFC 9293 3.8.3): the path may be dead.
  kSoftError,    ///< on_soft_error(), or on_unreachable() after the handshake: it goes on.
  kUrgent,       ///< The peer has sent urgent data: urgent_bytes() has become more than 0.
  kClosed,       ///< State CLOSED reached, in whatever way. Always the last event.
};

/// Events in their order, until somebody asks. Those that may happen again wait once at most, and the others happen
/// once, so the room is bounded.
class EventQueue {
 public:
  void push(Event event) {
    const bool repeats = event == Event::kReadable || event == Event::kWritable || event == Event::kCompletion ||
                         event == Event::kTroubled || event == Event::kSoftError || event == Event::kUrgent;
    if (repeats && std::find(waiting_.begin(), waiting_.begin() + count_, event) != waiting_.begin() + count_) return;
    assert(count_ < waiting_.size());
    waiting_[count_++] = event;
  }
  std::optional<Event> pop() {
    if (count_ == 0) return std::nullopt;
    const Event first = waiting_[0];
    std::copy(waiting_.begin() + 1, waiting_.begin() + count_, waiting_.begin());
    --count_;
    return first;
  }
  bool empty() const { return count_ == 0; }

 private:
  std::array<Event, 13> waiting_{};
  std::uint8_t count_ = 0;
};

}  // namespace sockwire::tcp
