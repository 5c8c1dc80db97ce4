// SPDX-License-Identifier: Apache-2.0
// The delay model against circuits that were placed and routed.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>

#include "tests/hls/compiler/measured_circuits.hpp"

namespace hlsc::test {
namespace {

MeasuredCircuits& circuits() {
  static MeasuredCircuits compiled(SOURCE_DIR);
  return compiled;
}

double squares(const DelayModel& model) {
  double sum = 0;
  for (std::size_t i = 0; i < MeasuredCircuits::all().size(); ++i)
    if (MeasuredCircuits::all()[i].fits) sum += std::pow(circuits().error(i, model), 2);
  return sum;
}

/// The pair of figures, to a twentieth of a nanosecond, with the smallest greatest error on the circuits to fit; of
/// equals, the one with the smallest sum of squares.
DelayModel fitted() {
  DelayModel best;
  double best_worst = 1e9;
  double best_squares = 1e9;
  for (int from_register = 10; from_register <= 60; ++from_register)
    for (int net = 4; net <= 40; ++net) {
      DelayModel model;
      model.net_from_register = from_register * 0.05;
      model.net = net * 0.05;
      const double greatest = circuits().worst(true, model);
      const double sum = squares(model);
      if (greatest > best_worst + 1e-9 || (greatest > best_worst - 1e-9 && sum >= best_squares)) continue;
      best = model;
      best_worst = greatest;
      best_squares = sum;
    }
  return best;
}

}  // namespace

TEST(DelayModel, ItsNetsAreTheFittedOnes) {
  const DelayModel model = fitted();
  EXPECT_NEAR(model.net_from_register, kArtix7Grade1.net_from_register, 1e-6);
  EXPECT_NEAR(model.net, kArtix7Grade1.net, 1e-6);
}

TEST(DelayModel, PredictsCircuitsThatItWasNotFittedTo) {
  for (std::size_t i = 0; i < MeasuredCircuits::all().size(); ++i) {
    const Circuit& circuit = MeasuredCircuits::all()[i];
    const double predicted = circuits().predicted_mhz(i, kArtix7Grade1);
    std::printf("%-28s %6.1f MHz measured, %6.1f predicted (%+.1f %%)%s\n", circuit.function, circuit.measured_mhz,
                predicted, 100 * (predicted / circuit.measured_mhz - 1), circuit.fits ? ", fitted" : "");
  }
  EXPECT_LT(circuits().worst(false, kArtix7Grade1), kAllowedError);
}

}  // namespace hlsc::test
