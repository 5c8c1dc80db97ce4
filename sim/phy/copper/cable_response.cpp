// SPDX-License-Identifier: Apache-2.0
#include "sim/phy/copper/cable_response.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "sim/phy/copper/fourier.hpp"

namespace sockwire::sim {
namespace {

using Complex = std::complex<double>;
constexpr std::size_t kGrid = std::size_t{1} << 15;  ///< samples of the response that is designed

/// The impulse response, kGrid samples of it.
std::vector<double> minimum_phase(double sample_s, double length_m) {
  std::vector<Complex> values(kGrid);
  for (std::size_t i = 0; i <= kGrid / 2; ++i) {
    const double hertz = static_cast<double>(i) / (sample_s * static_cast<double>(kGrid));
    values[i] = -category5_loss_db(hertz, length_m) * std::numbers::ln10 / 20;
    if (i != 0) values[kGrid - i] = values[i];
  }
  fourier_transform(values, 1);  // to the cepstrum
  for (std::size_t i = 0; i < kGrid; ++i) {
    const bool both = i == 0 || i == kGrid / 2;
    const double fold = i > kGrid / 2 ? 0 : both ? 1 : 2;
    values[i] = values[i].real() * fold / static_cast<double>(kGrid);
  }
  fourier_transform(values, -1);
  for (Complex& value : values) value = std::exp(value);
  fourier_transform(values, 1);
  std::vector<double> response(kGrid);
  for (std::size_t i = 0; i < kGrid; ++i) response[i] = values[i].real() / static_cast<double>(kGrid);
  return response;
}

/// The mean of the last `width` samples, which need not be a whole number.
std::vector<double> moving_average(const std::vector<double>& values, double width) {
  if (width <= 1) return values;
  const auto whole = static_cast<std::size_t>(width);
  const double rest = width - static_cast<double>(whole);
  std::vector<double> averages(values.size());
  for (std::size_t n = 0; n < values.size(); ++n) {
    double sum = 0;
    for (std::size_t k = 0; k < whole && k <= n; ++k) sum += values[n - k];
    if (n >= whole) sum += rest * values[n - whole];
    averages[n] = sum / width;
  }
  return averages;
}

constexpr int kPoles = CableResponse::kPoles;
using Row = std::array<double, kPoles + 1>;
using System = std::array<Row, kPoles>;

/// Gauss's elimination with pivots; the right side is the last column.
std::array<double, kPoles> solve(System system) {
  for (std::size_t column = 0; column < kPoles; ++column) {
    const auto pivot =
        std::max_element(system.begin() + static_cast<std::ptrdiff_t>(column), system.end(),
                         [&](const Row& a, const Row& b) { return std::abs(a[column]) < std::abs(b[column]); });
    std::swap(system[column], *pivot);
    for (std::size_t row = 0; row < kPoles; ++row) {
      if (row == column) continue;
      const double factor = system[row][column] / system[column][column];
      for (std::size_t i = column; i <= kPoles; ++i) system[row][i] -= factor * system[column][i];
    }
  }
  std::array<double, kPoles> solution{};
  for (std::size_t i = 0; i < kPoles; ++i) solution[i] = system[i][kPoles] / system[i][i];
  return solution;
}

void add_row(System& system, const std::array<double, kPoles>& row, double right, double weight) {
  for (std::size_t i = 0; i < kPoles; ++i) {
    for (std::size_t j = 0; j < kPoles; ++j) system[i][j] += weight * row[i] * row[j];
    system[i][kPoles] += weight * row[i] * right;
  }
}

/// The exponentials' gains. A sample counts by its age squared, since the tail falls with the power -1.5 of it, and
/// the gain at zero frequency is met as well as any.
void fit_tail(CableResponse& response, const std::vector<double>& impulse) {
  constexpr std::size_t kTaps = CableResponse::kTaps;
  constexpr double kFirst = kTaps / 2.0;
  constexpr double kLast = static_cast<double>(kGrid) / 6;
  for (std::size_t i = 0; i < kPoles; ++i) {
    const double share = static_cast<double>(i) / (kPoles - 1);
    response.pole[i] = std::exp(-1 / (kFirst * std::pow(kLast / kFirst, share)));
  }
  System system{};
  std::array<double, kPoles> row{};
  row.fill(1);
  double area = 0;
  for (std::size_t n = kTaps; n < impulse.size(); ++n) {
    add_row(system, row, impulse[n], static_cast<double>(n) * static_cast<double>(n));
    area += impulse[n];
    for (std::size_t i = 0; i < kPoles; ++i) row[i] *= response.pole[i];
  }
  for (std::size_t i = 0; i < kPoles; ++i) row[i] = 1 / (1 - response.pole[i]);
  add_row(system, row, area, 1e3);
  response.gain = solve(system);
}

}  // namespace

double category5_loss_db(double hertz, double length_m) {
  const double megahertz = std::max(hertz * 1e-6, 0.1);
  const double root = std::sqrt(megahertz);
  return (1.967 * root + 0.023 * megahertz + 0.050 / root) * length_m / 100;
}

Complex CableResponse::at(double hertz, double sample_s) const {
  const double turn = -2 * std::numbers::pi * hertz * sample_s;
  Complex sum = 0;
  for (std::size_t k = 0; k < kTaps; ++k)
    sum += static_cast<double>(tap[k]) * std::polar(1.0, turn * static_cast<double>(k));
  const Complex late = std::polar(1.0, turn * kTaps);
  for (std::size_t i = 0; i < kPoles; ++i) sum += late * gain[i] / (1.0 - pole[i] * std::polar(1.0, turn));
  return sum;
}

CableResponse category5_response(double sample_s, double length_m, double ramp_s) {
  const std::vector<double> impulse = moving_average(minimum_phase(sample_s, length_m), ramp_s / sample_s);
  CableResponse response;
  for (std::size_t k = 0; k < CableResponse::kTaps; ++k) response.tap[k] = static_cast<float>(impulse[k]);
  fit_tail(response, impulse);
  return response;
}

}  // namespace sockwire::sim
