// SPDX-License-Identifier: Apache-2.0
#include "sim/journey/signal_recorder.hpp"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "hls/wire/tcp.hpp"
#include "sim/journey/packets.hpp"

namespace sockwire::journey {

namespace {

/// The world's time is in whole nanoseconds: so much it may differ from the line's without a jump.
constexpr std::int64_t kJumpPs = 3000;

/// Of these a run counts as one symbol.
bool runs(const std::string& name) {
  return name == "+" || name == "-" || name == "0" || name == "/I/" || name == "idle";
}

}  // namespace

void SignalRecorder::on_clock(const sim::WatchedClock& clock) {
  Track& track = tracks_.at(static_cast<std::size_t>(clock.end));
  const auto now_ps = static_cast<std::int64_t>(clock.now_ns) * 1000;
  if (std::abs(now_ps - (clock.line_ps + track.offset_ps)) > kJumpPs) track.offset_ps = now_ps - clock.line_ps;
  const auto start_ps = static_cast<std::uint64_t>(clock.line_ps + track.offset_ps);
  if (!clock.name.empty()) add_symbol(track, clock, start_ps + clock.clock_ps);
  add_samples(track, clock, start_ps);
  while (!waiting_.empty() && waiting_.front().until_ps < start_ps) {
    finish(waiting_.front());
    waiting_.pop_front();
  }
  const std::uint64_t oldest_ps = start_ps - std::min(start_ps, remembered_ps());
  while (!track.symbols.empty() && track.symbols.front().start_ps < oldest_ps) track.symbols.pop_front();
  while (!track.samples.empty() && track.samples.front().time_ps < oldest_ps) track.samples.pop_front();
}

void SignalRecorder::add_symbol(Track& track, const sim::WatchedClock& clock, std::uint64_t end_ps) {
  const std::uint64_t lasts = static_cast<std::uint64_t>(clock.clocks) * clock.clock_ps;
  const std::uint64_t start_ps = end_ps - std::min(end_ps, lasts);
  if (!track.symbols.empty() && clock.clocks == 1 && runs(clock.name) && track.symbols.back().name == clock.name &&
      start_ps <= track.symbols.back().start_ps + track.symbols.back().duration_ps + clock.clock_ps / 2) {
    track.symbols.back().duration_ps = end_ps - track.symbols.back().start_ps;
    return;
  }
  track.symbols.push_back({start_ps, lasts, clock.name});
}

// Two clocks ago, as volts are; one sample a clock suffices where a bit has eight of them.
void SignalRecorder::add_samples(Track& track, const sim::WatchedClock& clock, std::uint64_t start_ps) {
  const std::size_t step = octet_ps_ >= 64 * clock.clock_ps ? clock.volts.size() : 1;
  const std::uint64_t since_ps = start_ps - std::min(start_ps, 2 * clock.clock_ps);
  for (std::size_t i = 0; i < clock.volts.size(); i += step) {
    track.samples.push_back({since_ps + i * clock.clock_ps / clock.volts.size(), clock.volts[i]});
  }
}

void SignalRecorder::on_sent(const LineBurst& burst) {
  const std::uint64_t end_ps = burst.start_ps + burst.octets.size() * octet_ps_;
  waiting_.push_back({recorder_.recording().bursts.size() - 1, reason_of(burst), end_ps + 2 * lag_ps()});
}

SignalReason SignalRecorder::reason_of(const LineBurst& burst) {
  const Headers headers = read_headers(frame_of(burst));
  const bool first = ++frames_ <= SignalLimits::kFirstFrames;
  SignalReason reason = first ? SignalReason::kFirst : SignalReason::kNone;
  if (!headers.tcp || headers.length() == 0) return reason;
  const Way way{burst.end, headers.source_port, headers.destination_port};
  const auto [highest, fresh] = highest_.emplace(way, headers.seq_end());
  const bool again = !fresh && headers.seq_end() <= highest->second;
  if (headers.seq_end() > highest->second) highest->second = headers.seq_end();
  if (headers.has(wire::kTcpSyn | wire::kTcpFin | wire::kTcpRst)) return SignalReason::kOpenClose;
  return again ? SignalReason::kAgain : reason;
}

const LineBurst* SignalRecorder::arrival_of(const LineBurst& burst) const {
  const std::vector<LineBurst>& bursts = recorder_.recording().bursts;
  const LineBurst* earliest = nullptr;
  for (auto other = bursts.rbegin(); other != bursts.rend() && other->end_ns >= burst.start_ns; ++other) {
    if (other->end == burst.end || other->from_card || other->start_ps <= burst.start_ps) continue;
    if (std::ranges::equal(after_start(*other), after_start(burst))) return &*other;
    earliest = &*other;
  }
  return earliest;
}

// Packets are numbered by when their last octet leaves (find_packets()). Bursts are recorded when the line is seen to
// be idle again, which may be an octet later at one end than at the other: only the latest ones can be out of order.
void SignalRecorder::tell(std::size_t index) const {
  const std::vector<LineBurst>& bursts = recorder_.recording().bursts;
  const LineBurst& burst = bursts[index];
  constexpr std::size_t kLatest = 64;
  std::size_t number = frames_;
  for (std::size_t i = bursts.size() - std::min(bursts.size(), kLatest); i < bursts.size(); ++i) {
    const LineBurst& other = bursts[i];
    const bool later = std::make_pair(other.end_ns, other.end) > std::make_pair(burst.end_ns, burst.end);
    if (other.from_card && later) --number;
  }
  const Headers headers = read_headers(frame_of(burst));
  const std::string what = headers.tcp   ? flag_names(headers.flags)
                           : headers.udp ? "UDP"
                           : headers.arp ? "ARP"
                                         : "frame";
  listener_("#" + std::to_string(number) + " " + what + ", " + std::to_string(headers.payload_bytes) + " bytes, left " +
            (burst.end == 0 ? "A" : "B") + " at " + std::to_string(burst.end_ns) + " ns");
}

void SignalRecorder::finish(const Waiting& frame) {
  if (listener_) tell(frame.burst);
  const LineBurst& burst = recorder_.recording().bursts[frame.burst];
  const LineBurst* const arrival = arrival_of(burst);
  const bool whole = arrival != nullptr && std::ranges::equal(after_start(*arrival), after_start(burst));
  const SignalReason reason = whole ? frame.reason : SignalReason::kDamaged;
  if (reason == SignalReason::kNone) return;
  if (frames_ > SignalLimits::kFirstFrames && reason != SignalReason::kFirst) {
    constexpr std::size_t kOthers = SignalLimits::kLaterFrames - SignalLimits::kClosingFrames;
    if (kept_later_ >= (reason == SignalReason::kOpenClose ? SignalLimits::kLaterFrames : kOthers)) return;
    ++kept_later_;
  }
  const std::size_t octets = burst.octets.size();
  if (octets <= SignalLimits::kHeadOctets + SignalLimits::kTailOctets) {
    keep(frame.burst, reason, 0, octets);
    return;
  }
  const std::size_t tail = octets - SignalLimits::kTailOctets;
  keep(frame.burst, reason, 0, SignalLimits::kHeadOctets);
  if (arrival != nullptr && !whole) {
    const std::size_t changed = damage_of(burst, *arrival).first_octet;
    const std::size_t from =
        std::max(changed - std::min(changed, SignalLimits::kAroundOctets), SignalLimits::kHeadOctets);
    const std::size_t to = std::min(changed + SignalLimits::kAroundOctets, tail);
    if (from < to) keep(frame.burst, reason, from, to);
  }
  keep(frame.burst, reason, tail, octets);
}

void SignalRecorder::keep(std::size_t index, SignalReason reason, std::size_t first_octet, std::size_t end_octet) {
  const LineBurst& burst = recorder_.recording().bursts[index];
  const std::uint64_t from_ps = burst.start_ps + first_octet * octet_ps_;
  const std::uint64_t to_ps = burst.start_ps + end_octet * octet_ps_ + lag_ps();
  SignalSpan span;
  span.burst = index;
  span.reason = reason;
  const auto end = static_cast<std::size_t>(burst.end);
  for (const LineSymbol& symbol : tracks_.at(end).symbols) {
    if (symbol.start_ps + symbol.duration_ps > from_ps && symbol.start_ps < to_ps) span.symbols.push_back(symbol);
  }
  std::uint64_t last_ps = 0;
  for (const Sample& sample : tracks_.at(1 - end).samples) {
    if (sample.time_ps < from_ps || sample.time_ps >= to_ps) continue;
    if (span.samples_volts.empty()) span.samples_start_ps = sample.time_ps;
    span.samples_volts.push_back(sample.volts);
    last_ps = sample.time_ps;
  }
  const std::size_t count = span.samples_volts.size();
  if (count > 1) span.sample_ps = (last_ps - span.samples_start_ps) / (count - 1);
  const auto silent = [](float volts) { return volts == 0; };
  if (std::all_of(span.samples_volts.begin(), span.samples_volts.end(), silent)) span.samples_volts.clear();
  recorder_.recording().signal.spans.push_back(std::move(span));
}

}  // namespace sockwire::journey
