// SPDX-License-Identifier: Apache-2.0
// Was a fast recovery a mistake? It was, if the peer says of all that was sent again that it had it (RFC 2883, as RFC
// 3708 makes use of it): then packets had only overtaken one another.
#pragma once

#include <array>
#include <cstddef>

#include "hls/wire/seq_num.hpp"

namespace sockwire::tcp {

class SpuriousRecovery {
 public:
  /// Fast recovery begins.
  void start() {
    watching_ = true;
    count_ = 0;
  }
  /// Whatever else has reduced the window since: this recovery's mistake is not all that there is to take back.
  void stop() { watching_ = false; }

  /// [begin, end) is sent again in this recovery.
  void on_resent(SeqNum begin, SeqNum end) {
    if (!watching_) return;
    for (std::size_t i = 0; i < count_; ++i) {
      // Lost twice, or so it seems; and one answer cannot be told from the other.
      if (begin < open_[i].end && open_[i].begin < end) return stop();
    }
    if (count_ > 0 && open_[count_ - 1].end == begin) {
      open_[count_ - 1].end = end;
    } else if (count_ < open_.size()) {
      open_[count_++] = {begin, end};
    } else {
      stop();
    }
  }
  /// The peer got [begin, end) twice. True: with that, everything that was sent again.
  bool on_dsack(SeqNum begin, SeqNum end) {
    if (!watching_) return false;
    bool found = false;
    for (std::size_t i = 0; i < count_ && !found; ++i) {
      Range& range = open_[i];
      if (end <= range.begin || range.end <= begin) continue;
      found = true;
      if (range.begin < begin) {  // what is before it was missing, or nobody will know
        stop();
        return false;
      }
      range.begin = seq_min(end, range.end);
      if (range.begin == range.end) range = open_[--count_];
    }
    if (!found || count_ > 0) return false;
    stop();
    return true;
  }

 private:
  struct Range {
    SeqNum begin;
    SeqNum end;
  };
  /// Sent again, and nothing heard of it. A recovery of more holes is taken for what it seems.
  std::array<Range, 8> open_{};
  std::size_t count_ = 0;
  bool watching_ = false;
};

}  // namespace sockwire::tcp
