// SPDX-License-Identifier: Apache-2.0
// One direction of a wire: takes cycles in, gives cycles out, and does to the frames between what its Impairments say.
//
// A frame is what the wire itself shows: a burst of carrier from its first cycle to its last. It is cut through: unless
// something holds it back, its first cycle leaves in the same call in which it came, and gaps between frames survive.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "sim/phy/channel.hpp"
#include "sim/phy/impairments.hpp"
#include "sim/phy/line.hpp"
#include "sim/phy/line_peer.hpp"
#include "sim/phy/random.hpp"

namespace sockwire::sim {

/// The cycles of one frame on the wire, from its first carrier to its last.
template <int kBytes>
struct Burst {
  std::vector<Line<kBytes>> lines;
  int gap_before = 255;  ///< whole cycles of idle that the sender left before it, 255 for many
};

template <int kBytes>
class Wire {
 public:
  Wire(const Impairments& impairments, std::uint64_t seed)
      : impairments_(impairments), random_(seed), channel_(impairments.bit_error_rate, seed ^ 0x9E3779B97F4A7C15ULL) {}

  /// One cycle in. Precondition: now_ns does not run backwards.
  void push(std::uint64_t now_ns, const Line<kBytes>& line) {
    if (!capturing_ && is_idle(line)) {
      if (idle_cycles_ < 255) ++idle_cycles_;
      return;
    }
    capture(now_ns, line);
  }

  /// A whole frame in, from a sender that does not need cycles: it leaves as soon as the line is free.
  void push_burst(std::uint64_t now_ns, Burst<kBytes> burst) {
    auto frame = std::make_shared<Frame>();
    frame->burst = std::move(burst);
    frame->complete = true;
    enter(now_ns, std::move(frame));
  }

  /// One cycle out. Call it once for each push(), after it.
  Line<kBytes> pull(std::uint64_t now_ns) {
    if (quiet_) return {};
    return play(now_ns);
  }

  /// When the next cycle that is not idle may leave if nothing more comes in; 0: now; kNeverNs: the wire is empty.
  std::uint64_t next_arrival_ns() const;

  /// Frames that have entered and not yet begun to leave.
  std::size_t queued_frames() const { return queue_.size(); }

  WireCounters counters() const {
    WireCounters counters = counters_;
    counters.bit_errors = channel_.bit_errors();
    return counters;
  }

 private:
  struct Frame {
    Burst<kBytes> burst;
    bool complete = false;
  };
  struct Entry {
    std::shared_ptr<const Frame> frame;
    std::uint64_t release_ns = 0;
    std::uint64_t number = 0;  ///< frames in the order they entered; 0 for a copy
  };
  struct Held {
    Entry entry;
    std::uint64_t deadline_ns = 0;
    int overtakers = 0;  ///< still to pass
  };

  void capture(std::uint64_t now_ns, const Line<kBytes>& line);
  void enter(std::uint64_t now_ns, std::shared_ptr<Frame> frame);
  void enqueue(Entry entry);
  void release_held(std::uint64_t now_ns, bool frame_passed);
  bool may_start(std::uint64_t now_ns) const;
  Line<kBytes> play(std::uint64_t now_ns);
  void finish();

  Impairments impairments_;
  Random random_;
  Channel<kBytes> channel_;
  WireCounters counters_;

  std::shared_ptr<Frame> capturing_;
  int idle_cycles_ = 255;  ///< at the input
  std::uint64_t entered_ = 0;

  std::deque<Entry> queue_;
  std::vector<Held> held_;

