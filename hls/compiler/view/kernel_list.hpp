// SPDX-License-Identifier: Apache-2.0
// The kernels that the build makes modules of, as CMake lists them.
#pragma once

#include <istream>
#include <string>
#include <vector>

#include "hls/compiler/front_end.hpp"

namespace hlsc {

/// What it takes to compile one.
struct ListedKernel {
  Options options;
  bool is_test = false;
};

/// Lines "module|header|function|period|port=depth port=depth|TEST". Throws std::runtime_error at another.
std::vector<ListedKernel> read_kernel_list(std::istream& list);

/// Names of the list that somebody may have meant, the nearest first, at most three.
std::vector<std::string> near_names(const std::vector<ListedKernel>& kernels, const std::string& name);

}  // namespace hlsc
