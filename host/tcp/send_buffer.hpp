// SPDX-License-Identifier: Apache-2.0
// What the application gave and the peer has not acknowledged.
#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>

#include "host/tcp/ring.hpp"

namespace sockwire::tcp {

/// A queue of bytes with sequence numbers:
///
///     begin()                                 end()
///     | sent, unacknowledged | not yet sent |  space()  |
class SendBuffer {
 public:
  SendBuffer(std::size_t capacity, SeqNum begin) : ring_(capacity), begin_(begin), end_(begin) {}

  /// Copies as much as there is space for, and returns how much.
  std::size_t append(std::span<const std::uint8_t> data) {
    const std::size_t bytes = std::min(data.size(), space());
    ring_.reserve(begin_, end_ + static_cast<std::uint32_t>(bytes));
    ring_.write(end_, data.first(bytes));
    end_ += static_cast<std::uint32_t>(bytes);
    return bytes;
  }
  /// Gives up what lies before `seq`.
  void release_to(SeqNum seq) {
    assert(seq <= end_);
    begin_ = seq_max(begin_, seq);
    if (begin_ == end_) ring_.on_empty();
  }
  void clear() { end_ = begin_; }

  /// The part of [seq, seq + bytes) that is still here.
  Spans view(SeqNum seq, std::size_t bytes) const {
    const SeqNum last = seq_min(seq + static_cast<std::uint32_t>(bytes), end_);
    const SeqNum first = seq_max(seq, begin_);
    return first < last ? ring_.view(first, last - first) : Spans{};
  }

  SeqNum begin() const { return begin_; }
  SeqNum end() const { return end_; }
  std::size_t size() const { return end_ - begin_; }
  std::size_t space() const { return ring_.capacity() - size(); }
  std::size_t capacity() const { return ring_.capacity(); }

 private:
  SeqRing ring_;
  SeqNum begin_;
  SeqNum end_;
};

}  // namespace sockwire::tcp
