// SPDX-License-Identifier: Apache-2.0
// Rubbish, and frames that were damaged, into either end of the serial link; then how long it takes until good frames
// are taken again.
#pragma once

#include <cstdint>
#include <string>

namespace sockwire::bench {

struct FuzzResult {
  std::uint64_t bytes = 0;             ///< into each end
  std::uint64_t rounds = 0;            ///< of rubbish, each followed by good frames
  std::uint64_t resync_bytes_max = 0;  ///< good bytes until the first frame that was taken, the worse end
  std::string failure;                 ///< empty if neither end ever hung
};

FuzzResult fuzz_link(std::uint64_t seed, std::uint64_t bytes);

}  // namespace sockwire::bench
