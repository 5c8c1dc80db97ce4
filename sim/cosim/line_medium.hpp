// SPDX-License-Identifier: Apache-2.0
// The medium that a line code is made for, by its settings.
#pragma once

#include <memory>
#include <type_traits>

#include "sim/cosim/coded_line.hpp"
#include "sim/phy/copper/medium_100base_tx.hpp"
#include "sim/phy/copper/medium_10base_t.hpp"
#include "sim/phy/serial_link.hpp"

namespace sockwire::sim {

inline CopperSettings worsened(CopperSettings settings, const LineSettings& line) {
  settings.length_m = line.length_m;
  settings.noise_v = line.noise_mv / 1000;
  settings.jitter_ns = line.jitter_ps / 1000;
  settings.inverted = line.swapped;
  return settings;
}

/// One direction.
template <typename Code>
std::unique_ptr<Medium<Code>> make_medium(const LineSettings& line, std::uint64_t seed) {
  if constexpr (std::is_same_v<Code, Code10BaseT>) {
    return std::make_unique<Medium10BaseT>(worsened(copper_10base_t(), line), seed);
  } else if constexpr (std::is_same_v<Code, Code100BaseTx>) {
    return std::make_unique<Medium100BaseTx>(worsened(copper_100base_tx(), line), seed);
  } else {
    SerialSettings settings;
    settings.length_m = line.length_m;
    settings.bit_error_rate = line.bit_error_rate;
    settings.burst_rate = line.burst_rate;
    settings.slip_rate = line.slip_rate;
    return std::make_unique<SerialLink<Code>>(settings, seed);
  }
}

}  // namespace sockwire::sim
