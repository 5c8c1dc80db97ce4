// SPDX-License-Identifier: Apache-2.0
#include "tests/hls/compiler/measured_circuits.hpp"

#include <algorithm>
#include <cmath>

#include "hls/compiler/driver.hpp"
#include "hls/compiler/step_timing.hpp"

namespace hlsc::test {

const std::vector<Circuit>& MeasuredCircuits::all() {
  static const std::vector<Circuit> circuits = {{"timing_sum", 230, true},
                                                {"timing_block_ram", 271, true},
                                                {"timing_ones_complement_sum", 102, true},
                                                {"timing_window_check", 148, false},
                                                {"timing_block_ram_sum", 150, false},
                                                {"timing_block_ram_choice", 113, false}};
  return circuits;
}

MeasuredCircuits::MeasuredCircuits(const std::string& source) {
  for (const Circuit& circuit : all()) {
    Options options;
    options.header = source + "/tests/hls/compiler/kernels_timing.hpp";
    options.function = circuit.function;
    options.module = circuit.function;
    options.clang_arguments = {"-I" + source};
    options.period_ns = 1000;  // one stage, but sums as they were measured: without a period they are made for area
    designs_.push_back(design_of(options));
  }
}

double MeasuredCircuits::predicted_mhz(std::size_t circuit, const DelayModel& model) {
  return 1000 / StepTiming(designs_[circuit], model).period();
}

double MeasuredCircuits::error(std::size_t circuit, const DelayModel& model) {
  return predicted_mhz(circuit, model) / all()[circuit].measured_mhz - 1;
}

double MeasuredCircuits::worst(bool fitted, const DelayModel& model) {
  double result = 0;
  for (std::size_t i = 0; i < all().size(); ++i)
    if (all()[i].fits == fitted) result = std::max(result, std::abs(error(i, model)));
  return result;
}

}  // namespace hlsc::test
