// SPDX-License-Identifier: Apache-2.0
#include "sim/phy/copper/fourier.hpp"

#include <numbers>
#include <utility>

namespace sockwire::sim {

void fourier_transform(std::vector<std::complex<double>>& values, int sign) {
  const std::size_t size = values.size();
  for (std::size_t i = 1, j = 0; i < size; ++i) {
    std::size_t bit = size >> 1;
    for (; (j & bit) != 0; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) std::swap(values[i], values[j]);
  }
  for (std::size_t half = 1; half < size; half *= 2) {
    const double step = sign * std::numbers::pi / static_cast<double>(half);
    for (std::size_t k = 0; k < half; ++k) {
      const std::complex<double> turn = std::polar(1.0, step * static_cast<double>(k));
      for (std::size_t i = k; i < size; i += 2 * half) {
        const std::complex<double> odd = turn * values[i + half];
        values[i + half] = values[i] - odd;
        values[i] += odd;
      }
    }
  }
}

}  // namespace sockwire::sim
