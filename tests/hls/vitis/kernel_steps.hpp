// SPDX-License-Identifier: Apache-2.0
// Steps of a kernel under random inputs, natively and as a top of Vitis HLS.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace steps {

struct Step {
  bool fired = false;       ///< natively; a step that did not is one that waits in hardware
  std::uint64_t shown = 0;  ///< a digest of everything that came out
};

/// `kernel` is named as its RTL module; nothing if there is none of that name.
std::vector<Step> native(const std::string& kernel, std::uint32_t seed, int count);
/// The same steps of the tops in hls/top/vitis_tops.cpp: those that fired natively. Once in a process: state is static.
std::vector<Step> vitis_w1(const std::string& kernel, std::uint32_t seed, const std::vector<Step>& natively);
std::vector<Step> vitis_w8(const std::string& kernel, std::uint32_t seed, const std::vector<Step>& natively);

}  // namespace steps
