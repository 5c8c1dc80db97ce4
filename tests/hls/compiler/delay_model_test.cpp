// SPDX-License-Identifier: Apache-2.0
// The delay model against circuits that were placed and routed. The measured figures are those of an open flow
// for the XC7A35T, speed grade -1.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <string>
#include <vector>

#include "hls/compiler/delay_model.hpp"
#include "hls/compiler/driver.hpp"
#include "hls/compiler/step_timing.hpp"

namespace {

struct Circuit {
  const char* function;
  double measured_mhz;
  bool fits;  // the model's free figures are fitted to it
};

constexpr Circuit kCircuits[] = {{"timing_sum", 230, true},
                                 {"timing_block_ram", 271, true},
                                 {"timing_ones_complement_sum", 102, true},
                                 {"timing_window_check", 148, false},
                                 {"timing_block_ram_sum", 150, false},
                                 {"timing_block_ram_choice", 113, false}};

std::vector<hlsc::Design>& designs() {
  static std::vector<hlsc::Design> compiled;
  if (!compiled.empty()) return compiled;
  for (const Circuit& circuit : kCircuits) {
    hlsc::Options options;
    options.header = "tests/hls/compiler/kernels_timing.hpp";
    options.function = circuit.function;
    options.module = circuit.function;
    options.clang_arguments = {"-I" SOURCE_DIR};
    options.period_ns = 1000;  // one stage, but sums as they were measured: without a period they are made for area
    compiled.push_back(hlsc::design_of(options));
  }
  return compiled;
}

/// How far the predicted period is from the measured one, relative to it.
double error(std::size_t circuit, const hlsc::DelayModel& model) {
  const double measured = 1000 / kCircuits[circuit].measured_mhz;
  return hlsc::StepTiming(designs()[circuit], model).period() / measured - 1;
}

double worst(bool fitted, const hlsc::DelayModel& model) {
  double result = 0;
  for (std::size_t i = 0; i < std::size(kCircuits); ++i)
    if (kCircuits[i].fits == fitted) result = std::max(result, std::abs(error(i, model)));
  return result;
}

/// The pair of figures, to a twentieth of a nanosecond, with the smallest greatest error on the circuits to fit; of
/// equals, the one with the smallest sum of squares.
hlsc::DelayModel fitted() {
  hlsc::DelayModel best;
  double best_worst = 1e9;
  double best_squares = 1e9;
  for (int from_register = 10; from_register <= 60; ++from_register)
    for (int net = 4; net <= 40; ++net) {
      hlsc::DelayModel model;
      model.net_from_register = from_register * 0.05;
      model.net = net * 0.05;
      const double greatest = worst(true, model);
      double squares = 0;
      for (std::size_t i = 0; i < std::size(kCircuits); ++i)
        if (kCircuits[i].fits) squares += std::pow(error(i, model), 2);
      if (greatest > best_worst + 1e-9 || (greatest > best_worst - 1e-9 && squares >= best_squares)) continue;
      best = model;
      best_worst = greatest;
      best_squares = squares;
    }
  return best;
}

}  // namespace

TEST(DelayModel, ItsNetsAreTheFittedOnes) {
  const hlsc::DelayModel model = fitted();
  EXPECT_NEAR(model.net_from_register, hlsc::kArtix7Grade1.net_from_register, 1e-6);
  EXPECT_NEAR(model.net, hlsc::kArtix7Grade1.net, 1e-6);
}

TEST(DelayModel, PredictsCircuitsThatItWasNotFittedTo) {
  for (std::size_t i = 0; i < std::size(kCircuits); ++i)
    std::printf("%-28s %6.1f MHz measured, %6.1f predicted (%+.1f %%)%s\n", kCircuits[i].function,
                kCircuits[i].measured_mhz, 1000 / hlsc::StepTiming(designs()[i], hlsc::kArtix7Grade1).period(),
                -100 * error(i, hlsc::kArtix7Grade1) / (1 + error(i, hlsc::kArtix7Grade1)),
                kCircuits[i].fits ? ", fitted" : "");
  EXPECT_LT(worst(false, hlsc::kArtix7Grade1), 0.15);
}
