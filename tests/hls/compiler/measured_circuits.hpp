// SPDX-License-Identifier: Apache-2.0
// Circuits that were placed and routed in an open flow for the XC7A35T, speed grade -1, and what the delay model says
// of them. Some fit its two free figures; the others say how good it is.
#pragma once

#include <string>
#include <vector>

#include "hls/compiler/delay_model.hpp"
#include "hls/compiler/design.hpp"

namespace hlsc::test {

struct Circuit {
  const char* function;  // in kernels_timing.hpp
  double measured_mhz;
  bool fits;  // the model's free figures are fitted to it
};

/// What the error of the circuits that do not fit must stay under: what placement alone is worth.
constexpr double kAllowedError = 0.15;

class MeasuredCircuits {
 public:
  /// Compiles them. `source` is the top of the tree.
  explicit MeasuredCircuits(const std::string& source);

  static const std::vector<Circuit>& all();

  double predicted_mhz(std::size_t circuit, const DelayModel& model);
  /// How far the predicted frequency is from the measured one, relative to it.
  double error(std::size_t circuit, const DelayModel& model);
  /// The greatest of the circuits that fit, or of the others, without its sign.
  double worst(bool fitted, const DelayModel& model);

 private:
  std::vector<Design> designs_;
};

}  // namespace hlsc::test
