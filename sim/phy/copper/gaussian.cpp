// SPDX-License-Identifier: Apache-2.0
#include "sim/phy/copper/gaussian.hpp"

#include <cmath>
#include <numbers>

namespace sockwire::sim {
namespace {

// For 256 layers: where the tail begins. The area of a layer follows from it, and the top layer ends at 0.
constexpr double kTail = 3.6541528853610088;

double density(double x) { return std::exp(-x * x / 2); }

}  // namespace

Gaussian::Gaussian(std::uint64_t seed) : random_(seed) {
  const double tail = std::sqrt(std::numbers::pi / 2) * std::erfc(kTail / std::numbers::sqrt2);
  const double area = kTail * density(kTail) + tail;
  edge_[0] = area / density(kTail);  // the base, with the tail as if it were a rectangle
  edge_[1] = kTail;
  height_[1] = density(kTail);
  for (std::size_t i = 2; i < 256; ++i) {
    height_[i] = height_[i - 1] + area / edge_[i - 1];
    edge_[i] = std::sqrt(-2 * std::log(height_[i]));
  }
  height_[256] = 1;
}

double Gaussian::outside(std::size_t layer, double x) {
  if (layer == 0) {  // the tail
    double far = 0;
    double y = 0;
    do {
      far = -std::log1p(-random_.unit()) / kTail;
      y = -std::log1p(-random_.unit());
    } while (2 * y < far * far);
    return x < 0 ? -kTail - far : kTail + far;
  }
  const double y = height_[layer] + random_.unit() * (height_[layer + 1] - height_[layer]);
  return y < density(x) ? x : next();
}

}  // namespace sockwire::sim
