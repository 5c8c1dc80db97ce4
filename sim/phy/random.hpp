// SPDX-License-Identifier: Apache-2.0
// Seeded randomness for the wire. Only the engine of <random> is used: its distributions differ between libraries, and
// a seed must mean the same everywhere.
#pragma once

#include <cmath>
#include <cstdint>
#include <random>

namespace sockwire::sim {

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  /// Uniform over all 64-bit values.
  std::uint64_t next() { return engine_(); }

  /// Uniform in [0, 1), 53 bits.
  double unit() { return static_cast<double>(engine_() >> 11) * 0x1.0p-53; }

  /// True with this probability. Draws nothing for 0, so that an impairment that is off does not move the others.
  bool chance(double probability) { return probability > 0 && unit() < probability; }

  /// Uniform in [0, bound). Precondition: 0 < bound, far below 2^64 (the bias is bound / 2^64).
  std::uint64_t below(std::uint64_t bound) { return engine_() % bound; }

  /// How many trials fail before the next one of this probability succeeds (geometric distribution).
  std::uint64_t trials_until(double probability) {
    if (probability <= 0) return ~std::uint64_t{0};
    if (probability >= 1) return 0;
    const double trials = std::floor(std::log1p(-unit()) / std::log1p(-probability));
    return trials < 9e18 ? static_cast<std::uint64_t>(trials) : ~std::uint64_t{0};
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace sockwire::sim
