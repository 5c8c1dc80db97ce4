// SPDX-License-Identifier: Apache-2.0
// The equalisers that a receiver of 100BASE-TX begins with: one for each of some lengths of category 5 cable.
#pragma once

#include <array>
#include <cstdint>

namespace sockwire::sim {

/// Between two symbols.
constexpr std::int64_t kSymbolFs = 8'000'000;

/// What goes over a receiver's samples, two a symbol, the latest first: 12 symbols.
struct Mlt3Equaliser {
  static constexpr std::size_t kTaps = 24;
  std::array<float, kTaps> tap{};
};

/// A receiver's front end before its equaliser: the mean over the last 4 ns.
constexpr std::int64_t kApertureFs = kSymbolFs / 2;

/// Least mean square error for MLT-3 of 1 V over `length_m` of cable with a noise of 10 mV, for waveforms of samples
/// `sample_fs` apart. Where in a symbol the samples lie is chosen with the taps.
Mlt3Equaliser mlt3_equaliser(double length_m, std::int64_t sample_fs);

}  // namespace sockwire::sim
