// SPDX-License-Identifier: Apache-2.0
// What an acknowledgement tells the sending half: which bytes have arrived, how long that took, how much more may go.
#include <algorithm>

#include "host/tcp/sender.hpp"

namespace sockwire::tcp {

namespace {

/// RFC 7323 4.1: whether the echoed clock is from before `handed`, both in milliseconds modulo 2^32.
bool echoes_earlier(std::uint32_t echo, TimePoint handed) {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(handed.time_since_epoch()).count();
  return ((echo - static_cast<std::uint32_t>(ms)) >> 31) != 0;
}

}  // namespace

void Sender::on_established(TimePoint now, const Segment& segment) {
  snd_wl1_ = segment.seq;
  snd_wl2_ = segment.ack;
  snd_wnd_ = static_cast<std::uint32_t>(segment.window) << (segment.syn() ? 0 : peer_shift_);
  max_snd_wnd_ = std::max(max_snd_wnd_, snd_wnd_);
  if (timeouts_in_row_ > 0) rtt_.on_syn_timed_out();
  Delivered delivered;
  delivered.now = now;
  take_cumulative_ack(delivered, segment.ack);
  take_round_trip(delivered);
  update_persist(now);
  arm_timers(now, true);
}

void Sender::on_ack(TimePoint now, const Segment& segment, std::optional<std::uint32_t> echo) {
  const SeqNum ack = segment.ack;
  window_probes_in_row_ = 0;
  if (ack < snd_una_) return;
  const std::uint32_t window = static_cast<std::uint32_t>(segment.window) << peer_shift_;
  const std::uint32_t flight_before = in_flight();
  Delivered delivered;
  delivered.now = now;
  delivered.echo = echo;
  // RFC 5681 2: the five conditions of a duplicate.
  delivered.duplicate =
      ack == snd_una_ && flight() > 0 && !window_probe_outstanding_ && segment.length() == 0 && window == snd_wnd_;
  if (ack > snd_una_) take_cumulative_ack(delivered, ack);
  if (sack_) take_sack_blocks(delivered, segment);
  if (delivered.duplicate) take_duplicate(delivered);
  if (const auto larger = mtu_ ? mtu_->on_acknowledged(snd_una_) : std::nullopt) set_mss(*larger);
  take_round_trip(delivered);
  if (ecn_ && (segment.flags & wire::kTcpEce) != 0) take_ecn_echo(delivered);
  repair(delivered, flight_before);
  take_window(segment, delivered.advanced > 0);
  // RFC 9293 3.8.6: who has shrunk its window below what is in flight, and still answers, is not given up.
  if (snd_wnd_ < std::min<std::uint32_t>(flight(), mss_)) timeouts_in_row_ = 0;
  update_persist(now);
  arm_timers(now, delivered.advanced > 0);
}

void Sender::take_cumulative_ack(Delivered& delivered, SeqNum ack) {
  delivered.advanced = ack - snd_una_;
  scoreboard_.acknowledge(ack,
                          [&](const Scoreboard::Range& range, bool whole) { take_delivered(delivered, range, whole); });
  // RFC 2018 8: the ACK stops short of what the peer had said that it had, so it has dropped that.
  if (!scoreboard_.empty() && scoreboard_.ranges().front().sacked) scoreboard_.forget_sacks();
  snd_una_ = ack;
  snd_nxt_ = seq_max(snd_nxt_, ack);
  buffer_.release_to(seq_min(ack, buffer_.end()));
  bytes_acked_ += delivered.advanced;
  timeouts_in_row_ = 0;
  window_probe_outstanding_ = false;
  syn_wanted_ = false;
  dup_acks_ = 0;
  if (!sack_) {
    // RFC 6582: one segment filled the hole; what duplicates had announced is not delivered a second time.
    const std::uint32_t behind = delivered.advanced > mss_ ? delivered.advanced - mss_ : 0;
    delivered.bytes -= std::min({duplicate_bytes_, behind, delivered.bytes});
    duplicate_bytes_ -= repair_ == Repair::kFast ? std::min(duplicate_bytes_, behind) : duplicate_bytes_;
  }
}

void Sender::take_sack_blocks(Delivered& delivered, const Segment& segment) {
  const SackBlocks& blocks = segment.options.sack;
  for (std::size_t i = 0; i < blocks.count; ++i) {
    const SackBlock& block = blocks.at[i];
    if (block.begin >= block.end) continue;
    // RFC 2883 4: the first block repeats what was acknowledged already, or lies within the second.
    if (i == 0 && (block.end <= segment.ack ||
                   (blocks.count > 1 && block.begin >= blocks.at[1].begin && block.end <= blocks.at[1].end))) {
      delivered.dsack = block.end + max_snd_wnd_ > snd_una_;
      delivered.needless = delivered.dsack && spurious_.on_dsack(block.begin, block.end);
      continue;
    }
    if (block.begin < snd_una_ || block.end > snd_nxt_) continue;
    scoreboard_.sack(block.begin, block.end,
                     [&](const Scoreboard::Range& range) { take_delivered(delivered, range, false); });
  }
  if (delivered.dsack) rack_.on_dsack(snd_una_, snd_nxt_);
}

void Sender::take_delivered(Delivered& delivered, const Scoreboard::Range& range, bool whole) {
  delivered.bytes += range.bytes();
  if (!range.waits) delivered.rate.on_delivered(range.mark, range.departed);
  if (range.retransmitted) {
    delivered.retransmitted = true;
  } else {
    delivered.original |= repair_ == Repair::kTimeout && range.end <= recover_;
    if (whole && !range.waits) delivered.rtt = delivered.now - range.departed;
  }
  if (!sack_) return;
  const bool older = delivered.echo && echoes_earlier(*delivered.echo, range.handed);
  rack_.on_delivered(delivered.now, range, rtt_.min_rtt(), older);
}

void Sender::take_duplicate(Delivered& delivered) {
  ++dup_acks_in_;
  ++dup_acks_;
  if (sack_) return;
  // RFC 5681 3.2 step 4: a segment has left the network. Never all of them, since one is missing.
  const std::uint32_t most = flight() > mss_ ? flight() - mss_ : 0;
  const std::uint32_t bytes = std::min<std::uint32_t>(mss_, most > duplicate_bytes_ ? most - duplicate_bytes_ : 0);
  duplicate_bytes_ += bytes;
  delivered.bytes += bytes;
}

void Sender::take_round_trip(const Delivered& delivered) {
  if (delivered.advanced == 0) return;
  if (delivered.rtt && !delivered.retransmitted) {
    rtt_.on_sample(delivered.now, *delivered.rtt);
    tail_.on_measured();
  } else if (delivered.echo) {
    rtt_.reset_backoff();
  }
}

void Sender::take_window(const Segment& segment, bool advanced) {
  // RFC 9293 3.10.7.4, fifth. `advanced` besides: a pure ACK may have overtaken older data on the peer's card, and then
  // SND.WL1 is ahead of what follows.
  const bool newer = snd_wl1_ < segment.seq || (snd_wl1_ == segment.seq && snd_wl2_ <= segment.ack) || advanced;
  if (!newer) return;
  snd_wnd_ = static_cast<std::uint32_t>(segment.window) << peer_shift_;
  max_snd_wnd_ = std::max(max_snd_wnd_, snd_wnd_);
  snd_wl1_ = segment.seq;
  snd_wl2_ = segment.ack;
  if (!window_probe_outstanding_ || snd_wnd_ == 0) return;
  // The window opened without the probe's byte: it was not taken, so it is data not yet sent.
  window_probe_outstanding_ = false;
  if (queued(snd_una_, false)) return;
  snd_nxt_ = snd_sml_ = snd_una_;
  scoreboard_.clear();
}

}  // namespace sockwire::tcp
