// SPDX-License-Identifier: Apache-2.0
// What a file that the far side makes must hash to.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "host/apps/pattern.hpp"
#include "host/apps/sha256.hpp"

namespace sockwire::apps {

inline std::string pattern_digest(std::uint64_t seed, std::uint64_t bytes) {
  std::vector<std::uint8_t> all(bytes);
  fill_pattern(seed, 0, all);
  Sha256 sha;
  sha.update(all);
  return sha.finish();
}

}  // namespace sockwire::apps
