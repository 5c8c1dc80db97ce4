// SPDX-License-Identifier: Apache-2.0
// Many kernels through hlsc, Verilator and the native compiler at once: one run of clang reads all of them, one model
// holds all of them.
#pragma once

#include <string>
#include <vector>

#include "tests/hls/fuzz/random_kernel.hpp"

namespace sockwire::fuzz {

enum class Verdict { kEqual, kMismatch, kRefused, kInternalError, kVerilator, kYosys, kNative };

const char* name_of(Verdict verdict);

struct Outcome {
  Verdict verdict = Verdict::kEqual;
  std::string what;  ///< a tool's message, or the first difference
  int fired = 0;     ///< native steps that took effect
};

struct BatchOptions {
  std::string folder;           ///< is made; what is in it stays
  std::string mode = "cycles";  ///< or "streams"; see comparison.hpp
  int cycles = 1000;
  bool sabotage = false;  ///< a sum in each module becomes a difference
  bool yosys = false;     ///< Yosys reads each module too
  bool sanitize = false;  ///< the native side runs under UBSan
};

/// One outcome for each kernel, in their order. Throws std::runtime_error if a tool cannot be run at all.
std::vector<Outcome> run_batch(const std::vector<Kernel>& kernels, const BatchOptions& options);

}  // namespace sockwire::fuzz
