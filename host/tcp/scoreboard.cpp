// SPDX-License-Identifier: Apache-2.0
#include "host/tcp/scoreboard.hpp"

#include <algorithm>
#include <cassert>

namespace sockwire::tcp {

void Scoreboard::add(SeqNum begin, SeqNum end, std::uint32_t tag, TimePoint handed) {
  assert(begin < end && (ranges_.empty() || ranges_.back().end == begin));
  Range range;
  range.begin = begin;
  range.end = end;
  range.tag = tag;
  range.handed = handed;
  ranges_.push_back(range);
}

void Scoreboard::resend(SeqNum begin, SeqNum end, std::uint32_t tag, TimePoint handed) {
  const std::size_t from = split(begin);
  const std::size_t to = split(end);
  for (std::size_t i = from; i < to; ++i) {
    Range& range = ranges_[i];
    set_lost(range, false);
    range.tag = tag;
    range.handed = handed;
    range.waits = true;
    range.retransmitted = true;
  }
}

void Scoreboard::on_departed(SeqNum begin, SeqNum end, std::uint32_t tag, TimePoint departed, const RateMark& mark) {
  for (std::size_t i = index_of(begin); i < ranges_.size() && ranges_[i].begin < end; ++i) {
    Range& range = ranges_[i];
    if (range.tag != tag) continue;
    range.waits = false;
    range.departed = departed;
    range.mark = mark;
  }
}

void Scoreboard::forgive() {
  for (Range& range : ranges_) set_lost(range, false);
}

void Scoreboard::forget_sacks() {
  for (Range& range : ranges_) range.sacked = false;
  sacked_bytes_ = 0;
}

void Scoreboard::clear() {
  ranges_.clear();
  sacked_bytes_ = lost_bytes_ = 0;
}

Scoreboard::Run Scoreboard::first_lost() const {
  Run run;
  if (lost_bytes_ == 0) return run;
  auto range = std::find_if(ranges_.begin(), ranges_.end(), [](const Range& r) { return r.lost; });
  run.begin = run.end = range->begin;
  for (; range != ranges_.end() && range->lost; ++range) run.end = range->end;
  return run;
}

std::size_t Scoreboard::index_of(SeqNum seq) const {
  const auto found = std::partition_point(ranges_.begin(), ranges_.end(), [&](const Range& r) { return r.end <= seq; });
  return static_cast<std::size_t>(found - ranges_.begin());
}

std::size_t Scoreboard::split(SeqNum seq) {
  const std::size_t at = index_of(seq);
  if (at == ranges_.size() || ranges_[at].begin >= seq) return at;
  Range behind = ranges_[at];
  ranges_[at].end = behind.begin = seq;
  ranges_.insert(ranges_.begin() + static_cast<std::ptrdiff_t>(at) + 1, behind);
  return at + 1;
}

void Scoreboard::set_lost(Range& range, bool lost) {
  if (range.lost == lost) return;
  range.lost = lost;
  if (lost)
    lost_bytes_ += range.bytes();
  else
    lost_bytes_ -= range.bytes();
}

void Scoreboard::set_sacked(Range& range) {
  set_lost(range, false);
  range.sacked = true;
  range.waits = false;
  sacked_bytes_ += range.bytes();
}

// Nothing tells two ranges apart that the peer has: one is enough.
void Scoreboard::join_sacked(std::size_t from, std::size_t to) {
  if (from > 0 && ranges_[from - 1].sacked) --from;
  if (to < ranges_.size() && ranges_[to].sacked) ++to;
  if (to - from < 2) return;
  ranges_[from].end = ranges_[to - 1].end;
  ranges_[from].retransmitted = true;  // no part measures anything any more
  ranges_.erase(ranges_.begin() + static_cast<std::ptrdiff_t>(from) + 1,
                ranges_.begin() + static_cast<std::ptrdiff_t>(to));
}

}  // namespace sockwire::tcp
