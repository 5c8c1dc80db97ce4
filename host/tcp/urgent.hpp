// SPDX-License-Identifier: Apache-2.0
// Urgent data (RFC 9293 3.8.5, RFC 6093): it stays in its place in the stream; only how far it reaches is told.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "hls/wire/seq_num.hpp"

namespace sockwire::tcp {

/// How far the urgent data of one direction reaches: SND.UP or RCV.UP, the number behind its last byte.
class UrgentMark {
 public:
  /// There is urgent data up to `up`. Returns whether there was none before, so that it is news.
  bool raise(SeqNum up) {
    const bool news = !up_;
    up_ = news ? up : seq_max(*up_, up);
    return news;
  }
  /// All before `seq` has been read, or acknowledged.
  void pass(SeqNum seq) {
    if (up_ && *up_ <= seq) up_.reset();
  }
  bool active() const { return up_.has_value(); }
  /// Bytes of it from `seq` on.
  std::uint32_t bytes_from(SeqNum seq) const { return up_ && *up_ > seq ? *up_ - seq : 0; }
  /// The header's field for a segment that begins at `seq`: what does not fit is told by a later segment.
  std::uint16_t pointer_from(SeqNum seq) const {
    return static_cast<std::uint16_t>(std::min<std::uint32_t>(bytes_from(seq), 65535));
  }

 private:
  std::optional<SeqNum> up_;
};

}  // namespace sockwire::tcp
