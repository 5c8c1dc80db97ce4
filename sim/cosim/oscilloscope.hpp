// SPDX-License-Identifier: Apache-2.0
// What an oscilloscope sees at the far end of a copper cable, or behind the equaliser there, while a line port sends
// frames of random data.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/cosim/coded_line.hpp"

namespace sockwire::sim {

/// Where it is connected.
enum class ScopePoint : std::uint8_t {
  kReceiver,  ///< at the end of the cable
  kEqualiser  ///< of 100BASE-TX: where the slicer decides
};

struct ScopeTrace {
  double sample_ps = 0;  ///< between two samples
  double symbol_ps = 0;  ///< of MLT-3, or half a bit of Manchester
  int samples_per_symbol = 0;
  /// At the receiver it begins where a symbol begins, but for the edges' own delay. Behind the equaliser it is in units
  /// of a level, and begins half a symbol before one is sampled: decisions are in the middle.
  std::vector<float> volts;
};

/// A port sends `symbols` symbols. Precondition: the code is 10BASE-T or 100BASE-TX; behind the equaliser it is
/// 100BASE-TX. There the trace is empty if the receiver cannot make out the signal.
ScopeTrace look_at(const LineSettings& settings, std::size_t symbols, ScopePoint point = ScopePoint::kReceiver);

/// Power by frequency, in dB of the strongest: `bins` values from 0 to half the sample rate. Hann windows that overlap
/// by half, averaged.
std::vector<double> spectrum_db(const ScopeTrace& trace, std::size_t bins);

}  // namespace sockwire::sim
