// SPDX-License-Identifier: Apache-2.0
#include "sim/cosim/oscilloscope.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <complex>
#include <numbers>
#include <type_traits>

#include "sim/cosim/line_medium.hpp"
#include "sim/phy/copper/fourier.hpp"

namespace sockwire::sim {

namespace {

/// Octets of frames without end, with gaps: preamble, SFD, 1000 octets of random data, 12 of idle.
class RandomFrames {
 public:
  explicit RandomFrames(std::uint64_t seed) : random_(seed) {}

  Line<1> next() {
    constexpr int kPreamble = 8;
    constexpr int kData = 1000;
    constexpr int kGap = 12;
    at_ = (at_ + 1) % (kPreamble + kData + kGap);
    Line<1> line;
    line.valid = at_ < kPreamble + kData;
    if (line.valid) {
      line.data = at_ < kPreamble - 1 ? kPreambleByte : at_ == kPreamble - 1 ? kStartOfFrame : random_.below(256);
    }
    return line;
  }

 private:
  Random random_;
  int at_ = -1;
};

/// A port of 10BASE-T sends frames only where it hears a far end: it is its own. Others need none to send.
template <typename Code>
void hear_itself(LinePort<Code>& port, typename LinePort<Code>::Inputs& inputs) {
  if constexpr (std::is_same_v<Code, Code10BaseT>) inputs.line_rx = port.outputs().line_tx;
}

/// Until the port has its link.
template <typename Code>
void begin(LinePort<Code>& port) {
  if constexpr (std::is_same_v<Code, Code10BaseT>) {
    port.shorten_timers();
    typename LinePort<Code>::Inputs inputs;
    while (!port.outputs().status.link) {
      hear_itself(port, inputs);
      port.step(inputs);
    }
  }
}

template <typename Code>
ScopeTrace look(const LineSettings& settings, std::size_t symbols, int clocks_per_symbol, int samples_per_clock) {
  const auto port = make_native_line_port<Code>();
  const auto medium = make_medium<Code>(settings, settings.seed);
  RandomFrames frames(settings.seed);
  ScopeTrace trace;
  trace.sample_ps = static_cast<double>(Code::kClockPs) / samples_per_clock;
  trace.samples_per_symbol = clocks_per_symbol * samples_per_clock;
  trace.symbol_ps = static_cast<double>(Code::kClockPs) * clocks_per_symbol;
  trace.volts.reserve(symbols * static_cast<std::size_t>(trace.samples_per_symbol));
  constexpr std::int64_t kClockFs = static_cast<std::int64_t>(Code::kClockPs) * 1000;
  constexpr std::int64_t kBefore = 1000;  // clocks, for the line to begin
  const std::int64_t clocks = static_cast<std::int64_t>(symbols) * clocks_per_symbol;
  typename LinePort<Code>::Inputs inputs;
  begin(*port);
  for (std::int64_t clock = 0; clock < kBefore + clocks; ++clock) {
    const auto& shown = port->outputs();
    hear_itself(*port, inputs);
    medium->drive(clock * kClockFs, shown.line_tx);
    if (shown.tx_enable) inputs.mac_tx = frames.next();
    for (int i = 0; clock >= kBefore && i < samples_per_clock; ++i) {
      // Of the clock before the last, which has been driven whole, as it is at the far end.
      const std::int64_t time_fs = (clock - 2) * kClockFs + i * kClockFs / samples_per_clock;
      trace.volts.push_back(static_cast<float>(medium->volts_at(time_fs)));
    }
    port->step(inputs);
  }
  return trace;
}

/// Behind the equaliser of 100BASE-TX, symbol by symbol as the receiver's own clock has them.
ScopeTrace look_behind_equaliser(const LineSettings& settings, std::size_t symbols) {
  using Code = Code100BaseTx;
  constexpr int kSamples = 16;
  constexpr auto kSymbol = static_cast<double>(kSymbolFs);
  constexpr std::int64_t kLock = 60'000;    // clocks, by which a receiver that can has locked
  constexpr std::int64_t kSettle = 20'000;  // for the taps to follow the line
  const auto port = make_native_line_port<Code>();
  Medium100BaseTx medium(worsened(copper_100base_tx(), settings), settings.seed);
  RandomFrames frames(settings.seed);
  ScopeTrace trace;
  trace.sample_ps = static_cast<double>(Code::kClockPs) / kSamples;
  trace.samples_per_symbol = kSamples;
  trace.symbol_ps = static_cast<double>(Code::kClockPs);
  typename LinePort<Code>::Inputs inputs;
  std::int64_t tracked = 0;  // clocks
  for (std::int64_t clock = 0; trace.volts.size() < symbols * kSamples; ++clock) {
    const auto& shown = port->outputs();
    medium.drive(clock * kSymbolFs, shown.line_tx);
    if (shown.tx_enable) inputs.mac_tx = frames.next();
    port->step(inputs);
    const RecoveredLevels levels = medium.observe(clock * kSymbolFs);
    tracked = medium.receiver().tracking() ? tracked + 1 : 0;
    if (tracked == 0 && (clock > kLock || !trace.volts.empty())) return {};
    if (tracked < kSettle || levels.count == 0) continue;
    // A symbol's worth that ends half a symbol before the last sampling. Where two symbols were sampled at once, which
    // clocks that agree hardly ever do, one is left out.
    const double from_fs = medium.receiver().sampled_fs() - 1.5 * kSymbol;
    for (int i = 0; i < kSamples; ++i) {
      trace.volts.push_back(
          static_cast<float>(medium.receiver().sliced_at(medium.cable(), from_fs + i * kSymbol / kSamples)));
    }
  }
  return trace;
}

}  // namespace

ScopeTrace look_at(const LineSettings& settings, std::size_t symbols, ScopePoint point) {
  assert(settings.code == LineCode::k10BaseT || settings.code == LineCode::k100BaseTx);
  if (point == ScopePoint::kEqualiser) {
    assert(settings.code == LineCode::k100BaseTx);
    return look_behind_equaliser(settings, symbols);
  }
  return settings.code == LineCode::k10BaseT ? look<Code10BaseT>(settings, symbols, 4, 4)
                                             : look<Code100BaseTx>(settings, symbols, 1, 16);
}

std::vector<double> spectrum_db(const ScopeTrace& trace, std::size_t bins) {
  const std::size_t size = std::bit_ceil(2 * bins);
  std::vector<double> power(size / 2, 0);
  std::vector<std::complex<double>> block(size);
  for (std::size_t start = 0; start + size <= trace.volts.size(); start += size / 2) {
    for (std::size_t i = 0; i < size; ++i) {
      const double window =
          0.5 - 0.5 * std::cos(2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(size));
      block[i] = window * static_cast<double>(trace.volts[start + i]);
    }
    fourier_transform(block, -1);
    for (std::size_t i = 0; i < power.size(); ++i) power[i] += std::norm(block[i]);
  }
  const double most = std::max(*std::max_element(power.begin(), power.end()), 1e-30);
  std::vector<double> out(bins);
  for (std::size_t i = 0; i < bins; ++i) {
    const double value = power[i * power.size() / bins];
    out[i] = 10 * std::log10(std::max(value / most, 1e-12));
  }
  return out;
}

}  // namespace sockwire::sim
