// SPDX-License-Identifier: Apache-2.0
// What an oscilloscope at the far end of a copper cable sees while a line port sends frames of random data.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/cosim/coded_line.hpp"

namespace sockwire::sim {

struct ScopeTrace {
  double sample_ps = 0;  ///< between two samples
  double symbol_ps = 0;  ///< of MLT-3, or half a bit of Manchester
  int samples_per_symbol = 0;
  std::vector<float> volts;  ///< begins where a symbol begins, but for the edges' own delay
};

/// A port sends `symbols` symbols. Precondition: the code is 10BASE-T or 100BASE-TX.
ScopeTrace look_at(const LineSettings& settings, std::size_t symbols);

/// Power by frequency, in dB of the strongest: `bins` values from 0 to half the sample rate. Hann windows that overlap
/// by half, averaged.
std::vector<double> spectrum_db(const ScopeTrace& trace, std::size_t bins);

}  // namespace sockwire::sim
