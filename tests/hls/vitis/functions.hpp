// SPDX-License-Identifier: Apache-2.0
// Digests of what the kernels' functions return for random arguments, by name; with our integers and with AMD's.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace functions {

typedef std::map<std::string, std::uint64_t> Digests;

Digests native(std::uint32_t seed, int rounds);
Digests with_ap_int(std::uint32_t seed, int rounds);

}  // namespace functions
