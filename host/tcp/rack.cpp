// SPDX-License-Identifier: Apache-2.0
#include "host/tcp/rack.hpp"

#include <algorithm>

namespace sockwire::tcp {

namespace {
constexpr std::uint32_t kDupThresh = 3;
constexpr std::uint8_t kPersistRecoveries = 16;
constexpr std::uint8_t kMaxMult = 64;
}  // namespace

void Rack::on_delivered(TimePoint now, const Scoreboard::Range& range, Duration min_rtt, bool echo_is_older) {
  // RFC 8985 6.2 step 3: what is acknowledged below something that was delivered already came out of order.
  if (!range.retransmitted && started_ && range.end < fack_) reordering_seen_ = true;
  if (!started_ || range.end > fack_) fack_ = range.end;
  if (range.waits) return;  // the report of its departure is still under way
  const Duration rtt = now - range.departed;
  // Step 2: the ACK may be for an earlier transmission of it.
  if (range.retransmitted && (echo_is_older || rtt < min_rtt)) return;
  const bool later = !started_ || range.departed > departed_ || (range.departed == departed_ && range.end > end_);
  rtt_ = rtt;
  if (later) {
    departed_ = range.departed;
    end_ = range.end;
  }
  started_ = true;
}

void Rack::on_dsack(SeqNum snd_una, SeqNum snd_nxt) {
  // Once a round trip.
  if (in_dsack_round_ && snd_una < dsack_round_) return;
  in_dsack_round_ = true;
  dsack_round_ = snd_nxt;
  window_mult_ = static_cast<std::uint8_t>(std::min<unsigned>(window_mult_ + 1u, kMaxMult));
  window_persist_ = kPersistRecoveries;
}

void Rack::on_recovery_end() {
  if (window_persist_ > 0 && --window_persist_ == 0) window_mult_ = 1;
}

Duration Rack::reordering_window(const Ack& ack, Duration min_rtt, Duration srtt) const {
  // Without reordering so far, three segments delivered behind a hole make it a loss, as RFC 6675 has it.
  if (!reordering_seen_ && (ack.in_recovery || ack.sacked_segments >= kDupThresh)) return Duration(0);
  return std::min(window_mult_ * min_rtt / 4, srtt);
}

TimePoint Rack::detect(const Ack& ack, Duration min_rtt, Duration srtt, Scoreboard& scoreboard) {
  TimePoint again = kNever;
  if (!started_ || scoreboard.empty()) return again;
  if (in_dsack_round_ && ack.snd_una >= dsack_round_) in_dsack_round_ = false;
  const Duration patience = rtt_ + reordering_window(ack, min_rtt, srtt);
  scoreboard.mark_lost(ack.snd_una, ack.snd_nxt, [&](const Scoreboard::Range& range) {
    if (!left_before(range)) return false;
    if (range.departed + patience <= ack.now) return true;
    again = std::min(again, range.departed + patience);
    return false;
  });
  return again;
}

}  // namespace sockwire::tcp
