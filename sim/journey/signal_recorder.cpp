// SPDX-License-Identifier: Apache-2.0
#include "sim/journey/signal_recorder.hpp"

#include <algorithm>
#include <cstdlib>
#include <string>

namespace sockwire::journey {

namespace {

/// Symbols and samples that an end remembers: more than the longest frame that is kept has, and its way.
constexpr std::size_t kRemembered = 60'000;
/// The world's time is in whole nanoseconds: so much it may differ from the line's without a jump.
constexpr std::int64_t kJumpPs = 3000;

/// Of these a run counts as one symbol.
bool runs(const std::string& name) {
  return name == "+" || name == "-" || name == "0" || name == "/I/" || name == "idle";
}

}  // namespace

void SignalRecorder::on_clock(const sim::WatchedClock& clock) {
  if (frames_ >= kFrames && waiting_.empty()) return;
  Track& track = tracks_.at(static_cast<std::size_t>(clock.end));
  const auto now_ps = static_cast<std::int64_t>(clock.now_ns) * 1000;
  if (std::abs(now_ps - (clock.line_ps + track.offset_ps)) > kJumpPs) track.offset_ps = now_ps - clock.line_ps;
  const auto start_ps = static_cast<std::uint64_t>(clock.line_ps + track.offset_ps);
  if (!clock.name.empty()) add_symbol(track, clock, start_ps + clock.clock_ps);
  add_samples(track, clock, start_ps);
  while (!waiting_.empty() && waiting_.front().to_ps < start_ps) {
    finish(waiting_.front());
    waiting_.pop_front();
  }
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
  if (track.symbols.size() > kRemembered) track.symbols.pop_front();
}

// Two clocks ago, as volts are; one sample a clock suffices where a bit has eight of them.
void SignalRecorder::add_samples(Track& track, const sim::WatchedClock& clock, std::uint64_t start_ps) {
  const std::size_t step = octet_ps_ >= 64 * clock.clock_ps ? clock.volts.size() : 1;
  const std::uint64_t since_ps = start_ps - std::min(start_ps, 2 * clock.clock_ps);
  for (std::size_t i = 0; i < clock.volts.size(); i += step) {
    track.samples.push_back({since_ps + i * clock.clock_ps / clock.volts.size(), clock.volts[i]});
    if (track.samples.size() > kRemembered) track.samples.pop_front();
  }
}

void SignalRecorder::on_sent(const LineBurst& burst) {
  if (frames_ >= kFrames) return;
  ++frames_;
  const std::uint64_t octets = std::min<std::uint64_t>(burst.octets.size(), kOctets);
  waiting_.push_back({recorder_.recording().bursts.size() - 1, burst.end, burst.start_ps,
                      burst.start_ps + octets * octet_ps_ + lag_ps()});
}

void SignalRecorder::finish(const Waiting& frame) {
  SignalSpan span;
  span.burst = frame.burst;
  for (const LineSymbol& symbol : tracks_.at(static_cast<std::size_t>(frame.end)).symbols) {
    if (symbol.start_ps + symbol.duration_ps > frame.from_ps && symbol.start_ps < frame.to_ps) {
      span.symbols.push_back(symbol);
    }
  }
  std::uint64_t last_ps = 0;
  for (const Sample& sample : tracks_.at(static_cast<std::size_t>(1 - frame.end)).samples) {
    if (sample.time_ps < frame.from_ps || sample.time_ps >= frame.to_ps) continue;
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
