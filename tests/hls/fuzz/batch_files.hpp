// SPDX-License-Identifier: Apache-2.0
// What is written for a batch: the header that hlsc and the native compiler read, the module around all kernels, and
// the C++ that gives both sides the same shape.
#pragma once

#include <string>
#include <vector>

#include "tests/hls/fuzz/random_kernel.hpp"

namespace sockwire::fuzz {

/// A kernel's ports in the module that hlsc made, and their places in the packed words of the batch's top module.
struct Connections {
  struct Line {
    int input = 0;
    int output = 0;
    bool present = true;  ///< hlsc leaves out what no step uses
  };
  const Kernel* kernel = nullptr;
  std::vector<Line> lines;  ///< one for each port
  int inputs = 0;           ///< bits
  int outputs = 0;
  bool by_streams = false;  ///< see comparison.hpp
};

Connections connect(const Kernel& kernel, const std::string& module_text);

std::string kernels_header(const std::vector<const Kernel*>& kernels);
std::string top_module(const std::vector<Connections>& kernels);
std::string native_side(const std::vector<Connections>& kernels);
std::string model_side(const std::vector<const Kernel*>& kernels, const std::string& model_folder);

}  // namespace sockwire::fuzz
