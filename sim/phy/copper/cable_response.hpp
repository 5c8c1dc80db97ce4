// SPDX-License-Identifier: Apache-2.0
// How a category 5 pair answers: its insertion loss as the standards limit it, and a filter that has it.
#pragma once

#include <array>
#include <complex>
#include <vector>

namespace sockwire::sim {

/// The greatest insertion loss of a category 5 cable (TIA/EIA-568-A, ANSI X3.263 clause 11; IEEE 802.3 clause 25), in
/// dB: 1.967 sqrt(f) + 0.023 f + 0.050 / sqrt(f) for 100 m, f in MHz. It is for 1 MHz and above. Below 0.1 MHz the
/// value there is held, 0.78 dB: that is what the conductors' resistance (9.4 ohm each) costs a pair between 100 ohm
/// ends.
double category5_loss_db(double hertz, double length_m);

/// A causal filter in two parts: the first samples of its impulse response as they are, and the rest of it, which the
/// skin effect makes long and smooth, as a sum of decaying exponentials.
///
///   y[n] = sum over k < kTaps of tap[k] x[n - k]  +  sum over i of tail_i[n],
///   tail_i[n] = pole[i] tail_i[n - 1] + gain[i] x[n - kTaps]
struct CableResponse {
  static constexpr int kTaps = 64;
  static constexpr int kPoles = 7;
  std::array<float, kTaps> tap{};
  std::array<double, kPoles> pole{};
  std::array<double, kPoles> gain{};

  /// The gain at a frequency, for samples of `sample_s` seconds.
  std::complex<double> at(double hertz, double sample_s) const;
};

/// The cable behind a driver whose edges are ramps.
///
/// The loss on a grid of frequencies up to half the sample rate gives the minimum-phase response by way of the real
/// cepstrum (the logarithm of the gain, its inverse transform folded onto positive times, transformed back, and its
/// exponential); what a real cable has beyond minimum phase is delay alone. The driver's ramp is a moving average. The
/// exponentials' time constants are spaced evenly by their logarithm and their gains are the least squares fit.
///
/// sample_s: the time between samples, in seconds. length_m: 0 or more. ramp_s: how long an edge of the driver takes,
/// from its beginning to its end; the sum of the ramp and of the cable's first reaction should be well below kTaps
/// samples.
CableResponse category5_response(double sample_s, double length_m, double ramp_s);

}  // namespace sockwire::sim
