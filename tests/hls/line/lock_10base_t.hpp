// SPDX-License-Identifier: Apache-2.0
// How the harness of the line codes measures the lock of 10BASE-T, whose idle line has nothing to lock to.
#pragma once

#include "tests/hls/line/line_harness.hpp"

namespace sockwire::test {

/// From the first level of a frame's preamble on, each time after another pause.
template <>
inline LockResult lock_symbols<sim::Code10BaseT>(std::uint32_t seed, int phases, std::uint64_t limit) {
  LockResult result;
  std::mt19937 random(seed);
  JoinedPorts<sim::Code10BaseT> ports;
  result.tries = phases;
  result.failures = ports.link_up() ? 0 : phases;
  const auto as_it_is = [](LineLevel&) {};
  FrameSource<1> source;
  for (int phase = 0; phase < phases && result.failures == 0; ++phase) {
    source.frame(random_frame_with_fcs(random, 100), 12);
    // Link pulses come too; a preamble is what goes on, and begins with the other polarity.
    while (ports.near().outputs().line_tx != kLevelNegative) ports.step(source, as_it_is);
    std::uint64_t symbols = 0;
    while (!ports.far().outputs().status.locked && symbols < limit) {
      ports.step(source, as_it_is);
      ++symbols;
    }
    result.failures += !ports.far().outputs().status.locked;
    result.symbols = std::max(result.symbols, symbols);
    while (!source.empty() || ports.far().outputs().status.locked) ports.step(source, as_it_is);
    for (std::uint64_t wait = 600 + random() % 1000; wait > 0; --wait) ports.step(source, as_it_is);
  }
  return result;
}

}  // namespace sockwire::test
