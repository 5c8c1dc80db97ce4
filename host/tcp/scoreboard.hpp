// SPDX-License-Identifier: Apache-2.0
// What is known of each byte between SND.UNA and SND.NXT: the scoreboard of RFC 6675, with the times that RACK needs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "hls/wire/seq_num.hpp"
#include "host/base/time.hpp"
#include "host/tcp/delivery_rate.hpp"

namespace sockwire::tcp {

///     snd_una                                                        snd_nxt
///     | sacked | lost, to be sent again | on its way | waits on the card |
///
/// Ranges lie side by side without gaps. One is what was handed to the card in one go, or a part of it: where an
/// acknowledgement or a retransmission takes a part, the range is split. SYN and FIN are bytes of it, too.
class Scoreboard {
 public:
  struct Range {
    SeqNum begin;
    SeqNum end;
    std::uint32_t tag = 0;       ///< Of its last transmission.
    TimePoint handed;            ///< When that was handed to the card: its timestamp option says so.
    TimePoint departed;          ///< When its last bit left.
    RateMark mark;               ///< Of that moment.
    bool waits = true;           ///< It has not left yet.
    bool sacked = false;         ///< The peer has it (RFC 2018), though it may still change its mind.
    bool lost = false;           ///< Taken for lost and not sent again since.
    bool retransmitted = false;  ///< Sent more than once (Karn).

    std::uint32_t bytes() const { return end - begin; }
  };

  /// A hostile peer splits ranges by what it acknowledges. Beyond so many, what it says selectively is not noted: that
  /// is advice only (RFC 2018 8).
  static constexpr std::size_t kMaxRanges = 4096;
  /// So many segments are outstanding that no more should be: small ones then gather into larger ones.
  bool full() const { return ranges_.size() >= kMaxRanges / 2; }

  bool empty() const { return ranges_.empty(); }
  const std::vector<Range>& ranges() const { return ranges_; }
  std::uint32_t sacked_bytes() const { return sacked_bytes_; }
  std::uint32_t lost_bytes() const { return lost_bytes_; }

  /// New data, behind all that is here.
  void add(SeqNum begin, SeqNum end, std::uint32_t tag, TimePoint handed);
  /// [begin, end) is handed over again. Precondition: it is here.
  void resend(SeqNum begin, SeqNum end, std::uint32_t tag, TimePoint handed);
  /// The transmission `tag` of [begin, end) has left. What was handed over again since is not concerned.
  void on_departed(SeqNum begin, SeqNum end, std::uint32_t tag, TimePoint departed, const RateMark& mark = {});

  /// SND.UNA moves to `una`. visit(const Range&, bool whole) sees each range, or the part of one that is not whole,
  /// that is acknowledged and had not been so selectively, in order.
  template <typename Visit>
  void acknowledge(SeqNum una, Visit visit);
  /// The peer has [begin, end): visit() sees what is news of it, in order.
  template <typename Visit>
  void sack(SeqNum begin, SeqNum end, Visit visit);
  /// Marks what is on its way in [begin, end), as far as is_lost(const Range&), and returns how many bytes.
  template <typename IsLost>
  std::uint32_t mark_lost(SeqNum begin, SeqNum end, IsLost is_lost);
  /// What was taken for lost was not.
  void forgive();
  /// The peer has dropped what it had acknowledged selectively (RFC 2018 8).
  void forget_sacks();
  void clear();

  /// The first range to be sent again, and where the lost ranges that follow it without a gap end. Nothing lost: an
  /// empty one.
  struct Run {
    SeqNum begin;
    SeqNum end;
    std::uint32_t bytes() const { return end - begin; }
  };
  Run first_lost() const;

 private:
  /// The first range that ends behind `seq`.
  std::size_t index_of(SeqNum seq) const;
  /// Makes a border at `seq`, if it lies inside of a range, and returns the index of the range that begins there (or
  /// behind it).
  std::size_t split(SeqNum seq);
  bool may_split() const { return ranges_.size() + 2 <= kMaxRanges; }
  void set_lost(Range& range, bool lost);
  void set_sacked(Range& range);
  void join_sacked(std::size_t from, std::size_t to);

  std::vector<Range> ranges_;
  std::uint32_t sacked_bytes_ = 0;
  std::uint32_t lost_bytes_ = 0;
};

template <typename Visit>
void Scoreboard::acknowledge(SeqNum una, Visit visit) {
  std::size_t gone = 0;
  while (gone < ranges_.size() && ranges_[gone].begin < una) ++gone;
  for (std::size_t i = 0; i < gone; ++i) {
    Range part = ranges_[i];
    part.end = seq_min(part.end, una);
    if (!part.sacked) visit(static_cast<const Range&>(part), part.end == ranges_[i].end);
    (part.sacked ? sacked_bytes_ : lost_bytes_) -= part.sacked || part.lost ? part.bytes() : 0;
  }
  if (gone > 0 && ranges_[gone - 1].end > una) ranges_[--gone].begin = una;
  ranges_.erase(ranges_.begin(), ranges_.begin() + static_cast<std::ptrdiff_t>(gone));
}

template <typename Visit>
void Scoreboard::sack(SeqNum begin, SeqNum end, Visit visit) {
  if (ranges_.empty() || !may_split()) return;
  begin = seq_max(begin, ranges_.front().begin);
  end = seq_min(end, ranges_.back().end);
  if (begin >= end) return;
  const std::size_t first = index_of(begin);
  bool news = false;
  for (std::size_t i = first; i < ranges_.size() && ranges_[i].begin < end; ++i) news |= !ranges_[i].sacked;
  if (!news) return;
  const std::size_t from = split(begin);
  const std::size_t to = split(end);
  for (std::size_t i = from; i < to; ++i) {
    if (ranges_[i].sacked) continue;
    visit(static_cast<const Range&>(ranges_[i]));
    set_sacked(ranges_[i]);
  }
  join_sacked(from, to);
}

template <typename IsLost>
std::uint32_t Scoreboard::mark_lost(SeqNum begin, SeqNum end, IsLost is_lost) {
  const std::uint32_t before = lost_bytes_;
  if (ranges_.empty() || begin >= end) return 0;
  if (may_split()) split(begin), split(end);
  for (Range& range : ranges_) {
    if (range.begin < begin || range.begin >= end || range.sacked || range.lost || range.waits) continue;
    if (is_lost(static_cast<const Range&>(range))) set_lost(range, true);
  }
  return lost_bytes_ - before;
}

}  // namespace sockwire::tcp