  Entry playing_{};
  std::size_t position_ = 0;
  int gap_cycles_ = 255;            ///< at the output
  std::uint64_t last_number_ = 0;   ///< of the frame that left last
  std::uint64_t started_ns_ = 0;    ///< when `playing_` began to leave
  std::uint64_t line_free_ns_ = 0;  ///< a slower link is busy until then
  bool quiet_ = true;               ///< nothing to play, and the gap after the last frame is over
};

template <int kBytes>
void Wire<kBytes>::capture(std::uint64_t now_ns, const Line<kBytes>& line) {
  if (!capturing_) {
    capturing_ = std::make_shared<Frame>();
    capturing_->burst.lines.reserve(kBytes == 1 ? 1536 : 200);
    capturing_->burst.gap_before = idle_cycles_;
    capturing_->burst.lines.push_back(line);
    enter(now_ns, capturing_);
  } else if (!is_idle(line)) {
    capturing_->burst.lines.push_back(line);
  } else {
    capturing_->complete = true;
    capturing_.reset();
    idle_cycles_ = 1;
    return;
  }
  if (ends_frame(line)) {
    capturing_->complete = true;
    capturing_.reset();
    idle_cycles_ = 0;
  }
}

template <int kBytes>
void Wire<kBytes>::enter(std::uint64_t now_ns, std::shared_ptr<Frame> frame) {
  ++counters_.frames;
  ++entered_;
  quiet_ = false;
  if (entered_ == impairments_.lose_frame || random_.chance(impairments_.loss)) {
    ++counters_.lost;
    return;
  }
  if (queue_.size() >= impairments_.queue_frames) {
    ++counters_.queue_drops;
    return;
  }
  const bool twice = random_.chance(impairments_.duplication);
  const bool late = random_.chance(impairments_.reordering);
  Entry entry{std::move(frame), now_ns + impairments_.delay_ns, entered_};
  if (late) {
    ++counters_.reordered;
    held_.push_back({entry, entry.release_ns + impairments_.hold_ns, 1 + static_cast<int>(random_.below(3))});
  } else {
    enqueue(entry);
    release_held(now_ns, true);
  }
  if (twice) {
    ++counters_.duplicated;
    entry.number = 0;
    enqueue(entry);
  }
}

template <int kBytes>
void Wire<kBytes>::enqueue(Entry entry) {
  // The line keeps its order, so what was held leaves no earlier than what is before it.
  if (!queue_.empty()) entry.release_ns = std::max(entry.release_ns, queue_.back().release_ns);
  queue_.push_back(std::move(entry));
  quiet_ = false;
}

template <int kBytes>
void Wire<kBytes>::release_held(std::uint64_t now_ns, bool frame_passed) {
  for (std::size_t i = 0; i < held_.size();) {
    Held& held = held_[i];
    if (frame_passed) --held.overtakers;
    if (held.overtakers > 0 && now_ns < held.deadline_ns) {
      ++i;
      continue;
    }
    held.entry.number = 0;  // its own gap means nothing here
    enqueue(std::move(held.entry));
    held_.erase(held_.begin() + static_cast<std::ptrdiff_t>(i));
  }
}

template <int kBytes>
bool Wire<kBytes>::may_start(std::uint64_t now_ns) const {
  if (queue_.empty()) return false;
  const Entry& next = queue_.front();
  if (now_ns < next.release_ns || now_ns < line_free_ns_) return false;
  // Behind its own predecessor a frame keeps the sender's gap; elsewhere it gets a full one.
  const bool natural = next.number != 0 && next.number == last_number_ + 1;
  const int gap = natural ? std::min(next.frame->burst.gap_before, kGapCycles<kBytes>) : kGapCycles<kBytes>;
  return gap_cycles_ >= gap;
}

template <int kBytes>
void Wire<kBytes>::finish() {
  if (impairments_.rate_bps > 0) {
    const auto bits = static_cast<double>(8 * kBytes * playing_.frame->burst.lines.size());
    line_free_ns_ = started_ns_ + static_cast<std::uint64_t>(1e9 * bits / static_cast<double>(impairments_.rate_bps));
  }
  last_number_ = playing_.number;
  playing_ = {};
  gap_cycles_ = 0;
}

template <int kBytes>
Line<kBytes> Wire<kBytes>::play(std::uint64_t now_ns) {
  if (!held_.empty()) release_held(now_ns, false);
  if (!playing_.frame && may_start(now_ns)) {
    playing_ = std::move(queue_.front());
    queue_.pop_front();
    position_ = 0;
    ++counters_.delivered;
    started_ns_ = now_ns;
  }
  Line<kBytes> line{};
  if (playing_.frame && position_ < playing_.frame->burst.lines.size()) {
    line = playing_.frame->burst.lines[position_++];
    ++counters_.busy_cycles;
    if (playing_.frame->complete && position_ == playing_.frame->burst.lines.size()) {
      finish();
    }
  } else {
    if (playing_.frame) finish();  // the sender's carrier ended in this cycle
    if (gap_cycles_ < 255) ++gap_cycles_;
    quiet_ = !playing_.frame && !capturing_ && queue_.empty() && held_.empty() && gap_cycles_ >= kGapCycles<kBytes> &&
             channel_.quiet();
  }
  return channel_.carry(line);
}

template <int kBytes>
std::uint64_t Wire<kBytes>::next_arrival_ns() const {
  if (quiet_) return kNeverNs;
  if (playing_.frame || capturing_ || gap_cycles_ < kGapCycles<kBytes> || !channel_.quiet()) return 0;
  std::uint64_t next = kNeverNs;
  if (!queue_.empty()) next = std::max(queue_.front().release_ns, line_free_ns_);
  for (const Held& held : held_) next = std::min(next, held.deadline_ns);
  return next == kNeverNs ? 0 : next;
}

}  // namespace sockwire::sim
