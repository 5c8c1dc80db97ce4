// SPDX-License-Identifier: Apache-2.0
// Normally distributed numbers, a few nanoseconds each: the ziggurat method of Marsaglia and Tsang (Journal of
// Statistical Software 5/8, 2000), with 256 layers whose table is worked out here.
#pragma once

#include <array>
#include <cstdint>

#include "sim/phy/random.hpp"

namespace sockwire::sim {

class Gaussian {
 public:
  explicit Gaussian(std::uint64_t seed);

  /// Mean 0, standard deviation 1.
  double next() {
    const std::uint64_t bits = random_.next();
    const std::size_t layer = bits & 0xFF;
    const double x = static_cast<double>(static_cast<std::int64_t>(bits) >> 11) * 0x1.0p-52 * edge_[layer];
    if (x < edge_[layer + 1] && -x < edge_[layer + 1]) return x;
    return outside(layer, x);
  }

 private:
  double outside(std::size_t layer, double x);

  Random random_;
  std::array<double, 257> edge_{};    ///< right ends of the layers, the base first
  std::array<double, 257> height_{};  ///< the density there, without its constant factor
};

}  // namespace sockwire::sim
