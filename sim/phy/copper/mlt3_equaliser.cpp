// SPDX-License-Identifier: Apache-2.0
#include "sim/phy/copper/mlt3_equaliser.hpp"

#include <cmath>
#include <cstdlib>
#include <numbers>
#include <vector>

#include "sim/phy/copper/cable_response.hpp"
#include "sim/phy/copper/copper_cable.hpp"

namespace sockwire::sim {

namespace {

constexpr std::size_t kTaps = Mlt3Equaliser::kTaps;
constexpr int kSymbols = 64;  // of a pulse that are looked at
constexpr double kNoiseV = 0.01;

using Row = std::array<double, kTaps>;
using Matrix = std::array<Row, kTaps>;

/// The correlation of MLT-3 of random bits: with the levels as the real part of a phasor that turns by 90 degrees at
/// every second symbol, on average, it is that of ((1 + i) / 2)^n.
double correlation(int n) { return 0.5 * std::pow(0.5, 0.5 * n) * std::cos(n * std::numbers::pi / 4); }

/// A symbol of 1 V, as the receiver's aperture shows it at each sample.
std::vector<double> pulse(double length_m, std::int64_t sample_fs) {
  const double sample_s = static_cast<double>(sample_fs) * 1e-15;
  const CableResponse response = category5_response(sample_s, length_m, copper_100base_tx().rise_ns * 1e-9 / 0.8);
  const auto held = static_cast<std::size_t>(kSymbolFs / sample_fs);
  const auto aperture = static_cast<std::size_t>(kApertureFs / sample_fs);
  std::vector<double> in(held * kSymbols);
  for (std::size_t n = 0; n < held; ++n) in[n] = 1;
  std::vector<double> out(in.size());
  std::array<double, CableResponse::kPoles> tail{};
  for (std::size_t n = 0; n < in.size(); ++n) {
    for (std::size_t k = 0; k < CableResponse::kTaps && k <= n; ++k) {
      out[n] += static_cast<double>(response.tap[k]) * in[n - k];
    }
    const double leaves = n >= CableResponse::kTaps ? in[n - CableResponse::kTaps] : 0;
    for (std::size_t i = 0; i < tail.size(); ++i) {
      tail[i] = response.pole[i] * tail[i] + response.gain[i] * leaves;
      out[n] += tail[i];
    }
  }
  std::vector<double> seen(out.size());
  for (std::size_t n = 0; n < out.size(); ++n) {
    for (std::size_t k = 0; k < aperture && k <= n; ++k) seen[n] += out[n - k] / static_cast<double>(aperture);
  }
  return seen;
}

/// Gauss with pivots on the diagonal: the matrix is positive definite.
Row solve(Matrix a, Row b) {
  for (std::size_t i = 0; i < kTaps; ++i) {
    for (std::size_t j = i + 1; j < kTaps; ++j) {
      const double factor = a[j][i] / a[i][i];
      for (std::size_t k = i; k < kTaps; ++k) a[j][k] -= factor * a[i][k];
      b[j] -= factor * b[i];
    }
  }
  for (std::size_t i = kTaps; i-- > 0;) {
    for (std::size_t k = i + 1; k < kTaps; ++k) b[i] -= a[i][k] * b[k];
    b[i] /= a[i][i];
  }
  return b;
}

struct Solution {
  Row tap{};
  double error = 1;  ///< mean square
};

/// The best taps where the equaliser's latest sample is `phase` samples into a symbol and what it says is the symbol
/// `delay` before that one.
Solution best(const std::vector<double>& pulse, std::int64_t sample_fs, int phase, int delay,
              const std::array<double, kSymbols>& correlations) {
  const auto spacing = static_cast<int>(kApertureFs / sample_fs);
  std::array<Row, kSymbols> seen{};  // of the symbol sent m symbols ago, by each tap
  for (int m = 0; m < kSymbols; ++m) {
    for (std::size_t i = 0; i < kTaps; ++i) {
      const int at = 2 * m * spacing + phase - static_cast<int>(i) * spacing;
      if (at >= 0 && at < static_cast<int>(pulse.size())) {
        seen[static_cast<std::size_t>(m)][i] = pulse[static_cast<std::size_t>(at)];
      }
    }
  }
  // Of the samples with each other, and with the symbol, by way of the symbols' own correlation.
  Matrix power{};
  Row wanted{};
  for (int m = 0; m < kSymbols; ++m) {
    Row with_symbol{};
    for (int n = 0; n < kSymbols; ++n) {
      const double r = correlations[static_cast<std::size_t>(std::abs(m - n))];
      for (std::size_t i = 0; i < kTaps; ++i) with_symbol[i] += r * seen[static_cast<std::size_t>(n)][i];
    }
    if (m == delay) wanted = with_symbol;
    for (std::size_t i = 0; i < kTaps; ++i) {
      for (std::size_t j = 0; j < kTaps; ++j) power[i][j] += seen[static_cast<std::size_t>(m)][i] * with_symbol[j];
    }
  }
  for (std::size_t i = 0; i < kTaps; ++i) power[i][i] += kNoiseV * kNoiseV / static_cast<double>(spacing);
  Solution solution;
  solution.tap = solve(power, wanted);
  solution.error = correlations[0];
  for (std::size_t i = 0; i < kTaps; ++i) solution.error -= solution.tap[i] * wanted[i];
  return solution;
}

}  // namespace

Mlt3Equaliser mlt3_equaliser(double length_m, std::int64_t sample_fs) {
  const std::vector<double> seen = pulse(length_m, sample_fs);
  constexpr int kFirstDelay = 2;
  constexpr int kLastDelay = 6;
  std::array<double, kSymbols> correlations{};
  for (int n = 0; n < kSymbols; ++n) correlations[static_cast<std::size_t>(n)] = correlation(n);
  Solution found;
  for (int delay = kFirstDelay; delay <= kLastDelay; ++delay) {
    for (int phase = 0; phase < static_cast<int>(kSymbolFs / sample_fs); phase += 2) {
      const Solution one = best(seen, sample_fs, phase, delay, correlations);
      if (one.error < found.error) found = one;
    }
  }
  Mlt3Equaliser equaliser;
  for (std::size_t i = 0; i < kTaps; ++i) equaliser.tap[i] = static_cast<float>(found.tap[i]);
  return equaliser;
}

}  // namespace sockwire::sim
