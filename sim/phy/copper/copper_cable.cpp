// SPDX-License-Identifier: Apache-2.0
#include "sim/phy/copper/copper_cable.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>

namespace sockwire::sim {
namespace {

/// From 10 % to 90 % is this much of a linear ramp.
constexpr double kRampShare = 0.8;

/// Rounds down, for negative times too.
std::int64_t floor_div(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

}  // namespace

CopperSettings copper_10base_t() { return {}; }

CopperSettings copper_100base_tx() {
  CopperSettings settings;
  settings.sample_fs = 1'000'000;
  settings.amplitude_v = 1;
  settings.rise_ns = 4;
  return settings;
}

CopperCable::CopperCable(const CopperSettings& settings, std::uint64_t seed)
    : settings_(settings),
      response_(category5_response(static_cast<double>(settings.sample_fs) * 1e-15, settings.length_m,
                                   settings.rise_ns * 1e-9 / kRampShare)),
      // A sample's mean looks a sample ahead of what at() asks for.
      delay_fs_(std::max(2 * settings.sample_fs,
                         static_cast<std::int64_t>(settings.length_m * settings.delay_ns_per_m * 1e6))),
      jitter_reach_fs_(static_cast<std::int64_t>(3e6 * settings.jitter_ns)),
      noise_(seed),
      jitter_(seed ^ 0x9E3779B97F4A7C15ULL),
      highpass_(
          std::exp(-2 * std::numbers::pi * settings.highpass_hz * static_cast<double>(settings.sample_fs) * 1e-15)),
      output_(kHistory) {
  std::reverse_copy(response_.tap.begin(), response_.tap.end(), newest_last_.begin());
}

void CopperCable::drive(std::int64_t time_fs, double level) {
  render_samples(floor_div(time_fs - 1, settings_.sample_fs));
  const double step = (level - level_) * settings_.amplitude_v;
  level_ = level;
  if (step == 0) return;
  std::int64_t edge_fs = time_fs;
  if (jitter_reach_fs_ > 0) {
    const double moved = std::clamp(jitter_.next(), -3.0, 3.0) * settings_.jitter_ns * 1e6;
    edge_fs += jitter_reach_fs_ + static_cast<std::int64_t>(moved);
  }
  const std::int64_t before = floor_div(edge_fs, settings_.sample_fs);
  assert(before + 2 - next_ < static_cast<std::int64_t>(kEdges) && "jitter beyond what is kept of edges to come");
  const double late =
      static_cast<double>(edge_fs - before * settings_.sample_fs) / static_cast<double>(settings_.sample_fs);
  const auto at = static_cast<std::size_t>(before + 1);
  steps_[at % kEdges] += step * (1 - late);
  steps_[(at + 1) % kEdges] += step * late;
}

std::int64_t CopperCable::render(std::int64_t time_fs) {
  const std::int64_t last = floor_div(time_fs - delay_fs_, settings_.sample_fs);
  render_samples(last);
  return last;
}

double CopperCable::at(std::int64_t time_fs) {
  const std::int64_t before = floor_div(time_fs - delay_fs_, settings_.sample_fs);
  render_samples(before + 1);
  const auto since = static_cast<double>(time_fs - sample_time_fs(before));
  const double share = since / static_cast<double>(settings_.sample_fs);
  return sample(before) + share * (static_cast<double>(sample(before + 1)) - sample(before));
}

void CopperCable::render_samples(std::int64_t last) {
  for (; next_ <= last; ++next_) {
    double& step = steps_[static_cast<std::size_t>(next_) % kEdges];
    driven_ += step;
    step = 0;
    float out = filter(static_cast<float>(driven_));
    if (settings_.inverted) out = -out;
    if (!plugged_) out = 0;
    if (settings_.noise_v > 0) out += static_cast<float>(settings_.noise_v * noise_.next());
    output_[static_cast<std::size_t>(next_) & (kHistory - 1)] = out;
  }
}

float CopperCable::filter(float in) {
  if (input_at_ + 1 == input_.size()) {
    std::copy(input_.end() - kTaps, input_.end(), input_.begin());
    input_at_ = kTaps - 1;
  }
  input_[++input_at_] = in;
  const float* oldest = &input_[input_at_ - (kTaps - 1)];
  // Sums of their own, which the compiler makes vectors of without changing any result.
  constexpr std::size_t kLanes = 16;
  std::array<float, kLanes> sums{};
  for (std::size_t k = 0; k < kTaps; k += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) sums[lane] += oldest[k + lane] * newest_last_[k + lane];
  }
  double out = 0;
  for (const float sum : sums) out += static_cast<double>(sum);
  const auto leaves = static_cast<double>(oldest[-1]);
  for (std::size_t i = 0; i < tail_.size(); ++i) {
    tail_[i] = response_.pole[i] * tail_[i] + response_.gain[i] * leaves;
    out += tail_[i];
  }
  for (std::size_t i = 0; i < 2; ++i) {
    const double passed = highpass_ * (high_out_[i] + out - high_in_[i]);
    high_in_[i] = out;
    high_out_[i] = passed;
    out = passed;
  }
  return static_cast<float>(out);
}

}  // namespace sockwire::sim
